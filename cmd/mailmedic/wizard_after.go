package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"slices"

	"mailmedic/checks"
	mail "mailmedic/checks/program"
	"mailmedic/checks/say"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/report"
)

// talks tells whether the report is on the screen, so that there is something to talk about.
func (w *wizard) talks() bool {
	o := w.job.output
	return w.io.terminal(w.io.out) && o.format == "text" && !o.silent && !o.quiet
}

// after prints the report and asks what is left to ask. Whatever happens then, the report
// goes where else it was to go, and its verdict stands; only Ctrl-C ends otherwise.
func (w *wizard) after(e *evidence.Evidence, r *report.Report) error {
	screen, elsewhere := w.job, w.job
	screen.output.targets, elsewhere.output.silent = nil, true
	if err := w.show(screen, r); err != nil {
		return cmp.Or(err, w.hand(elsewhere, e, r))
	}
	last, again, err := w.tryAgain(e, r)
	if err != nil && asFailure(err).code == exitPassword {
		err = w.mention(err)
	}
	if err == nil && again {
		e, r = last.e, last.r
		err = w.show(screen, r)
	}
	if err == nil && e.Run.Ended != evidence.Stopped {
		err = w.advise(e, r)
	}
	if wrong := w.hand(elsewhere, e, r); wrong != nil {
		return wrong
	}
	if w.c.Context.Err() != nil && e.Run.Ended != evidence.Stopped {
		w.end = exitStopped
		w.io.tell(stopNotice)
		return nil
	}
	return err
}

// mention says what did not work of that which was offered. The report has been read by then,
// and its verdict is how the program ends.
func (w *wizard) mention(err error) error {
	f := asFailure(err)
	w.answer(report.Clean(w.speak.Say(f.message), 0))
	if f.hint != "" {
		w.answer(report.Clean(w.speak.Say(f.hint), 0))
	}
	return nil
}

// judgedRun is a run and what is to be said of it.
type judgedRun struct {
	e *evidence.Evidence
	r *report.Report
}

// tryAgain offers to log in with the name that the provider wants, where the one that was
// typed has the wrong form and was not sent.
func (w *wizard) tryAgain(e *evidence.Evidence, r *report.Report) (last judgedRun, again bool, err error) {
	if w.needed == "" || w.job.options.NoLogin != wrongForm || !probe.Fit(e, w.job.options) {
		return last, false, nil
	}
	question := w.speak.Say("Try the login test now with %s? [Y/n]", visible(w.needed))
	if own(w.needed, w.job.options.Account) {
		question = w.speak.Say("Try the login test now with your whole address? [Y/n]")
	}
	w.io.tell("")
	if yes, err := w.yes(question, true); err != nil || !yes {
		return last, false, err
	}
	ask := w.typedPassword
	if w.passwordGiven() {
		ask = func(string) (probe.Secret, string, error) {
			return w.program.password(w.c, w.needed, w.job.stored)
		}
	}
	o := &w.job.options
	w.job.creds.Password, o.NoLogin, err = ask(indent + w.speak.Say("Password (nothing appears while you type)."))
	if err != nil || o.NoLogin != "" {
		return last, false, err
	}
	o.ID, o.OnlyNeeded = runID(), true
	last.e, last.r, err = w.logIn()
	return last, err == nil, err
}

// advise says where the settings stand, if one of them has to change, and offers a copy.
func (w *wizard) advise(e *evidence.Evidence, r *report.Report) error {
	if slices.ContainsFunc(r.Findings, setInTheApp) {
		if err := w.settingsOf(e); err != nil {
			return err
		}
	}
	name := "mail-report-" + r.Run.ID + ".txt"
	w.io.tell("")
	yes, err := w.yes(w.speak.Say("Save a copy for the helpdesk as %s? [y/N]", name), false)
	if err != nil || !yes {
		return err
	}
	return w.save(r, name)
}

// setInTheApp tells whether a finding is a root cause that one changes a setting for.
func setInTheApp(f report.Finding) bool {
	return f.Root && !f.Ignored && f.Severity != checks.Note && slices.Contains([]checks.Code{
		"MM106", "MM205", "MM301", "MM302", "MM303", "MM306", "MM404", "MM503",
		"MM601", "MM602", "MM604", "MM706", "MM710", "MM711",
		"MM801", "MM802", "MM803", "MM804", "MM805", "MM806", "MM807",
		"MM955", "MM956", "MM957", "MM958", "MM959", "MM960",
	}, f.Code)
}

// settingsOf asks for the mail app, and prints what to set in it.
func (w *wizard) settingsOf(e *evidence.Evidence) error {
	asked := []string{"outlook", "thunderbird", "apple-mail", "ios", "android"}
	name := e.Account.App
	if name == "" {
		w.io.tell("")
		w.io.tell(indent + w.speak.Say("Which mail app do you use?"))
		n, err := w.choose([]say.Text{"Outlook", "Thunderbird", "Apple Mail", "Mail on iPhone and iPad", "the Gmail app on Android", "another one"})
		if err != nil {
			return err
		}
		if n < len(asked) {
			name = asked[n]
		}
	}
	b := basis{profile: e.Profile, guessed: e.Run.ProfileBecause == evidence.Undecided}
	var missing []say.Text
	if b.settings, missing = checks.Advised(e); len(missing) > 0 {
		b.settings = checks.Published(e.Profile, e.Account.Address)
	}
	b.profile = behind(e, b.settings)
	a := advise(b.profile, e.Account.Address)
	a.Guessed = b.guessed
	w.io.tell("")
	app, known := mail.Find(name)
	if !known {
		return w.io.say(a.text(w.speak, w.io.columns(w.io.out)))
	}
	g := newGuide(w.speak, app, b)
	a.Guide = &g
	return w.io.say(a.guideText(w.speak, w.io.columns(w.io.out)))
}

// save writes the report into this folder. A file that is there stays as it is.
func (w *wizard) save(r *report.Report, name string) error {
	to := w.io.file("never")
	text, err := w.job.output.render(w.job.output.hide.of(r, w.job.report, to), "text", to)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		w.io.tell(indent + w.speak.Say("There is a file %s already. It was left as it is.", name))
		return nil
	}
	if err == nil {
		_, err = f.Write(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return w.mention(unwritable(name, err))
	}
	w.io.tell(indent + w.speak.Say("Written: %s. Nothing was uploaded.", name))
	return nil
}
