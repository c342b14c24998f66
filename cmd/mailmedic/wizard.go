package main

import (
	"bufio"
	"context"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/checks"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// wizard is check for somebody who has named no address: at most four questions, while the
// connections are tested behind the first of them. A flag that was given answers its own.
type wizard struct {
	*program
	c     *cli.Context
	lines *bufio.Reader
	asked int // questions so far
	of    int // and in all

	job    job
	ahead  *ahead
	needed string // the login name that the provider wants, where that which was typed has the wrong form
}

// Why the login comes later, or not at all; the report repeats it.
const (
	loginLater   = "the login comes when the questions are answered"
	noSafeWay    = "no safe connection was found, so the password was not asked for"
	keptByOthers = "the address belongs to another provider, so the password was not asked for"
	wrongForm    = "the login name has the wrong form, so the password was not asked for"
	loginStopped = "the test was stopped before the login"
)

// asksAll tells whether everything is asked: somebody is there, and said nothing of themselves.
func (p *program) asksAll(c *cli.Context) bool {
	return p.interactive(c) && c.NArg() == 0 && !c.IsSet("client") && !c.Bool("dry-run") && !(c.IsSet("provider") && c.Bool("no-login"))
}

func (p *program) wizard(c *cli.Context) error {
	if _, err := passwordSources(c); err != nil {
		return err // before anybody has answered a question
	}
	w := &wizard{program: p, c: c, lines: bufio.NewReader(p.io.in), of: 4}
	for _, given := range []bool{c.IsSet("symptom"), c.IsSet("login"), w.passwordGiven()} {
		if given {
			w.of--
		}
	}
	w.io.tell(w.speak.Say("This finds out why mail does or does not work on this computer. It takes about 20 seconds. It changes nothing, sends no message and uploads nothing."))
	w.io.tell(w.speak.Say("Press Ctrl-C at any time to stop."))
	end, err := w.prepare()
	defer func() { w.job.output.discard() }()
	if err != nil {
		return err
	}
	defer end()
	ctx, cancel := context.WithCancel(c.Context)
	w.begin(ctx, probe.SurveyAhead)
	defer func() {
		cancel()
		w.ahead.wait()
	}()
	if err := w.questions(); err != nil && c.Context.Err() == nil {
		return err
	}
	return w.finish()
}

// passwordGiven tells whether the command line says where the password comes from, or that
// there is to be none.
func (w *wizard) passwordGiven() bool {
	return w.c.Bool("no-login") || slices.ContainsFunc(append(passwordFlags(), "use-client-password"), w.c.IsSet)
}

// prepare asks for the address and makes the job that is to be done for it.
func (w *wizard) prepare() (end func(), err error) {
	if w.c.IsSet("demo") {
		return w.prepareDemo()
	}
	address, err := w.address("")
	if err != nil {
		return nil, err
	}
	if w.job, err = w.jobFor(w.c, address); err != nil {
		return nil, err
	}
	if w.job.options.ProfileBecause == evidence.Undecided {
		w.answer(w.speak.Say("Nothing in your address says who keeps your mail, so %s is looked at. Testing the connection while you answer.", visible(w.job.profile.Title)))
	} else {
		w.answer(w.speak.Say("Found %s. Testing the connection while you answer.", visible(w.job.profile.Title)))
	}
	return func() {}, nil
}

// prepareDemo is prepare for a provider that is built in. What is typed is taken in place of
// what the scenario's user has set up.
func (w *wizard) prepareDemo() (end func(), err error) {
	s, err := simulated(w.c)
	if err != nil {
		return nil, err
	}
	w.io.tell(w.speak.Say("This is a simulation (%s) on this computer. Its user is %s, with the password %s.", s.Name, s.Account.Address, s.Password))
	address, err := w.address(s.Account.Address)
	if err != nil {
		return nil, err
	}
	if w.job, s, err = w.simulatedFor(w.c, s, address); err != nil {
		return nil, err
	}
	provider, err := w.job.enter(s)
	if err != nil {
		return nil, err
	}
	w.answer(w.speak.Say("Found %s. Testing the connection while you answer.", visible(w.job.profile.Title)))
	return func() { provider.Close() }, nil
}

// questions asks what is left to ask. It fails when there is no password where one was to be,
// and when somebody presses Ctrl-C.
func (w *wizard) questions() error {
	a := &w.job.options.Account
	if !w.c.IsSet("symptom") {
		symptom, err := w.symptom()
		if err != nil {
			return err
		}
		a.Symptom = symptom
	}
	if !w.c.IsSet("login") {
		login, err := w.login()
		if err != nil {
			return err
		}
		a.Login = login
	}
	w.needed = rightName(w.job.profile, *a)
	var err error
	w.job.creds.Password, w.job.options.NoLogin, err = w.password()
	return err
}

// password asks for the password, or says why there is none. Nobody is asked before a safe
// way for it was seen, or if it would not be sent.
func (w *wizard) password() (probe.Secret, string, error) {
	switch {
	case w.c.Bool("no-login"):
		return probe.Secret{}, noLoginAsked, nil
	case w.rests(w.c, &w.job):
		return probe.Secret{}, "", nil // the report tells
	case w.needed != "":
		return probe.Secret{}, wrongForm, nil
	}
	switch err := w.ahead.safe(w.c.Context); {
	case err != nil:
		return probe.Secret{}, "", err
	case w.ahead.elsewhere():
		w.io.tell(w.speak.Say("I did not ask for your password, because another provider seems to keep your mail."))
		return probe.Secret{}, keptByOthers, nil
	case !w.ahead.found.Load():
		w.io.tell(w.speak.Say("I did not ask for your password because no safe connection was found."))
		return probe.Secret{}, noSafeWay, nil
	}
	if w.passwordGiven() {
		return w.program.password(w.c, who(w.job.options.Account), w.job.stored)
	}
	return w.typedPassword(w.numbered(w.speak.Say("Password (nothing appears while you type).")))
}

// typedPassword asks for the password on the terminal.
func (w *wizard) typedPassword(question string) (probe.Secret, string, error) {
	secret, err := w.hiddenAnswer(w.c.Context, question+"\n"+indent+w.speak.Say("Press Enter to skip the login test:"))
	if err == nil && secret.Empty() {
		return secret, noPassword, nil
	}
	return secret, "", err
}

// finish waits for the connections, logs in if it may, and reports.
func (w *wizard) finish() error {
	if err := w.ahead.wait(); err != nil {
		return err
	}
	if w.c.Context.Err() != nil {
		w.job.creds, w.job.options.NoLogin = probe.Credentials{}, loginStopped
	}
	e, r, err := w.logIn()
	if err != nil {
		return err
	}
	if !w.talks() || w.c.Context.Err() != nil {
		return w.hand(w.job, e, r)
	}
	return w.after(e, r)
}

// logIn does what needs the password, and judges everything.
func (w *wizard) logIn() (*evidence.Evidence, *report.Report, error) {
	j := w.job
	j.options.Shared = w.ahead.shared
	e, r, err := w.watch(w.c.Context, j)
	if err == nil && j.options.Shared.Outdated(e) && len(e.Logins) == 0 {
		// What was seen while somebody typed no longer holds.
		before := e
		w.begin(w.c.Context, func(ctx context.Context, plan probe.Plan) (*probe.Shared, error) {
			return probe.SurveyAgain(ctx, plan, before)
		})
		if err = w.ahead.wait(); err != nil {
			return nil, nil, err
		}
		j.options.Shared = w.ahead.shared
		e, r, err = w.watch(w.c.Context, j)
	}
	return e, r, err
}

// rightName is the login name that the provider wants, if the checks that look at nothing but
// the name take the one that was typed for wrong.
func rightName(p profile.Profile, a profile.Account) string {
	e := &evidence.Evidence{Profile: p, Account: a, Run: evidence.Run{ProfileBecause: evidence.ByUser}}
	ofNames := slices.DeleteFunc(checks.All(), func(c checks.Check) bool { return c.Stage != checks.StageName })
	for _, f := range checks.Run(e, ofNames) {
		if f.Severity == checks.Fault && f.Params["needed"] != "" {
			return f.Params["needed"]
		}
	}
	return ""
}

// own tells whether a login name is the address.
func own(login string, a profile.Account) bool { return strings.EqualFold(login, a.Address) }
