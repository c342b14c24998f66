package main

import "github.com/urfave/cli/v2"

// The groups of check's flags, in the order of the help text.
const (
	groupYou      = "Your account"
	groupPassword = "Your password (at most one)"
	groupTest     = "What to test"
	groupReport   = "The report"
)

// Numbers and times are text here and read by our own functions: cli's own errors for
// them print the whole help text.

func accountFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "login", Category: groupYou, Usage: "`NAME` login name, exactly as it stands in your mail app"},
		&cli.StringFlag{Name: "provider", Category: groupYou, Usage: "`NAME` built-in provider, or the file of a profile"},
		&cli.StringFlag{Name: "imap-host", Category: groupYou, Usage: "`HOST` server for receiving, in place of the provider's"},
		&cli.StringFlag{Name: "smtp-host", Category: groupYou, Usage: "`HOST` server for sending, in place of the provider's"},
		&cli.StringSliceFlag{Name: "path", Category: groupYou, Usage: "`PATH` test this instead, as imap:993:tls:HOST; repeatable"},
		&cli.StringFlag{Name: "root-path", Category: groupYou, Usage: "`PATH` root folder path that your app is set to"},
		&cli.StringFlag{Name: "sent-path", Category: groupYou, Usage: "`PATH` Sent folder that your app is set to"},
		&cli.StringFlag{Name: "drafts-path", Category: groupYou, Usage: "`PATH` Drafts folder that your app is set to"},
		&cli.StringFlag{Name: "symptom", Category: groupYou, Usage: "`WHAT` what you notice: receive, send, both or none fails"},
		&cli.StringFlag{Name: "app-port", Category: groupYou, Usage: "`PATH` port that your app uses, as smtp:25"},
		&cli.StringFlag{Name: "app", Category: groupYou, Usage: "`NAME` your mail app, as thunderbird"},
		&cli.StringFlag{Name: "client", Category: groupYou, Usage: "`FILE` settings of your mail app, or auto to look for them; what you do not say is taken from there"},
		&cli.StringFlag{Name: "accounts", Category: groupYou, Usage: "`FILE` test each account of a list, CSV or YAML; see: mailmedic help accounts"},
		&cli.StringFlag{Name: "password-file", Category: groupPassword, Usage: "`FILE` read the first line of a file"},
		&cli.BoolFlag{Name: "password-stdin", Category: groupPassword, Usage: "read the first line of standard input"},
		&cli.StringFlag{Name: "password-command", Category: groupPassword, Usage: "`CMD` run a command, read its first line; 10s at most"},
		&cli.BoolFlag{Name: "use-client-password", Category: groupPassword, Usage: "the password that the mail app of --client has in its file; runs the command that stands there"},
		&cli.BoolFlag{Name: "no-login", Category: groupPassword, Usage: "test everything but the login"},
		&cli.StringFlag{Name: "login-attempts", Category: groupPassword, Usage: "`N` stop after so many rejected logins, 1 to 4 (default 2)"},
		&cli.StringSliceFlag{Name: "allow-unverified", Category: groupPassword, Usage: "`PATH` send the password here although the certificate is not verified; repeatable"},
		&cli.BoolFlag{Name: "no-input", Category: groupPassword, Usage: "never ask for anything"},
	}
}

func testFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "paths", Category: groupTest, Usage: "`LIST` test these paths only, as imap:993,smtp:587"},
		&cli.BoolFlag{Name: "4", Category: groupTest, Usage: "IPv4 only"},
		&cli.BoolFlag{Name: "6", Category: groupTest, Usage: "IPv6 only"},
		&cli.StringFlag{Name: "resolver", Category: groupTest, Usage: "`IP[:PORT]` ask this name server"},
		&cli.StringFlag{Name: "deadline", Category: groupTest, Usage: "`TIME` limit of the whole run (default 45s)"},
		&cli.StringSliceFlag{Name: "connect", Category: groupTest, Usage: "`PATH=ADDR:PORT` dial another address for a path; the name to verify stays; repeatable"},
		&cli.StringFlag{Name: "ca-file", Category: groupTest, Usage: "`FILE` trust these certificates as well (PEM)"},
		&cli.BoolFlag{Name: "envelope", Category: groupTest, Usage: "ask whether your own address may send and receive; sends nothing"},
		&cli.StringFlag{Name: "messages", Category: groupTest, Usage: "`N` read the header fields of so many of the newest messages, 0 for none (default 2000)"},
		&cli.BoolFlag{Name: "show-messages", Category: groupTest, Usage: "show subject and sender of the messages that are named as examples"},
		&cli.StringSliceFlag{Name: "control", Category: groupTest, Usage: "`HOST` if something fails, dial this host too, to compare with; repeatable"},
		&cli.BoolFlag{Name: "no-memory", Category: groupTest, Usage: "neither read nor write when earlier runs were and how they ended"},
		demoFlag(),
		&cli.BoolFlag{Name: "list-checks", Category: groupTest, Usage: "list what is looked for, and test nothing"},
		&cli.BoolFlag{Name: "dry-run", Category: groupTest, Usage: "print what would be done and stop"},
	}
}

// reportFlags are shared by check and demo, which differ in how long a step may take.
func reportFlags(timeout string) []cli.Flag {
	limit := &cli.StringFlag{Name: "timeout", Category: groupTest, Usage: "`TIME` limit of one step (default " + timeout + ")"}
	told := &cli.StringFlag{Name: "progress", Category: groupReport, Value: progressAuto, Usage: "`HOW` tell how far it is: auto, live, plain or none (default auto)"}
	return append([]cli.Flag{limit}, append(outputFlags(), told)...)
}

// outputFlags say how a report is weighed and where it goes.
func outputFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Category: groupReport, Value: "text", Usage: "`FORMAT` text, short, markdown, html, json, jsonl, junit or prometheus (default text); see: mailmedic help formats"},
		&cli.BoolFlag{Name: "json", Category: groupReport, Usage: "the same as --format json"},
		&cli.StringFlag{Name: "json-schema", Category: groupReport, Usage: "`VERSION` insist on this version of the JSON document: 1"},
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Category: groupReport, Usage: "`FILE` write to a file, not to standard output"},
		&cli.StringSliceFlag{Name: "write", Category: groupReport, Usage: "`FORMAT=FILE` write to a file as well; repeatable"},
		&cli.StringFlag{Name: "account", Category: groupReport, Usage: "`NAME` what metrics call the account (default: MAILMEDIC_ACCOUNT, or default)"},
		&cli.StringFlag{Name: "fail-on", Category: groupReport, Value: "warning", Usage: "`WHAT` exit code 1 or 2 from here on: warning, problem or never (default warning)"},
		&cli.StringSliceFlag{Name: "ignore", Category: groupReport, Usage: "`CODE[=PATH]` leave a finding out; repeatable"},
		&cli.StringFlag{Name: "redact", Category: groupReport, Value: "share", Usage: "`LEVEL` hide who you are: share, strict, or off for your own screen (default share); see: mailmedic help privacy"},
		&cli.StringFlag{Name: "color", Category: groupReport, Value: "auto", Usage: "`WHEN` auto, always or never (default auto)"},
		&cli.StringFlag{Name: "theme", Category: groupReport, Value: "default", Usage: "`NAME` default, cb (blue for green) or mono (no colours, but bold and underlined)"},
		&cli.BoolFlag{Name: "accessible", Category: groupReport, Usage: "for a screen reader: one fact a line, no table, nothing redrawn"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Category: groupReport, Usage: "the verdict only"},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Category: groupReport, Count: new(int), Usage: "more; -vv adds the conversation, -vvv everything"},
	}
}

// checkFlags are all flags of check.
func checkFlags() []cli.Flag {
	flags := append(accountFlags(), testFlags()...)
	flags = append(flags, againFlags()...)
	return append(flags, reportFlags("10s")...)
}
