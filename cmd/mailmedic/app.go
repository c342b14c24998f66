package main

import "github.com/urfave/cli/v2"

// overview is what mailmedic says when no command was named.
const overview = `Trouble with your mail? Run:   mailmedic check

  check        test everything and explain what is wrong
  settings     the right settings for your mail app
  client       how your mail apps are set up, and what is wrong with it
  explain      what a code like MM303 means and how to fix it
  issues       list and search known issues
  report       understand, compare and pack saved reports
  monitor      one line for Nagios, Icinga and their kin
  demo         see a report on a built-in provider with a fault
  help         a command or a topic: help check, help exit-codes
  completion   Tab completion for bash, zsh, fish or powershell
  man          the manual page
  version      the version of mailmedic and of its known issues

Examples
  mailmedic check you@example.net --no-login
  mailmedic explain MM303

All flags of a command:  mailmedic check --help
`

// commands lists what mailmedic can do. Help, version and errors are our own: cli's
// print to standard output, where scripts read the report.
func (p *program) commands() *cli.App {
	app := &cli.App{
		Name:                      "mailmedic",
		Usage:                     "find out why mail does not work",
		Version:                   version,
		HideHelp:                  true,
		HideVersion:               true,
		DisableSliceFlagSeparator: true, // a comma may be part of a folder or file name
		Writer:                    p.io.out,
		ErrWriter:                 p.io.err,
		OnUsageError:              misread,
		ExitErrHandler:            func(*cli.Context, error) {}, // the default one ends the process
		Commands: []*cli.Command{
			{
				Name: "check", ArgsUsage: "[ADDRESS]", Action: p.check, Flags: checkFlags(),
				Usage:       "test every way to receive and send, and explain what is wrong",
				UsageText:   checkExamples,
				Description: checkNotes,
			},
			{
				Name: "settings", ArgsUsage: "[ADDRESS]", Action: p.settings, Flags: settingsFlags(),
				Usage:       "print the right settings, and where they stand in your mail app",
				UsageText:   settingsExamples,
				Description: settingsNotes,
			},
			{
				Name: "client", ArgsUsage: "[FILE...]", Action: p.client, Flags: clientFlags(),
				Usage:       "read the settings of mail apps on this computer and compare them",
				UsageText:   "mailmedic client\nmailmedic client ~/.mbsyncrc --provider runbox-2015",
				Description: clientNotes,
			},
			{
				Name: "explain", ArgsUsage: "CODE...", Action: p.explain, Flags: explainFlags(),
				Usage:     "say what a code means, how it was found and how to fix it",
				UsageText: "mailmedic explain MM303\nmailmedic explain MM303 --path smtp:587\nmailmedic explain --list",
			},
			{
				Name: "issues", ArgsUsage: "[WORDS...]", Action: p.issues, Flags: issuesFlags(),
				Usage:     "list known issues, or search them by code, symptom or error message",
				UsageText: "mailmedic issues send\nmailmedic issues 'does not support STARTTLS'",
			},
			{
				Name: "report", ArgsUsage: "read|compare|bundle FILE...", Action: p.report, Flags: savedFlags(),
				Usage:       "understand, compare and pack saved reports; nothing is contacted",
				UsageText:   reportExamples,
				Description: savedNotes,
			},
			{
				Name: "monitor", ArgsUsage: "[ADDRESS]", Action: p.monitor, Flags: monitorFlags(),
				Usage:       "answer as a plugin of Nagios or Icinga does, in one line",
				UsageText:   "mailmedic monitor you@example.net --password-file /etc/mailpw\nmailmedic monitor -H mail.example.net -w 1 -c 3\nmailmedic monitor --demo port-25-blocked",
				Description: monitorNotes,
			},
			{
				Name: "demo", ArgsUsage: "[SCENARIO]", Action: p.demo, Flags: demoFlags(),
				Usage:     "check a built-in provider on this computer that has a fault",
				UsageText: "mailmedic demo --list\nmailmedic demo port-25-blocked",
			},
			{
				Name: "help", ArgsUsage: "[TOPIC]", Action: p.help,
				Flags:     []cli.Flag{&cli.BoolFlag{Name: "json-schema", Usage: "print the schema of the JSON document"}},
				Usage:     "explain a command, or exit-codes, environment, accounts, cron, every, formats, privacy, json-schema",
				UsageText: "mailmedic help check\nmailmedic help exit-codes",
			},
			{
				Name: "completion", ArgsUsage: "SHELL", Action: p.completion,
				Usage:       "print a script that completes commands, flags and values",
				UsageText:   completionExamples,
				Description: completionNotes,
			},
			{
				Name: "man", Action: p.manual,
				Usage:     "print the manual page, in roff",
				UsageText: "mailmedic man | man -l -\nmailmedic man >/usr/local/share/man/man1/mailmedic.1",
			},
			{
				Name: "version", Action: p.version,
				Usage:     "print the version of mailmedic and of its list of known issues",
				UsageText: "mailmedic version",
			},
		},
	}
	for _, c := range app.Commands {
		c.HideHelp = true
		c.Flags = append(c.Flags, &cli.StringFlag{Name: "lang", Category: lastGroup(c.Flags), Usage: "`TAG` language of what you read: en or nb (default: that of your system)"})
		c.OnUsageError = misread
	}
	return app
}

// lastGroup is the group of a command's last flag.
func lastGroup(flags []cli.Flag) string {
	if len(flags) == 0 {
		return ""
	}
	return category(flags[len(flags)-1])
}

// misread turns what cli could not read, and arrange let through, into a usage error.
func misread(c *cli.Context, err error, _ bool) error {
	return usage("mailmedic --help", "The command line cannot be read: %s.", visible(err.Error()))
}
