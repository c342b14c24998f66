//go:build linux

package main

import (
	"testing"

	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/leak"
)

// TestWizardSecondTry has the name typed in the wrong form, and the right one offered: living
// servers never see the wrong one, and a wrong password with the right one only as often as
// in a run that asked for nothing.
func TestWizardSecondTry(t *testing.T) {
	for name, c := range map[string]struct {
		password           string
		accepted, rejected int
		code               int
	}{
		"right password": {leak.Password, 2, 0, 2}, // the mail program still has the wrong name
		"wrong password": {leak.Password + "x", 0, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, paths := pathsOf(t, "imap-993", "smtp-587")
			provider := provide(t, mailtest.Options{Profile: p, Users: theUser()})
			s := sandboxed(t, provider, paths...)
			k := talkTo(s, 30, append([]string{"check", "--symptom", "both", "--app", "other"}, s.doors...)...)
			k.say("Your email address: ", "alice@runbox.com\n")
			k.say("Press Enter if it is alice: ", "alice@runbox.com\n")
			k.see("password was not asked for.")
			if n := len(provider.Logins()); n != 0 {
				t.Errorf("got %d logins with the wrong form, want none: %+v", n, provider.Logins())
			}
			k.say("Try the login test now with alice? [Y/n] ", "y\n")
			k.say("skip the login test: ", c.password+"\n")
			k.say("[y/N] ", "\n")
			k.end(c.code)
			accepted, rejected := 0, 0
			for _, a := range provider.Logins() {
				if a.Name != "alice" {
					t.Errorf("got a login as %q, want only alice", a.Name)
				}
				if a.OK {
					accepted++
				} else {
					rejected++
				}
			}
			if accepted != c.accepted || rejected != c.rejected {
				t.Errorf("got %d logins accepted and %d rejected, want %d and %d: %+v", accepted, rejected, c.accepted, c.rejected, provider.Logins())
			}
			s.search()
		})
	}
}
