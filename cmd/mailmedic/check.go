package main

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/checks"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

const addressExample = "Run it like this:   mailmedic check you@example.net --no-login"

// check tests a real account and reports.
func (p *program) check(c *cli.Context) error {
	if c.Bool("list-checks") {
		return p.listChecks(c)
	}
	if c.String("demo") == listDemos {
		if err := p.onlyLists(c, "demo", "--demo list"); err != nil {
			return err
		}
		return p.listScenarios(c)
	}
	if c.IsSet("accounts") && !c.IsSet("demo") && !c.Bool("cron") && !c.IsSet("every") {
		if err := onlyAgain(c); err != nil {
			return err
		}
		return p.accounts(c)
	}
	if c.Bool("cron") {
		return p.cron(c)
	}
	if c.IsSet("every") {
		return p.every(c)
	}
	if err := onlyAgain(c); err != nil {
		return err
	}
	if p.asksAll(c) {
		return p.wizard(c)
	}
	j, end, err := p.ready(c)
	defer end()
	if err != nil {
		return err
	}
	if c.Bool("dry-run") {
		return p.announce(j)
	}
	return p.deliver(c.Context, j)
}

// plan is the document of a dry run.
type plan struct {
	Schema string   `json:"schema"`
	Text   []string `json:"text"` // a line each
}

// announce prints what a job would do. A plan is in the words of the protocols, which are
// English, and so is what stands beside it.
func (p *program) announce(j job) error {
	if err := j.output.plainly("--dry-run"); err != nil {
		return err
	}
	a := plan{Schema: "mailmedic/plan"}
	for line := range strings.Lines(probe.NewPlan(j.profile, j.options).String()) {
		a.Text = append(a.Text, visible(strings.TrimSuffix(line, "\n")))
	}
	if j.stored.client.File != "" {
		a.Text = append(a.Text, visible("take the password of "+checks.Named(j.stored.client).String()+" from "+j.stored.client.File+", or from the command that stands there"))
	}
	return j.output.write(p.io, func(format string, s stream) ([]byte, error) {
		if format == "json" {
			return encoded(a)
		}
		return []byte(fold(strings.Join(a.Text, "\n")+"\n", s.width)), nil
	})
}

// checkJob reads the command line into a job. The password comes last: nobody is asked
// for one when the rest cannot be used. --every needs it also while logins rest: a later run
// may log in again.
func (p *program) checkJob(c *cli.Context) (job, error) {
	address, err := p.address(c)
	if err != nil {
		return job{}, err
	}
	j, err := p.jobFor(c, address)
	if err != nil || spares(c, &j) {
		return j, err
	}
	if rests := p.rests(c, &j); rests && !c.IsSet("every") {
		return j, nil
	}
	j.creds.Password, j.options.NoLogin, err = p.password(c, who(j.options.Account), j.stored)
	return j, err
}

// jobFor is a job for an address, but for the password.
func (p *program) jobFor(c *cli.Context, address string) (j job, err error) {
	var because evidence.Because
	if j.profile, because, err = chooseProfile(c, address); err != nil {
		return j, err
	}
	if j.options, err = probeOptions(c, j.profile); err != nil {
		return j, err
	}
	if j.options.Account, err = account(c, address, j.profile); err != nil {
		return j, err
	}
	if j.options.Clients, err = p.clients(c, j.options.Account, j.profile); err != nil {
		return j, err
	}
	if c.Bool("use-client-password") {
		if j.stored, err = holder(j.options.Clients, j.options.Account, j.profile); err != nil {
			return j, fail(exitPassword, "Use --password-file or --password-command.", "No password: %s.", wording(err))
		}
		j.options.Account.Login = j.stored.server.Login
		// A form of the address is the same person's name; of any other name it is not known.
		j.options.OnlyTyped = !isTheirs(j.stored.server.Login, profile.Account{Address: address})
	}
	takeOver(c, &j.options.Account, j.options.Clients, j.profile)
	if j.options.Roots, err = trusted(p.io.env, c.String("ca-file")); err != nil {
		return j, err
	}
	j.options.ProfileBecause = because
	j.options.Proxies = proxies(p.io.env)
	j.options.ID = runID()
	j.options.Version = version
	j.options.Mode = p.mode(c)
	if err := p.comparisons(c, &j); err != nil {
		return j, err
	}
	if j.report, err = p.reportOptions(c); err != nil {
		return j, err
	}
	if j.progress, err = p.howToTell(c); err != nil {
		return j, err
	}
	j.output, err = p.openOutput(c)
	return j, err
}

// howToTell reads how progress is to be told.
func (p *program) howToTell(c *cli.Context) (string, error) {
	choice := cmp.Or(c.String("progress"), progressAuto)
	if err := oneOf("--progress", choice, progressStyles()...); err != nil {
		return "", err
	}
	return p.progressStyle(choice, p.accessible(c)), nil
}

// accessible tells whether the screen is read to somebody.
func (p *program) accessible(c *cli.Context) bool {
	return c.Bool("accessible") || p.io.env("ACCESSIBLE") != ""
}

// rests takes what earlier runs left of the allowed rejections, and reports whether that is
// nothing: then nobody is asked for a password. Who wants no login is not told of it.
func (p *program) rests(c *cli.Context, j *job) bool {
	source := p.interactive(c)
	for _, flag := range append(passwordFlags(), "use-client-password") {
		source = source || c.IsSet(flag)
	}
	if !source || c.Bool("no-login") {
		return false
	}
	j.rejections = p.rejections(c, j.memory)
	j.options.LoginAttempts, j.options.Withheld = j.rejections.allow(j.options.Account, j.profile, cmp.Or(j.options.LoginAttempts, probe.DefaultBudget().Logins), time.Now())
	return j.options.Withheld != nil
}

// comparisons says what a run may compare with: names that do not exist, the time at which
// this program was made, newer instructions, further hosts, and what earlier runs remember.
func (p *program) comparisons(c *cli.Context, j *job) error {
	j.options.RandomName = randomName()
	j.options.Built = madeAt()
	for _, host := range c.StringSlice("control") {
		if _, err := cleanAddress("control@"+host, c.Command.Name); err != nil {
			return usage("Write it like this:  --control example.net", "--control takes the name of a host, not %s.", quoted(host))
		}
		j.options.Controls = append(j.options.Controls, host)
	}
	if j.profile.Successor != "" {
		next, err := profile.Load(j.profile.Successor)
		if err != nil {
			return profileFailure(err)
		}
		j.options.Successor = &next
	}
	if !c.Bool("no-memory") {
		j.memory = memoryFile(p.io.env)
		j.options.Earlier = recall(j.memory, time.Now())[keptAs(j.profile.Name)]
	}
	return nil
}

// randomName is a name that nobody has: whatever address it leads to was invented by the
// name server. It says nothing about the user.
func randomName() string {
	letters := make([]byte, 16)
	rand.Read(letters) // never fails, by its documentation
	for i := range letters {
		letters[i] = 'a' + letters[i]%26
	}
	return string(letters) + ".com"
}

// who names the account that a password is asked for.
func who(a profile.Account) string {
	if a.Login != "" {
		return a.Login
	}
	return a.Address
}

// address gets the address from the command line or the person in front of it.
func (p *program) address(c *cli.Context) (string, error) {
	switch {
	case c.NArg() > 1:
		return "", tooManyWords(c)
	case c.NArg() == 1:
		return typedAddress(c)
	case c.IsSet("client"):
		return p.clientAddress(c)
	case c.Command.Name == "monitor":
		return monitored(c)
	case c.IsSet("provider") && c.Bool("no-login"):
		return "", nil
	case !p.interactive(c):
		return "", usage(addressExample, "I need your email address and cannot ask for it here.")
	}
	typed, err := p.askAddress(c.Context)
	if err != nil {
		return "", err
	}
	return cleanAddress(typed, c.Command.Name)
}

func tooManyWords(c *cli.Context) error {
	return usage(addressExample, "%s takes one address, and there are %d words.", c.Command.Name, c.NArg())
}

// interactive tells whether there is somebody to ask.
func (p *program) interactive(c *cli.Context) bool {
	return p.io.terminal(p.io.in) && p.io.terminal(p.io.err) && !c.Bool("no-input") && c.Command.Name != "monitor"
}

func (p *program) mode(c *cli.Context) string {
	if p.interactive(c) {
		return "interactive"
	}
	return "batch"
}

// account is what the user told about themselves and their mail app.
func account(c *cli.Context, address string, p profile.Profile) (profile.Account, error) {
	a := profile.Account{
		Address:    address,
		Login:      c.String("login"),
		Kind:       p.Kind(address),
		RootPath:   given(c, "root-path"),
		SentPath:   given(c, "sent-path"),
		DraftsPath: given(c, "drafts-path"),
	}
	if c.IsSet("app") {
		a.App = strings.ToLower(c.String("app"))
		if err := oneOf("--app", a.App, apps(p)...); err != nil {
			return a, err
		}
	}
	err := complaint(c, &a, p)
	return a, err
}

// apps lists the mail apps that can be named: those that mailmedic knows, and those that
// the provider's own known issues speak of.
func apps(p profile.Profile) []string {
	known := append(appNames(), "other")
	for _, issue := range p.Issues {
		for _, app := range issue.Apps {
			if app = strings.ToLower(app); !slices.Contains(known, app) {
				known = append(known, app)
			}
		}
	}
	return known
}

// symptoms lists what --symptom knows.
func symptoms() []string { return []string{"receive", "send", "both", "none"} }

// complaint reads what the user notices and which port their mail app is set to.
func complaint(c *cli.Context, a *profile.Account, p profile.Profile) (err error) {
	if c.IsSet("symptom") {
		a.Symptom = c.String("symptom")
		if err := oneOf("--symptom", a.Symptom, symptoms()...); err != nil {
			return err
		}
	}
	if c.IsSet("app-port") {
		a.AppPort, err = pathID("--app-port", c.String("app-port"), p)
	}
	return err
}

// given is a flag's value, or nil if it was not used: an empty folder path is a
// setting, no folder path is none.
func given(c *cli.Context, flag string) *string {
	if !c.IsSet(flag) {
		return nil
	}
	value := c.String(flag)
	return &value
}

// pathID reads "smtp:25" or "smtp-25" and insists that the profile has it.
func pathID(flag, value string, p profile.Profile) (string, error) {
	id, err := profile.ParsePathID(value)
	if err == nil {
		if _, ok := p.Path(id); ok {
			return id, nil
		}
	}
	var known []string
	for _, path := range p.Paths {
		known = append(known, path.ID())
	}
	return "", oneOf(flag, value, known...)
}

// runID makes a name for one run that can be read out on the telephone: no letter that
// looks or sounds like a digit.
func runID() string {
	const letters, digits = "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789"
	pattern := []string{letters, digits, letters, "-", digits, digits, digits, "-", letters}
	random := make([]byte, len(pattern))
	rand.Read(random) // never fails, by its documentation
	var b strings.Builder
	for i, set := range pattern {
		b.WriteByte(set[int(random[i])%len(set)])
	}
	return b.String()
}

// onlyPaths reads the list of --paths.
func onlyPaths(list string, p profile.Profile) ([]string, error) {
	var only []string
	for word := range strings.SplitSeq(list, ",") {
		id, err := pathID("--paths", strings.TrimSpace(word), p)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(only, id) {
			only = append(only, id)
		}
	}
	return only, nil
}
