package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/checks/pages"
)

// looked is one row of check --list-checks.
type looked struct {
	Code  string `json:"code"`
	Kind  string `json:"kind"`  // check, or cause where it joins what checks have found
	Where string `json:"where"` // the step of a check, the place of a cause
	Title string `json:"title"`
}

// listChecks says what check looks for. A code that a check and a cause give stands there
// once, as the cause.
func (p *program) listChecks(c *cli.Context) error {
	if c.NArg() > 0 {
		return usage("Leave the address out.", "--list-checks tests nothing.")
	}
	library := pages.In(string(p.speak.Language()))
	rows := []looked{}
	add := func(code checks.Code, kind, where string) {
		if slices.ContainsFunc(rows, func(r looked) bool { return r.Code == string(code) }) {
			return
		}
		page, _ := library.Find(string(code))
		rows = append(rows, looked{string(code), kind, where, page.Title})
	}
	for _, one := range cause.All() {
		add(one.Code, "cause", string(one.Where))
	}
	for _, one := range checks.All() {
		add(one.Code, "check", string(one.Stage))
	}
	add("MM001", "check", string(checks.StageRun))
	slices.SortFunc(rows, func(a, b looked) int { return strings.Compare(a.Code, b.Code) })
	if c.Bool("json") || c.String("format") == "json" {
		return p.printJSON(rows)
	}
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s  %-5s  %-10s  %s\n", r.Code, r.Kind, r.Where, r.Title)
	}
	return p.io.say(b.String())
}
