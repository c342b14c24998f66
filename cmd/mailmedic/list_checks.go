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

// listChecks says what check looks for.
func (p *program) listChecks(c *cli.Context) error {
	if err := p.onlyLists(c, "list-checks", "--list-checks"); err != nil {
		return err
	}
	o, err := p.openOutput(c)
	defer o.discard()
	if err == nil {
		err = o.plainly("--list-checks")
	}
	if err != nil {
		return err
	}
	rows := p.allChecks()
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s  %-5s  %-10s  %s\n", r.Code, r.Kind, r.Where, r.Title)
	}
	return o.write(p.io, func(format string, s stream) ([]byte, error) {
		if format == "json" {
			return encoded(rows)
		}
		return []byte(fold(b.String(), s.width)), nil
	})
}

// onlyLists makes sure that a line which asks for a list asks for nothing else: whoever names
// an account beside it believes that it is tested. What is wrong in the rest is wrong here too.
func (p *program) onlyLists(c *cli.Context, flag, shown string) error {
	if c.NArg() > 0 {
		return usage("Leave the address out.", "%s tests nothing.", shown)
	}
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		if !c.IsSet(name) || name == flag || category(f) == groupReport || slices.Contains([]string{"no-input", "no-memory"}, name) {
			continue
		}
		return usage("Leave one of them out.", "%s tests nothing, so --%s does not go with it.", shown, name)
	}
	if _, err := p.reportOptions(c); err != nil {
		return err
	}
	_, err := p.howToTell(c)
	return err
}

// allChecks lists all codes in their order. One that a check and a cause give stands there
// once, as the cause.
func (p *program) allChecks() []looked {
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
	return rows
}
