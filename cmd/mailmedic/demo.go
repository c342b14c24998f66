package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/say"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// demoTimeout is shorter than check's: a connection that is dropped on purpose need
// not be waited for as long as one on a real network.
const demoTimeout = 3 * time.Second

func demoFlags() []cli.Flag {
	flags := []cli.Flag{
		&cli.BoolFlag{Name: "list", Category: groupTest, Usage: "list the scenarios"},
		&cli.StringFlag{Name: "symptom", Category: groupTest, Usage: "`WHAT` what the simulated user notices: receive, send, both or none"},
		&cli.StringFlag{Name: "app-port", Category: groupTest, Usage: "`PATH` port that the simulated user's app is set to, as smtp:25"},
	}
	return append(flags, reportFlags("3s")...)
}

// demo checks the built-in provider: real servers on this computer's loopback, with
// one thing wrong. Nothing leaves the computer.
func (p *program) demo(c *cli.Context) error {
	if c.Bool("list") {
		return p.listAlone(c)
	}
	s, err := chooseScenario(c)
	if err != nil {
		return err
	}
	j, err := p.demoJob(c, s)
	defer j.output.discard()
	if err != nil {
		return err
	}
	provider, err := j.enter(s)
	if err != nil {
		return err
	}
	defer provider.Close()
	return p.deliver(c.Context, j)
}

// demoJob reads the command line into a job for a scenario's account.
func (p *program) demoJob(c *cli.Context, s mailtest.Scenario) (job, error) {
	var j job
	var err error
	if j.profile, err = profile.Load(s.Profile); err != nil {
		return j, profileFailure(err)
	}
	j.options = probe.Options{
		Account: s.Account, Timeout: demoTimeout,
		ID: runID(), Version: version, Mode: p.mode(c),
		Simulated: s.Name, ProfileBecause: evidence.ByUser, Messages: newest,
	}
	if err := times(c, &j.options); err != nil {
		return j, err
	}
	if err := complaint(c, &j.options.Account, j.profile); err != nil {
		return j, err
	}
	if c.IsSet("login") {
		j.options.Account.Login = c.String("login")
	}
	j.creds.Password = probe.NewSecret([]byte(s.Password))
	if j.progress, err = p.howToTell(c); err != nil {
		return j, err
	}
	if j.report, err = p.reportOptions(c); err != nil {
		return j, err
	}
	j.output, err = p.openOutput(c)
	return j, err
}

// chooseScenario finds the scenario that was named; without a name, the first one.
func chooseScenario(c *cli.Context) (mailtest.Scenario, error) {
	if c.NArg() > 1 {
		return mailtest.Scenario{}, usage("All of them:  mailmedic demo --list", "demo takes one scenario.")
	}
	name := c.Args().First()
	if name == "" {
		return mailtest.Scenarios()[0], nil
	}
	return scenarioNamed(name)
}

// catalogue is the document of demo --list.
type catalogue struct {
	Schema    string     `json:"schema"`
	Scenarios []scenario `json:"scenarios"`
}

type scenario struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// listAlone is demo --list.
func (p *program) listAlone(c *cli.Context) error {
	if c.NArg() > 0 {
		return usage(say.With("To run it:  mailmedic demo %s", visible(c.Args().First())), "demo --list takes no scenario.")
	}
	if err := p.onlyLists(c, "list", "--list"); err != nil {
		return err
	}
	return p.listScenarios(c)
}

func (p *program) listScenarios(c *cli.Context) error {
	o, err := p.openOutput(c)
	defer o.discard()
	if err == nil {
		err = o.plainly("--list")
	}
	if err != nil {
		return err
	}
	list := catalogue{Schema: "mailmedic/scenarios"}
	text := ""
	for _, s := range mailtest.Scenarios() {
		title := p.speak.Recorded(s.Title)
		list.Scenarios = append(list.Scenarios, scenario{s.Name, title})
		text += fmt.Sprintf("  %-*s%s\n", helpColumn-2, s.Name, title)
	}
	return o.write(p.io, func(format string, s stream) ([]byte, error) {
		if format == "json" {
			return encoded(list)
		}
		return []byte(fold(text, s.width)), nil
	})
}
