package main

import (
	"cmp"
	"fmt"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/say"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// listDemos is the word that --demo takes besides the scenarios.
const listDemos = "list"

func demoFlag() cli.Flag {
	return &cli.StringFlag{Name: "demo", Category: groupTest, Usage: "`NAME` simulate this: one of mailmedic demo --list; nothing leaves the computer"}
}

// real are the flags that name servers or files of the real world, of which a simulation has none.
func real() []string {
	return []string{
		"accounts", "provider", "imap-host", "smtp-host", "host", "path", "client", "use-client-password",
		"connect", "resolver", "ca-file", "control", "allow-unverified",
	}
}

// ready reads the command line into a job, and brings up the built-in provider for one of
// --demo. The second result puts everything away again, whatever the error.
func (p *program) ready(c *cli.Context) (job, func(), error) {
	if !c.IsSet("demo") {
		j, err := p.checkJob(c)
		return j, j.output.discard, err
	}
	j, s, err := p.simulatedJob(c)
	if err != nil || c.Bool("dry-run") {
		return j, j.output.discard, err
	}
	provider, err := j.enter(s)
	if err != nil {
		return j, j.output.discard, err
	}
	return j, func() { provider.Close(); j.output.discard() }, nil
}

// enter puts a job into the world of a scenario.
func (j *job) enter(s mailtest.Scenario) (*mailtest.Provider, error) {
	provider, err := s.Start(j.profile)
	if err != nil {
		return nil, fmt.Errorf("start the built-in provider: %w", err)
	}
	j.options.Dial, j.options.Resolver, j.options.Roots = provider.Dial, provider.Resolver(), provider.Roots()
	return provider, nil
}

// simulatedJob is checkJob for --demo: what the user says of their account counts, and what
// they do not say is that of the scenario's user.
func (p *program) simulatedJob(c *cli.Context) (j job, s mailtest.Scenario, err error) {
	if s, err = simulated(c); err != nil {
		return j, s, err
	}
	if c.NArg() > 1 {
		return j, s, tooManyWords(c)
	}
	address := s.Account.Address
	if c.NArg() == 1 {
		if address, err = typedAddress(c); err != nil {
			return j, s, err
		}
	}
	if j, s, err = p.simulatedFor(c, s, address); err != nil || spares(c, &j) {
		return j, s, err
	}
	j.creds.Password, j.options.NoLogin, err = p.simulatedPassword(c, s)
	return j, s, err
}

// simulated is the scenario of --demo.
func simulated(c *cli.Context) (mailtest.Scenario, error) {
	for _, flag := range real() {
		if c.IsSet(flag) {
			return mailtest.Scenario{}, usage("Leave one of them out.", "--demo brings a provider of its own, so --%s does not go with it.", flag)
		}
	}
	return scenarioNamed(c.String("demo"))
}

// simulatedFor is jobFor in the world of a scenario, whose user gets the address.
func (p *program) simulatedFor(c *cli.Context, s mailtest.Scenario, address string) (j job, _ mailtest.Scenario, err error) {
	if j.profile, err = profile.Load(s.Profile); err != nil {
		return j, s, profileFailure(err)
	}
	if address != s.Account.Address {
		s = s.For(address, j.profile)
	}
	if j.options, err = probeOptions(c, j.profile); err != nil {
		return j, s, err
	}
	if j.options.Account, err = simulatedAccount(c, s.Account, j.profile); err != nil {
		return j, s, err
	}
	j.options.Timeout = cmp.Or(j.options.Timeout, demoTimeout)
	j.options.ID, j.options.Version, j.options.Mode = runID(), version, p.mode(c)
	j.options.Simulated, j.options.ProfileBecause = s.Name, evidence.ByUser
	if j.report, err = p.reportOptions(c); err != nil {
		return j, s, err
	}
	if j.progress, err = p.howToTell(c); err != nil {
		return j, s, err
	}
	j.output, err = p.openOutput(c)
	return j, s, err
}

// simulatedAccount is the scenario's user with what the command line says of them.
func simulatedAccount(c *cli.Context, a profile.Account, p profile.Profile) (profile.Account, error) {
	typed, err := account(c, a.Address, p)
	if err != nil {
		return a, err
	}
	a.Login, a.App = cmp.Or(typed.Login, a.Login), cmp.Or(typed.App, a.App)
	a.Symptom, a.AppPort = cmp.Or(typed.Symptom, a.Symptom), cmp.Or(typed.AppPort, a.AppPort)
	a.RootPath, a.SentPath, a.DraftsPath = cmp.Or(typed.RootPath, a.RootPath), cmp.Or(typed.SentPath, a.SentPath), cmp.Or(typed.DraftsPath, a.DraftsPath)
	return a, nil
}

// simulatedPassword is the one that the user gives, or else that of the scenario's user. It
// is only ever sent to the built-in provider.
func (p *program) simulatedPassword(c *cli.Context, s mailtest.Scenario) (probe.Secret, string, error) {
	given := c.Bool("no-login") || p.interactive(c)
	for _, flag := range passwordFlags() {
		given = given || c.IsSet(flag)
	}
	if given {
		return p.password(c, who(s.Account), held{})
	}
	return probe.NewSecret([]byte(s.Password)), "", nil
}

// scenarioNamed finds a scenario by its name.
func scenarioNamed(name string) (mailtest.Scenario, error) {
	var known []string
	for _, s := range mailtest.Scenarios() {
		if s.Name == name {
			return s, nil
		}
		known = append(known, s.Name)
	}
	hint := say.Text("All of them:  mailmedic demo --list")
	if near := profile.Nearest(name, known); near != "" {
		hint = say.With("Did you mean %s?  All of them:  mailmedic demo --list", near)
	}
	return mailtest.Scenario{}, usage(hint, "There is no scenario %s.", quoted(name))
}
