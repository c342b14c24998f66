package main

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/probe/profile"
	"mailmedic/report"
)

// A monitor calls a plugin and reads its first line and its exit code; it kills one that
// takes longer than about 10 seconds. See the guidelines for monitoring plugins:
// https://www.monitoring-plugins.org/doc/guidelines.html
const (
	pluginName    = "check_mailmedic"
	pluginStep    = 4 * time.Second
	pluginTime    = "9"
	pluginLongest = 10 * time.Minute
)

const monitorNotes = `One line on standard output, for Nagios, Icinga and their kin, and an exit code that is never anything but 0 OK, 1 WARNING, 2 CRITICAL or 3 UNKNOWN; help and version end with 3 too. The same happens when the program is called check_mailmedic.

Only the recommended paths are tested, unless --paths names others. -w and -c are about the seconds that a path takes in all. Limits are ranges as every plugin takes them: 10 alerts outside of 0 to 10, 10: below 10, ~:10 above 10, 10:20 outside, and @10:20 inside.

A name that is not found and a server that does not answer are CRITICAL. So is a fault of this computer or its network, unless --local-fault says unknown. Logins that are rejected are remembered, as with check, so that a monitor with an old password does not get the account locked.`

func monitorFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "host", Aliases: []string{"H"}, Category: groupYou, Usage: "`HOST` server for receiving and sending, in place of the provider's"},
		&cli.StringFlag{Name: "login", Category: groupYou, Usage: "`NAME` login name (default: the form that the provider wants)"},
		&cli.StringFlag{Name: "provider", Category: groupYou, Usage: "`NAME` built-in provider, or the file of a profile"},
		&cli.StringFlag{Name: "imap-host", Category: groupYou, Usage: "`HOST` server for receiving, in place of the provider's"},
		&cli.StringFlag{Name: "smtp-host", Category: groupYou, Usage: "`HOST` server for sending, in place of the provider's"},
		&cli.StringSliceFlag{Name: "path", Category: groupYou, Usage: "`PATH` test this instead, as imap:993:tls:HOST; repeatable"},
		&cli.StringFlag{Name: "password-file", Category: groupPassword, Usage: "`FILE` read the first line of a file"},
		&cli.BoolFlag{Name: "password-stdin", Category: groupPassword, Usage: "read the first line of standard input"},
		&cli.StringFlag{Name: "password-command", Category: groupPassword, Usage: "`CMD` run a command, read its first line"},
		&cli.BoolFlag{Name: "no-login", Category: groupPassword, Usage: "test everything but the login"},
		&cli.StringFlag{Name: "login-attempts", Category: groupPassword, Usage: "`N` stop after so many rejected logins, 1 to 4 (default 2)"},
		&cli.StringFlag{Name: "paths", Category: groupTest, Usage: "`LIST` test these paths only, as imap:993,smtp:587 (default: the recommended ones)"},
		&cli.BoolFlag{Name: "4", Category: groupTest, Usage: "IPv4 only"},
		&cli.BoolFlag{Name: "6", Category: groupTest, Usage: "IPv6 only"},
		&cli.StringFlag{Name: "resolver", Category: groupTest, Usage: "`IP[:PORT]` ask this name server"},
		&cli.StringSliceFlag{Name: "connect", Category: groupTest, Usage: "`PATH=ADDR:PORT` dial another address for a path; the name to verify stays; repeatable"},
		&cli.StringFlag{Name: "ca-file", Category: groupTest, Usage: "`FILE` trust these certificates as well (PEM)"},
		&cli.BoolFlag{Name: "no-memory", Category: groupTest, Usage: "neither read nor write when earlier runs were and how they ended"},
		demoFlag(),
		&cli.StringFlag{Name: "t", Category: groupLimits, Usage: "`SECONDS` limit of the whole run (default 9); a connection has 4"},
		&cli.StringFlag{Name: "warning", Aliases: []string{"w"}, Category: groupLimits, Value: "2", Usage: "`RANGE` seconds of a path (default 2)"},
		&cli.StringFlag{Name: "critical", Aliases: []string{"c"}, Category: groupLimits, Value: "5", Usage: "`RANGE` seconds of a path (default 5)"},
		&cli.StringFlag{Name: "cert-warning", Category: groupLimits, Value: "14:", Usage: "`RANGE` days until a certificate ends (default 14:)"},
		&cli.StringFlag{Name: "cert-critical", Category: groupLimits, Value: "3:", Usage: "`RANGE` days until a certificate ends (default 3:)"},
		&cli.StringFlag{Name: "local-fault", Category: groupLimits, Value: "critical", Usage: "`STATE` what a fault of this computer or its network is: critical or unknown (default critical)"},
		&cli.StringSliceFlag{Name: "ignore", Category: groupReport, Usage: "`CODE[=PATH]` leave a finding out; repeatable"},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Category: groupReport, Count: new(int), Usage: "further lines: the paths; -vv the findings, -vvv their facts and what to do"},
	}
}

const groupLimits = "The limits"

// asPlugin gives the words of a line that is for the plugin, as the command monitor reads
// them, and whether it is one: it names the command, or the program is called so.
func asPlugin(argv []string) (words []string, plugin bool) {
	words = argv[1:]
	name := strings.TrimSuffix(strings.ToLower(filepath.Base(argv[0])), ".exe")
	if name == pluginName {
		words = append([]string{"monitor"}, words...)
	}
	return words, len(words) > 0 && words[0] == "monitor"
}

// plugin does what the line of a plugin asks. Whatever happens, it ends with one of the four
// codes, and what went wrong stands where a monitor reads.
func (p *program) plugin(ctx context.Context, words []string) (end exit) {
	defer func() {
		if recover() != nil {
			p.io.print([]byte(report.MonitorFailure("mailmedic itself broke and could not go on.", "")))
			end = exitUnknown
		}
	}()
	if asksForVersion(words) {
		p.version(nil)
		return exitUnknown
	}
	p.end = exitUnknown // of help
	if err := p.dispatch(ctx, words); err != nil {
		f := asFailure(err)
		p.io.print([]byte(report.MonitorFailure(f.message.String(), f.hint.String())))
		return exitUnknown
	}
	return p.end
}

// asksForVersion looks for -V before a "--".
func asksForVersion(words []string) bool {
	if end := slices.Index(words, "--"); end >= 0 {
		words = words[:end]
	}
	return slices.Contains(words, "-V") || slices.Contains(words, "--version")
}

// monitor tests and answers as a monitoring plugin.
func (p *program) monitor(c *cli.Context) error {
	if c.String("demo") == listDemos {
		return p.listScenarios(c)
	}
	limits, err := pluginLimits(c)
	if err != nil {
		return err
	}
	j, end, err := p.monitorJob(c, limits)
	defer end()
	if err != nil {
		return err
	}
	r, err := p.examine(c.Context, j)
	if err != nil {
		return err
	}
	text, code := report.Monitor(r, limits)
	p.end = exit(code)
	return p.io.print([]byte(text))
}

// monitorJob reads the command line into a job that keeps to a monitor's time, and looks at
// what a mail program needs: no messages, and no second-best path.
func (p *program) monitorJob(c *cli.Context, l report.Limits) (job, func(), error) {
	began := time.Now()
	var cancel context.CancelFunc
	all := c.Context
	c.Context, cancel = context.WithTimeout(all, l.Given) // of a password command
	defer cancel()
	j, end, err := p.ready(c)
	c.Context = all
	if err != nil {
		return j, end, err
	}
	left := max(l.Given-time.Since(began), time.Second)
	j.options.Timeout, j.options.Deadline, j.options.Messages = min(pluginStep, left*4/9), left, 0 // two steps fit in, so that what is silent is known to be
	if j.options.Only == nil {
		j.options.Only = recommended(j.profile)
	}
	j.report.Say = nil                                      // for a program, not for a person
	j.report.Ignore = append(j.report.Ignore, codeEndsSoon) // the limits decide that
	return j, end, nil
}

// codeEndsSoon is the code of a certificate that ends soon.
const codeEndsSoon = "MM408"

// recommended lists the paths that a mail program should use, and all of a direction for
// which the profile recommends none.
func recommended(p profile.Profile) (ids []string) {
	for _, protocol := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		var best, all []string
		for _, path := range p.Paths {
			if path.Protocol != protocol {
				continue
			}
			all = append(all, path.ID())
			if path.Role == profile.Recommended || path.Role == "" {
				best = append(best, path.ID())
			}
		}
		if best == nil {
			best = all
		}
		ids = append(ids, best...)
	}
	return ids
}

// pluginLimits reads what the monitor wants to be told of.
func pluginLimits(c *cli.Context) (l report.Limits, err error) {
	for _, flag := range []struct {
		name string
		to   *report.Range
	}{
		{"warning", &l.TimeWarning}, {"critical", &l.TimeCritical},
		{"cert-warning", &l.DaysWarning}, {"cert-critical", &l.DaysCritical},
	} {
		if *flag.to, err = report.ParseRange(c.String(flag.name)); err != nil {
			return l, usage("Write a range like this:  10:20", "%s is no range for --%s.", quoted(c.String(flag.name)), flag.name)
		}
	}
	if err := oneOf("--local-fault", c.String("local-fault"), localFaults()...); err != nil {
		return l, err
	}
	l.LocalUnknown = c.String("local-fault") == "unknown"
	l.Verbose = c.Count("verbose")
	l.Given, err = pluginDeadline(c)
	return l, err
}

// localFaults lists what --local-fault knows.
func localFaults() []string { return []string{"critical", "unknown"} }

// pluginDeadline reads -t, which is in seconds without saying so.
func pluginDeadline(c *cli.Context) (time.Duration, error) {
	value := pluginTime
	if c.IsSet("t") {
		value = c.String("t")
	}
	if _, err := strconv.ParseFloat(value, 64); err == nil {
		value += "s"
	}
	d, err := time.ParseDuration(value)
	if err != nil || d < time.Second || d > pluginLongest {
		return 0, usage("Give a number from 1 to 600.", "%s is no number of seconds for -t.", quoted(c.String("t")))
	}
	return d, nil
}

// monitored gives the address of a monitor, which nobody can be asked for. A provider or a
// host is enough to test all but the login.
func monitored(c *cli.Context) (string, error) {
	for _, flag := range []string{"provider", "host", "imap-host", "smtp-host", "path"} {
		if c.IsSet(flag) {
			return "", nil
		}
	}
	return "", usage("Write it like this:  mailmedic monitor you@example.net", "I need an address, --provider or -H.")
}
