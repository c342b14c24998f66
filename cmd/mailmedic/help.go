package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/say"
	"mailmedic/report"
	"mailmedic/report/messages"
)

const checkExamples = `mailmedic check
mailmedic check you@example.net --no-login
mailmedic check you@example.net --symptom send --app-port smtp:25
mailmedic check you@example.net --password-file ~/.mailpw --json`

// Each paragraph is one line; fold breaks it.
const checkNotes = `Without an address, on a terminal, it asks at most four questions, and tests the connections while you answer.

Nothing is changed: no message is sent, stored or marked. A password leaves this computer only over a connection whose certificate was verified. There is no --password and no variable for it: other programs could read them.

Exit codes: 0 works, 1 works but needs attention, 2 does not work, 3 could not be finished. All of them:  mailmedic help exit-codes
Something wrong with mailmedic itself? Report it with:  mailmedic version`

const environment = `mailmedic reads these variables and no others:

  NO_COLOR                      no colour
  CLICOLOR_FORCE, FORCE_COLOR   colour, even into a file
  TERM, CLICOLOR                TERM=dumb or CLICOLOR=0: no colour
  COLUMNS                       width of the report
  LC_ALL, LC_CTYPE, LANG        not UTF-8: the report is plain ASCII
  CI                            no progress
  ACCESSIBLE                    for a screen reader, as --accessible
  MAILMEDIC_LANG                language, before LANGUAGE, LC_ALL, LC_MESSAGES, LANG
  PAGER                         what explain shows long pages with (default: less)
  MAILMEDIC_ACCOUNT             what metrics call the account
  XDG_STATE_HOME, HOME          where earlier runs are remembered
  XDG_CONFIG_HOME, HOME         where mail apps keep their settings
  APPDATA                       the same on Windows
  SSL_CERT_FILE, SSL_CERT_DIR   also trust the certificates found there
  ALL_PROXY, HTTPS_PROXY, ...   named in the report if set, never used

No variable holds a password. MAILMEDIC_PASSWORD is ignored, because every program that you run can read it; use --password-file, --password-command or --password-stdin.
`

const accountsHelp = `mailmedic check --accounts FILE tests one account after the other, eight at a time, for the run at night. The provider is looked at once, without a login; each account then logs in on one port for receiving and one for sending. A line is printed for each as it finishes, and at last the accounts by what is wrong with them.

The file is CSV with a first row of names:

  address,login,provider,password_command
  ann@example.net,,./example.yaml,pass show mail/ann
  bob@runbox.com,bob,,

or YAML, when its name ends in .yaml:

  - address: ann@example.net
    provider: ./example.yaml
    password_command: pass show mail/ann

Only address must be there. Without a password_command, that of --password-command is run, with MAILMEDIC_ADDRESS and MAILMEDIC_LOGIN in its environment; without either, the account is tested up to the login. Whoever can write to the file can run commands as you.

  mailmedic check --accounts staff.csv --password-command 'pass show "mail/$MAILMEDIC_ADDRESS"'
  mailmedic check --accounts staff.csv --format jsonl

jsonl gives an object for each account and one with the summary, json one document. -q leaves out the accounts that work. --messages is 0 unless you say otherwise. Behind 5 accounts in a row whose logins for receiving, or for sending, failed, the others of that provider are not tested, since more could shut this computer out.

The exit code is that of the worst account: 2 before 3 before 1 before 0.
`

const formatsHelp = `A report comes in the format of --format on standard output, or with -o in a file. --write FORMAT=FILE, which can be repeated, writes it to further files. Each file is replaced when it is whole.

  text         for people; -v, -vv and -vvv say more
  short        a few lines for a chat
  markdown     for one field of a form or a ticket
  html         a page for a browser or for paper, in one file
  json         one document with everything, also for report read
  jsonl        an object on each line, while the test is running
  junit        the results of tests, for a build server
  prometheus   metrics for the textfile folder of node_exporter

The exit code does not depend on the format.

The schema of the json document:  mailmedic help formats --json-schema

jsonl: the objects say in type what they are. start comes first, then a path for each port when it ends, then each finding, and the verdict last, which also says what each path weighs. Without a verdict something was cut off. A run that cannot start is one object of the type error.

junit: a suite for each step, a case in it for each path. Faults and warnings are failures, notes are skipped cases, and a run that cannot start or end is an error.

A file in json, jsonl or junit is written also when a run cannot start, so that nobody takes yesterday's for today's. Other files then stay as they are.

prometheus: the label account is --account NAME, MAILMEDIC_ACCOUNT or default, for a file for each account. What was not tried has no sample. Alerts that are worth having:

  mailmedic_can == 0                     for 10m
  time() - mailmedic_last_run_timestamp_seconds > 3 * 300
  mailmedic_certificate_expiry_timestamp_seconds - time() < 14 * 86400

where 300 is how many seconds lie between two runs. What cron would run then:

  mailmedic check you@example.net -q --password-file ~/.mailpw --write prometheus=/var/lib/node_exporter/mail.prom
`

const privacyHelp = `A report hides who you are, on the screen too, because people paste from there. --redact says how much:

  share   the default
  strict  hides your domain, and addresses in your network, as well
  off     hides nothing; for your own screen only, and asks first

What stands in a report instead:

  j***@example.net   your address and login name, in the form they have
  j***2              somebody else of whom a server or a file speaks
  <this-computer>    the name of your computer
  ~                  your user name and your home folder
  203.0.x.x          your address on the internet
  folder-1           a folder of your own; Inbox, Sent, Drafts, Trash, Junk, Archive and those that your mail app is set to keep their names
  user-1@domain-1    with strict: the address
  <public-ip>        with strict: your address on the internet
  <lan-ip-1>         with strict: an address in your network

One thing has one name in a report; nothing leads back. Names, addresses, ports, greetings and certificates of servers stay: they are what the report is about. Subjects and senders of messages are not shown without --show-messages, and even then on your screen alone.

A password is in no report at any level, and what was said at the login is not recorded.

Not hidden: the list of --accounts, which is about whose mail works; --dry-run and settings, which say what will be used; and what mailmedic client shows of your mail apps.

A report in a file or a pipe ends with a line that counts its lines and what was hidden.
`

// helpColumn is where the explanation of a flag starts.
const helpColumn = 27

// topics are what help explains besides the commands.
func topics() []string {
	return []string{"exit-codes", "environment", "accounts", "formats", "privacy", "cron", "every", "json-schema"}
}

// chapters are the topics with a text of their own, and what there is to say without one.
func chapters() map[string]string {
	return map[string]string{
		"": overview, "environment": environment, "accounts": accountsHelp,
		"cron": cronHelp, "every": everyHelp, "formats": formatsHelp, "privacy": privacyHelp,
	}
}

// help explains a command or a topic.
func (p *program) help(c *cli.Context) error {
	if c.NArg() > 1 {
		return usage("Write it like this:  mailmedic help check", "help takes one topic.")
	}
	topic := c.Args().First()
	switch {
	case c.Bool("json-schema") && topic != "formats" && topic != "":
		return usage("mailmedic help formats --json-schema", "--json-schema is for the formats.")
	case c.Bool("json-schema"):
		topic = "json-schema"
	}
	if text, known := chapters()[topic]; known {
		return p.io.say(chapter(text, p.speak))
	}
	switch topic {
	case "exit-codes":
		return p.io.say(exitCodes(p.speak))
	case "json-schema":
		return p.io.print(report.Schema())
	}
	if command := command(topic, p.app.Commands); command != nil {
		return p.io.say(helpText(command, p.speak))
	}
	known := topics()
	for _, c := range p.app.Commands {
		known = append(known, c.Name)
	}
	return oneOf("help", topic, known...)
}

const (
	exitIntro say.Text = "The exit codes are the same for every command and format:"
	exitNote  say.Text = "--fail-on problem turns 1 into 0, --fail-on never turns 1 and 2 into 0."
)

func exitCodes(speak *messages.Speaker) string {
	var b strings.Builder
	b.WriteString(speak.Say(exitIntro) + "\n\n")
	for _, e := range ends() {
		fmt.Fprintf(&b, "%4d  %-9s %s\n", e.code, e.name, speak.Say(e.when))
	}
	b.WriteString("\n" + speak.Say(exitNote) + "\n")
	return b.String()
}

// remark parts an example of how to use a command from what is said about it in brackets.
func remark(example string) (typed, aside string) {
	example = strings.TrimSuffix(example, "\n")
	if at := strings.Index(example, "  ("); at >= 0 {
		at += len("  ")
		return example[:at], example[at:]
	}
	return example, ""
}

// helpText explains a command: examples first, then its flags in their groups. What is
// typed is the same in every language.
func helpText(c *cli.Command, speak *messages.Speaker) string {
	var b strings.Builder
	fmt.Fprintf(&b, "mailmedic %s: %s\n\n%s\n", c.Name, speak.Recorded(c.Usage), speak.Say("Examples"))
	for example := range strings.Lines(c.UsageText) {
		typed, aside := remark(example)
		b.WriteString("  " + typed + speak.Recorded(aside))
		if strings.HasSuffix(example, "\n") {
			b.WriteString("\n")
		}
	}
	fmt.Fprintf(&b, "\n\n%s\n  mailmedic %s %s", speak.Say("Usage"), c.Name, c.ArgsUsage)
	if len(c.Flags) > 0 {
		b.WriteString(" [FLAGS]")
	}
	b.WriteString("\n")
	for _, group := range groups(c.Flags) {
		title := speak.Recorded(group)
		if group == "" {
			title = speak.Say("Flags")
		}
		b.WriteString("\n" + title + "\n")
		for _, f := range c.Flags {
			if category(f) == group {
				b.WriteString(flagHelp(f, speak))
			}
		}
	}
	if c.Description != "" {
		b.WriteString("\n" + chapter(c.Description, speak) + "\n")
	}
	return b.String()
}

// groups lists the categories of flags in the order in which they first stand.
func groups(flags []cli.Flag) []string {
	var names []string
	for _, f := range flags {
		if name := category(f); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func category(f cli.Flag) string { return f.(cli.CategorizableFlag).GetCategory() }

// flagHelp explains one flag in a line that fold can break, below a name that is too long.
func flagHelp(f cli.Flag, speak *messages.Speaker) string {
	value, text := placeholder(speak.Recorded(f.(cli.DocGenerationFlag).GetUsage()))
	left := "  " + strings.TrimSpace(strings.Join(spellings(f), ", ")+" "+value)
	if report.Width(left) > helpColumn-2 {
		left += "\n" + strings.Repeat(" ", helpColumn)
	}
	return fmt.Sprintf("%-*s%s\n", helpColumn, left, text)
}

// spellings are the names of a flag as they are typed, short ones first.
func spellings(f cli.Flag) []string {
	var names []string
	for _, n := range f.Names() {
		names = append(names, dashed(n))
	}
	slices.SortStableFunc(names, func(a, b string) int { return len(a) - len(b) })
	return names
}

// placeholder takes the name of a flag's value, which stands first and between
// backquotes as cli wants it, off a usage text.
func placeholder(usage string) (name, text string) {
	rest, found := strings.CutPrefix(usage, "`")
	if !found {
		return "", usage
	}
	name, text, _ = strings.Cut(rest, "` ")
	return name, text
}
