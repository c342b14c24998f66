package main

import (
	"cmp"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/pages"
	"mailmedic/checks/say"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// chooseProfile loads the provider's profile: the one that was named, else the one
// whose domain the address has, else the built-in one. In the last case the probe
// looks the address's MX up, and the report tells when it belongs to somebody else.
func chooseProfile(c *cli.Context, address string) (profile.Profile, evidence.Because, error) {
	name, because := c.String("provider"), evidence.ByUser
	if name == "" {
		name, because = profile.ForAddress(address), evidence.ByDomain
	}
	if name == "" {
		name, because = "runbox", evidence.Undecided
	}
	p, err := loadProfile(name)
	if err != nil {
		return p, because, err
	}
	p, err = override(p, profile.Override{IMAPHost: cmp.Or(c.String("imap-host"), c.String("host")), SMTPHost: cmp.Or(c.String("smtp-host"), c.String("host")), Paths: c.StringSlice("path")})
	return p, because, err
}

// loadProfile reads a built-in profile or a file.
func loadProfile(name string) (profile.Profile, error) {
	if isWord(name) {
		if err := oneOf("--provider", name, profile.BuiltIn()...); err != nil {
			return profile.Profile{}, err
		}
	}
	p, err := profile.Load(name)
	if err != nil {
		return p, profileFailure(err)
	}
	return p, nil
}

// override makes the changes that flags ask for.
func override(p profile.Profile, o profile.Override) (profile.Profile, error) {
	changed, err := p.Override(o)
	if err != nil {
		reason := visible(err.Error())
		return p, usage("Write a path like this:  --path imap:993:tls:HOST", "%s.", strings.ToUpper(reason[:1])+reason[1:])
	}
	return changed, nil
}

// isWord tells a provider's name from a file's.
func isWord(name string) bool { return !strings.ContainsAny(name, `./\`) }

// profileFailure gives a profile error its exit code.
func profileFailure(err error) error {
	code := exitConfig
	if errors.Is(err, fs.ErrNotExist) {
		code = exitNoInput
	}
	hint := say.With("The built-in ones: %s; see the README for the format.", strings.Join(profile.BuiltIn(), ", "))
	return fail(code, hint, "%s", visible(err.Error()))
}

// newest is how many messages of a folder are looked at: enough to meet what was imported
// some time ago. Their headers come in one answer, of a megabyte or two.
const (
	newest     = 2000
	mostNewest = 5000
)

// proxies names the proxy variables that are set. Their values may hold a password.
func proxies(env func(string) string) []string {
	var set []string
	for _, name := range []string{"ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"} {
		if env(name) != "" || env(strings.ToLower(name)) != "" {
			set = append(set, name)
		}
	}
	return set
}

// probeOptions reads the flags that say what to test and how.
func probeOptions(c *cli.Context, p profile.Profile) (probe.Options, error) {
	o := probe.Options{Envelope: c.Bool("envelope"), Messages: newest, ShowMessages: c.Bool("show-messages")}
	var err error
	switch {
	case c.Bool("4") && c.Bool("6"):
		return o, usage("Give neither to use both.", "-4 and -6 together leave nothing to test.")
	case c.Bool("4"):
		o.Family = "4"
	case c.Bool("6"):
		o.Family = "6"
	}
	if c.IsSet("paths") {
		if o.Only, err = onlyPaths(c.String("paths"), p); err != nil {
			return o, err
		}
	}
	if c.IsSet("resolver") {
		if o.Resolver, err = resolverAddress(c.String("resolver")); err != nil {
			return o, err
		}
	}
	if c.IsSet("login-attempts") {
		if o.LoginAttempts, err = number("--login-attempts", c.String("login-attempts"), 1, 4); err != nil {
			return o, err
		}
	}
	if c.IsSet("messages") {
		if o.Messages, err = number("--messages", c.String("messages"), 0, mostNewest); err != nil {
			return o, err
		}
	}
	for _, path := range c.StringSlice("allow-unverified") {
		id, err := pathID("--allow-unverified", path, p)
		if err != nil {
			return o, err
		}
		o.AllowUnverified = append(o.AllowUnverified, id)
	}
	if o.Connect, err = connects(c.StringSlice("connect"), p); err != nil {
		return o, err
	}
	err = times(c, &o)
	return o, err
}

// times reads the limits.
func times(c *cli.Context, o *probe.Options) (err error) {
	if c.IsSet("timeout") {
		if o.Timeout, err = duration("--timeout", c.String("timeout")); err != nil {
			return err
		}
	}
	if c.IsSet("deadline") {
		o.Deadline, err = duration("--deadline", c.String("deadline"))
	}
	return err
}

// connects reads --connect PATH=ADDR:PORT. A name is refused except localhost: what a
// look-up gives must not decide where a connection goes in another's place.
func connects(values []string, p profile.Profile) (map[string]string, error) {
	const hint = "Write it like this:  --connect smtp-587=127.0.0.1:2587"
	dialled := map[string]string{}
	for _, value := range values {
		path, to, found := strings.Cut(value, "=")
		if !found {
			return nil, usage(hint, "--connect takes a path and an address, not %s.", quoted(value))
		}
		id, err := pathID("--connect", path, p)
		if err != nil {
			return nil, err
		}
		host, port, err := net.SplitHostPort(to)
		if err != nil {
			return nil, usage(hint, "--connect takes an address and a port, not %s.", quoted(to))
		}
		if host == "localhost" {
			host = "127.0.0.1"
		}
		if _, err := netip.ParseAddr(host); err != nil && host != "" {
			return nil, usage(hint, "--connect takes an IP address or localhost, not %s.", quoted(host))
		}
		if n, err := strconv.Atoi(port); port != "" && (err != nil || n < 1 || n > 65535) {
			return nil, usage(hint, "--connect takes a port from 1 to 65535, not %s.", quoted(port))
		}
		dialled[id] = net.JoinHostPort(host, port)
	}
	return dialled, nil
}

// thresholds lists what --fail-on knows.
func thresholds() []string { return []string{"warning", "problem", "never"} }

// reportOptions reads the flags that weigh the findings.
func (p *program) reportOptions(c *cli.Context) (report.Options, error) {
	o := report.Options{FailOn: cmp.Or(c.String("fail-on"), "warning"), KnownIssues: knownIssues, Say: p.speak}
	if err := oneOf("--fail-on", o.FailOn, thresholds()...); err != nil {
		return o, err
	}
	for _, value := range c.StringSlice("ignore") {
		ignored, err := ignore(value)
		if err != nil {
			return o, err
		}
		o.Ignore = append(o.Ignore, ignored)
	}
	return o, nil
}

// ignore reads CODE or CODE=PATH into the one way that the report writes them.
func ignore(value string) (string, error) {
	query, path, onPath := strings.Cut(value, "=")
	page, ok := pages.Find(query)
	if !ok {
		return "", usage(nearest(query), "--ignore has no code %s.", quoted(query))
	}
	if !onPath {
		return page.Code, nil
	}
	id, err := profile.ParsePathID(path)
	if err != nil {
		return "", usage("Write it like this:  --ignore MM303=smtp-25", "--ignore has no path %s.", quoted(path))
	}
	return page.Code + "=" + id, nil
}

// colorings lists what --color knows.
func colorings() []string { return []string{"auto", "always", "never"} }

// accountLabel checks the name by which a monitor tells accounts apart. Whoever may read
// the metrics reads it too, so an address does not belong there.
func accountLabel(name string) (string, error) {
	for _, r := range name {
		if len(name) > 60 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_. ", r) {
			return "", usage("A name that says which account it is without naming its address:  --account office", "--account has no value %s.", quoted(name))
		}
	}
	return name, nil
}

// checkLooks refuses values that no report can look like, of one account or of many.
func checkLooks(c *cli.Context) error {
	if v := c.String("json-schema"); v != "" && !report.Writes(v) {
		return usage("Leave it out, or give 1.", "This mailmedic writes no JSON document of the version %s.", quoted(v))
	}
	if format := c.String("format"); c.Bool("json") && c.IsSet("format") && format != "json" {
		return usage("Give one of them.", "--json and --format %s are two formats for one place.", format)
	}
	if err := oneOf("--color", c.String("color"), colorings()...); err != nil {
		return err
	}
	return oneOf("--theme", c.String("theme"), report.Themes()...)
}

// openOutput reads where the report goes and prepares its files.
func (p *program) openOutput(c *cli.Context) (output, error) {
	if c.Command.Name == "monitor" {
		return output{format: "text", quiet: true}, nil // one form, on standard output, and no line that tells how far it is
	}
	o := output{
		format: c.String("format"), choice: c.String("color"),
		verbose: c.Count("verbose"), quiet: c.Bool("quiet"),
		theme: c.String("theme"), spoken: c.Bool("accessible") || p.io.env("ACCESSIBLE") != "",
	}
	if err := oneOf("--format", o.format, formats()...); err != nil {
		return o, err
	}
	var err error
	if o.account, err = accountLabel(cmp.Or(c.String("account"), p.io.env("MAILMEDIC_ACCOUNT"))); err != nil {
		return o, err
	}
	if err := checkLooks(c); err != nil {
		return o, err
	}
	if c.Bool("json") {
		o.format = "json"
	}
	if o.hide, err = p.hiding(c); err != nil {
		return o, err
	}
	type file struct{ format, name string }
	var files []file
	if name := c.String("output"); name != "" && name != "-" {
		files = append(files, file{o.format, name})
		o.silent = true
	}
	for _, value := range c.StringSlice("write") {
		format, name, found := strings.Cut(value, "=")
		if !found || name == "" {
			return o, usage("Write it like this:  --write json=report.json", "--write takes a format and a file, not %s.", quoted(value))
		}
		if err := oneOf("--write", format, formats()...); err != nil {
			return o, err
		}
		files = append(files, file{format, name})
	}
	for _, f := range files {
		t, err := openTarget(f.format, f.name)
		if err != nil {
			return o, err
		}
		again := slices.ContainsFunc(o.targets, t.overwrites)
		o.targets = append(o.targets, t)
		if again {
			return o, usage("Give each of them a file of its own.", "The file %s is named for two reports.", visible(f.name))
		}
	}
	return o, nil
}
