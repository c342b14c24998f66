package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/report"
)

const manAbout = `mailmedic tries every way to the mail server at once: names, connections, greetings, encryption, certificates, the form of the login name, the login and the folders. It names one cause for what does not work, with the evidence for it, and says what to change.

Nothing is changed: no message is sent, stored or marked. A password leaves this computer only over a connection whose certificate was verified.

Flags may stand before or behind the arguments of their command, and a lone -- ends them. An argument or value of - is standard input or output where it says so.`

const manExamples = `Test everything that needs no password:
  mailmedic check you@example.net --no-login

Test everything; the password is asked for:
  mailmedic check you@example.net

Say what does not work, and what the mail app is set to:
  mailmedic check you@example.net --symptom send --app-port smtp:25

Check from a script:
  mailmedic check you@example.net --password-file ~/.mailpw --json

Read what a code in a report means:
  mailmedic explain MM303

See a report without any account:
  mailmedic demo port-25-blocked`

const manFiles = `  $XDG_STATE_HOME/mailmedic/runs.json  when earlier runs were, whether a port answered and how many logins were rejected; no name and no address. Without the variable, it is below ~/.local/state.
  $XDG_STATE_HOME/mailmedic/rejections.txt  when logins were rejected, so that runs together do not get an account locked; a word stands for each account, from which its name cannot be read. A .lock is beside it.

  $XDG_STATE_HOME/mailmedic/cron/*.json  what check --cron told last, in a file for each account and set of flags, and a .lock beside it; no name and no address.

--no-memory leaves the first two out.

Settings of mail apps are read where the apps keep them, if --client or the command client asks for it. A provider that is not built in is a file, which --provider names.`

// manual prints the manual page of mailmedic.
func (p *program) manual(c *cli.Context) error {
	if c.NArg() > 0 {
		return surplus(c.Command.Name)
	}
	return p.io.print([]byte(manPage(p.app.Commands, madeAt())))
}

// manPage writes the page in the macros of man(7), from the texts that help prints. It is
// in English whoever makes it: packagers do, for all their users.
func manPage(commands []*cli.Command, made time.Time) string {
	var r roff
	// A date is read, not shown: it must have plain hyphens.
	fmt.Fprintf(&r.b, ".TH MAILMEDIC 1 %s \"mailmedic %s\" \"User Commands\"\n", made.UTC().Format(time.DateOnly), escaped(version))
	// groff would break --password-file inside, and stretch lines over the width.
	r.macro("nh")
	r.macro("ad", "l")
	r.macro("SH", "NAME")
	r.text("mailmedic - find out why mail does not work")
	r.macro("SH", "SYNOPSIS")
	for i, c := range commands {
		if i > 0 {
			r.macro("br")
		}
		r.synopsis(c)
	}
	r.macro("SH", "DESCRIPTION")
	r.paragraphs(manAbout)
	r.macro("SH", "EXAMPLES")
	r.paragraphs(manExamples)
	r.macro("SH", "COMMANDS")
	for _, c := range commands {
		r.command(c)
	}
	r.macro("SH", "ACCOUNTS")
	r.paragraphs(accountsHelp)
	r.macro("SH", "AGAIN AND AGAIN")
	r.paragraphs(cronHelp)
	r.macro("PP")
	r.paragraphs(everyHelp)
	r.macro("SH", "FORMATS")
	r.paragraphs(formatsHelp)
	r.macro("SH", "PRIVACY")
	r.paragraphs(privacyHelp)
	r.macro("SH", "EXIT STATUS")
	r.text(exitIntro.String())
	for _, e := range ends() {
		r.item(fmt.Sprint(e.code), "", e.name+": "+e.when.String())
	}
	r.macro("PP")
	r.text(exitNote.String())
	r.macro("SH", "ENVIRONMENT")
	r.paragraphs(environment)
	r.macro("SH", "FILES")
	r.paragraphs(manFiles)
	r.macro("SH", "SEE ALSO")
	r.text("mailmedic help json-schema prints the schema of the JSON, and mailmedic explain --list all codes.")
	r.macro("PP")
	r.text("dig(1), openssl(1) and curl(1) confirm a finding by hand; each code says how.")
	return r.b.String()
}

// roff is a page that is being written. No line of it is left to what a text contains.
type roff struct{ b strings.Builder }

// sourceWidth keeps lines short enough for mail and for groff, before their escapes.
const sourceWidth = 72

func (r *roff) macro(name string, arguments ...string) {
	r.b.WriteString("." + name)
	for _, a := range arguments {
		a = escaped(a)
		if strings.Contains(a, " ") {
			a = `"` + a + `"`
		}
		r.b.WriteString(" " + a)
	}
	r.b.WriteString("\n")
}

// text is filled: where its lines break is up to the reader's screen.
func (r *roff) text(text string) {
	for _, line := range report.Wrap(text, sourceWidth) {
		r.b.WriteString(escaped(line) + "\n")
	}
}

// item is a name with its explanation beside or below it.
func (r *roff) item(name, value, text string) {
	r.macro("TP")
	line := `\fB` + escaped(name) + `\fR`
	if value != "" {
		line += ` \fI` + escaped(value) + `\fR`
	}
	r.b.WriteString(line + "\n")
	r.text(text)
}

// typed are lines that somebody types. They are set in, and nothing breaks them.
func (r *roff) typed(lines string) {
	r.macro("PP")
	r.macro("RS", "4")
	r.macro("EX")
	for line := range strings.Lines(lines) {
		r.b.WriteString(escaped(strings.TrimRight(line, "\n")) + "\n")
	}
	r.macro("EE")
	r.macro("RE")
}

func (r *roff) synopsis(c *cli.Command) {
	line := `\fBmailmedic ` + escaped(c.Name) + `\fR`
	if c.ArgsUsage != "" {
		line += ` \fI` + escaped(c.ArgsUsage) + `\fR`
	}
	if len(c.Flags) > 0 {
		line += ` [\fIFLAGS\fR]`
	}
	r.b.WriteString(line + "\n")
}

// command is a section about one command: what helpText says, in its order.
func (r *roff) command(c *cli.Command) {
	r.macro("SS", strings.TrimSpace("mailmedic "+c.Name+" "+c.ArgsUsage))
	r.text(strings.ToUpper(c.Usage[:1]) + c.Usage[1:] + ".")
	r.typed(c.UsageText)
	for _, group := range groups(c.Flags) {
		if group != "" {
			r.macro("PP")
			r.b.WriteString(`\fI` + escaped(group) + `\fR` + "\n")
		}
		for _, f := range c.Flags {
			if category(f) == group {
				value, text := placeholder(f.(cli.DocGenerationFlag).GetUsage())
				r.item(strings.Join(spellings(f), ", "), value, text)
			}
		}
	}
	if c.Description != "" {
		r.macro("PP")
		r.paragraphs(c.Description)
	}
}

// paragraphs reads a text as people lay it out: a line is a paragraph, set in it is typed,
// and with a gap behind a name it explains that name.
func (r *roff) paragraphs(text string) {
	typed, begun := "", false
	for line := range strings.Lines(text + "\n\n") {
		inner, in := strings.CutPrefix(strings.TrimRight(line, " \n"), "  ")
		name, said, gap := strings.Cut(inner, "  ")
		gap = gap && name != ""
		if typed != "" && (!in || gap) {
			r.typed(typed)
			typed = ""
		}
		switch {
		case inner == "":
			continue
		case in && gap:
			r.item(name, "", strings.TrimLeft(said, " "))
		case in:
			typed += inner + "\n"
		case begun:
			r.macro("PP")
			r.text(inner)
		default:
			r.text(inner)
		}
		begun = true
	}
}

// escaped makes text that roff prints as it is: a hyphen that can be searched and pasted,
// and quotes and accents that are those of the keyboard.
func escaped(text string) string {
	text = strings.NewReplacer(
		`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, `"`, `\(dq`,
	).Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}
