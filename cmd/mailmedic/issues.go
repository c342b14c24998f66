package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/pages"
	"mailmedic/checks/say"
	"mailmedic/probe/profile"
	"mailmedic/report"
	"mailmedic/report/messages"
)

func issuesFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "json", Usage: "print JSON"},
	}
}

// issue is one row of the list of known issues.
type issue struct {
	Code   string `json:"code"`
	Title  string `json:"title"`
	Notice string `json:"notice"` // what somebody sees who has it
	Cause  string `json:"cause"`  // what it usually comes from
}

// mostFound is how many issues fit a search: who has to read more has not found it.
const mostFound = 10

// issues lists what is known to go wrong, or the part that fits the words, best first.
func (p *program) issues(c *cli.Context) error {
	words := strings.Join(c.Args().Slice(), " ")
	library := p.library()
	list, err := library.All()
	if err != nil {
		return err
	}
	all, err := p.knownTo(list, "")
	if err != nil {
		return err
	}
	found := all
	if words != "" {
		if found, err = p.knownTo(library.Search(words), words); err != nil {
			return err
		}
		found = found[:min(len(found), mostFound)]
	}
	if c.Bool("json") {
		return p.printJSON(found)
	}
	return p.io.say(issueTable(p.speak, found, len(all), p.io.columns(p.io.out)))
}

// library is the pages in the user's language.
func (p *program) library() pages.Library { return pages.In(string(p.speak.Language())) }

// knownTo joins pages with the issues that the built-in providers' own pages list, as
// far as their words fit. An issue whose code has a page stands there once.
func (p *program) knownTo(list []pages.Page, words string) ([]issue, error) {
	library := p.library()
	rows := []issue{}
	for _, page := range list {
		rows = append(rows, issue{page.Code, page.Title, page.Notice, page.Cause})
	}
	for _, name := range profile.BuiltIn() {
		provider, err := profile.Load(name)
		if err != nil {
			return nil, profileFailure(err)
		}
		for _, known := range provider.Issues {
			if !mentions(library, known, words) || slices.ContainsFunc(rows, func(r issue) bool { return r.Code == known.Code }) {
				continue
			}
			rows = append(rows, p.ofProvider(known, provider.Title))
		}
	}
	return rows, nil
}

// ofProvider makes a row of a provider's issue: from the code's page if it has one.
func (p *program) ofProvider(known profile.Issue, provider string) issue {
	if page, ok := p.library().Find(known.Code); ok {
		return issue{page.Code, page.Title, page.Notice, page.Cause}
	}
	return issue{known.Code, p.speak.Recorded(known.Title), p.speak.Recorded(known.Title), p.speak.Say("known to %s", provider)}
}

// mentions tells whether every telling word stands somewhere in a provider's issue. It
// holds where there are no words at all.
func mentions(library pages.Library, known profile.Issue, words string) bool {
	text := library.Telling(strings.Join(append([]string{known.Code, known.Title, known.Text}, known.Apps...), " "))
	telling := library.Telling(words)
	for _, word := range telling {
		if !slices.Contains(text, word) {
			return false
		}
	}
	return words == "" || len(telling) > 0
}

// issueTable prints the rows in three columns, or one below the other where the
// screen is too narrow for that.
func issueTable(speak *messages.Speaker, rows []issue, total, width int) string {
	const narrow = 60
	var b bytes.Buffer
	first, second := (width-9)*11/20, (width-9)*9/20
	switch {
	case len(rows) == 0:
		b.WriteString(speak.Say("Nothing in the list fits these words. Try fewer or other ones.") + "\n")
	case width < narrow:
		for _, r := range rows {
			fmt.Fprintf(&b, "%s\n", strings.Join(report.Wrap(r.Code+" "+r.Notice+": "+r.Cause, width), "\n"))
		}
	default:
		tableRow(&b, first, second, speak.Say("CODE"), speak.Say("WHAT YOU NOTICE"), speak.Say("USUAL CAUSE"))
		for _, r := range rows {
			tableRow(&b, first, second, r.Code, r.Notice, r.Cause)
		}
	}
	fmt.Fprintf(&b, "\n%s\n", speak.Say("%d of %d known issues, list of %s. More:  mailmedic explain CODE", len(rows), total, day(knownIssues)))
	return b.String()
}

func tableRow(b *bytes.Buffer, first, second int, code, notice, cause string) {
	left, right := report.Wrap(notice, first), report.Wrap(cause, second)
	for i := range max(len(left), len(right)) {
		line := fmt.Sprintf("%-5s  %-*s  %s", code, first, at(left, i), at(right, i))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
		code = ""
	}
}

// at is the element of a list, or nothing behind its end.
func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// day writes a date of the form 2006-01-02 as people do.
func day(date string) say.Text {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return say.Verbatim(date)
	}
	return say.Day(d)
}
