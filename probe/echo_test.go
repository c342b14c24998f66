package probe

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest/leak"
)

// TestEchoThatIsTakenApart has servers repeat the password where our reading, or the
// library's, takes lines apart: at blanks, brackets and quotes, all of which stand in it. No
// part of it may be left in the record.
func TestEchoThatIsTakenApart(t *testing.T) {
	const pw = leak.Password
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(pw)
	const bye = "\n< LOGOUT\n> * BYE bye\n> $tag OK\nclose"
	const refused = greets + "> $tag NO no\n< LOGOUT\n"
	const clear = "> * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\n< STARTTLS\n"
	dropped := []string{"a code of the rejection", "the code of a BYE", "a prompt"} // nothing is kept of these
	for name, c := range map[string]struct{ path, script string }{
		"a code of the greeting":           {"imap-143", "> * OK [" + pw + "] hi\n< CAPABILITY\n> $tag BAD no" + bye},
		"a greeting of BYE":                {"imap-143", "> * BYE [" + pw + "] hi\nclose"},
		"a greeting that is none":          {"imap-143", "> " + pw + "\nclose"},
		"capabilities in the greeting":     {"imap-143", "> * OK [CAPABILITY IMAP4rev1 STARTTLS " + pw + "] hi\n< STARTTLS\n> $tag NO no" + bye},
		"capabilities":                     {"imap-143", "> * OK hi\n< CAPABILITY\n> * CAPABILITY IMAP4rev1 " + pw + "\n> $tag OK\n< STARTTLS\n> $tag NO no" + bye},
		"capabilities inside TLS":          {"imap-993", "tls\n> * OK [CAPABILITY IMAP4rev1 LOGINDISABLED " + pw + "] hi" + bye},
		"a code of the answer to STARTTLS": {"imap-143", clear + "> $tag NO [" + pw + "] no" + bye},
		"a tag":                            {"imap-143", clear + "> " + pw + " OK no\nclose"},
		"a code of the rejection":          {"imap-993", greets + "> $tag NO [" + pw + "] no" + bye},
		"a known code, and the rest":       {"imap-993", greets + "> $tag NO [ALERT] " + pw + "] [" + pw + bye},
		"the code of a BYE":                {"imap-993", greets + "> * BYE [" + pw + "] no\nclose"},
		"a prompt":                         {"imap-993", greets + "> + " + pw + "\n< *\n> $tag BAD " + pw + bye},
		"the code of the goodbye":          {"imap-993", refused + "> * BYE [" + pw + "] no\n> $tag NO [" + pw + "] no\nclose"},
		"a code behind the login":          {"imap-993", loggedIn + "< LIST\n> $tag NO [" + pw + "] no" + bye},
		"a known code behind the login":    {"imap-993", loggedIn + "< LIST\n> $tag NO [NOPERM " + pw + "] " + pw + bye},
		"an alert behind the login":        {"imap-993", loggedIn + "< LIST\n> * OK [ALERT] " + pw + "\n> * NO [" + pw + "] x\n> $tag OK done" + bye},
		"a BYE behind the login":           {"imap-993", loggedIn + "< LIST\n> * BYE [" + pw + "] no\nclose"},
		"a folder without quotes":          {"imap-993", loggedIn + "< LIST\n> * LIST () \"/\" " + pw + "\n> $tag OK done" + bye},
		"a folder below another":           {"imap-993", loggedIn + "< LIST\n> * LIST () \"/\" \"INBOX/" + quoted + "\"\n> $tag OK done" + bye},
		"a folder as a literal":            {"imap-993", loggedIn + fmt.Sprintf("< LIST\n> * LIST () \"/\" {%d}\n> %s\n> $tag OK done", len(pw), pw) + bye},
		"the marks of a folder":            {"imap-993", loggedIn + "< LIST\n> * LIST (\\" + pw + ") \"/\" INBOX\n> $tag OK done" + bye},
		"a delimiter":                      {"imap-993", loggedIn + "< LIST\n> * LIST () \"" + quoted + "\" INBOX\n> $tag OK done" + bye},
		"STATUS":                           {"imap-993", listed + "< STATUS\n> * STATUS INBOX (MESSAGES " + pw + ")\n> $tag OK [" + pw + "] done" + bye},
		"the code of an SMTP greeting":     {"smtp-587", "> 220 5.7.8 " + pw + "\n< EHLO\n> 550 #5.7.8 " + pw + "\n< QUIT\n> 221 bye\nclose"},
		"a greeting without a code":        {"smtp-587", "> 220" + pw + "\nclose"},
		"the name in EHLO":                 {"smtp-587", "> 220 hi\n< EHLO\n> 250-" + pw + "\n> 250-" + pw + " " + pw + "\n> 250 STARTTLS\n< STARTTLS\n> 454-" + pw + "\n> 454 " + pw + "\n< QUIT\n> 221 bye\nclose"},
		"keywords behind TLS":              {"smtp-587", strings.Replace(submits, "> 250 AUTH PLAIN\n< AUTH\n", "> 250-AUTH PLAIN "+pw+"\n> 250 SIZE "+pw+"\n< AUTH\n", 1) + "> 535 5.7.8" + pw + "\n< QUIT\n> 221 bye\nclose"},
		"an answer of two kinds":           {"smtp-587", submits + "> 535-" + pw + "\n> 450 " + pw + "\n< QUIT\n> 221 bye\nclose"},
		"a prompt of SMTP":                 {"smtp-587", submits + "> 334 " + pw + "\n< *\n> 501 " + pw + "\n< QUIT\n> 221 " + pw + "\nclose"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, plan := startWith(t, scripted(c.path, c.script))
			e := gatherWith(t, plan)
			finder, masks := leak.NewFinder(pw), 0
			for _, text := range heard(e) {
				masks += strings.Count(*text, mask)
				if found := finder.In(*text); len(found) > 0 {
					t.Errorf("the record holds a part of the password (%s): …%s", strings.Join(found, ", "), (*text)[max(0, len(*text)-50):])
				}
			}
			if masks == 0 && !slices.Contains(dropped, name) {
				t.Error("the echo did not come so far")
			}
		})
	}
}

// TestLoginIsNotRecorded: what is sent and said in a login does not get as far as to need a
// mask. Nothing of it is in the transcript, by whatever mechanism.
func TestLoginIsNotRecorded(t *testing.T) {
	const pw = leak.Password
	const bye = "\n< LOGOUT\n> $tag OK bye\nclose"
	submit := strings.Replace(submits, "AUTH PLAIN", "AUTH LOGIN", 1)
	for name, c := range map[string]struct {
		path, script string
		lines        int // of the transcript that stand for something of the login
	}{
		"AUTHENTICATE": {"imap-993", greets + "> * OK I heard " + pw + "\n> $tag NO " + pw + bye, 3},
		"LOGIN":        {"imap-993", "tls\n> * OK [CAPABILITY IMAP4rev1] hi\n< LOGIN\n> + " + pw + "\n< \n> m1 NO " + pw + bye, 4},
		"AUTH PLAIN":   {"smtp-587", submits + "> 535-" + pw + "\n> 535 " + pw + "\n< QUIT\n> 221 bye\nclose", 3},
		"AUTH LOGIN":   {"smtp-587", submit + "> 334 " + b64("Username:") + "\n< \n> 334 " + b64("Password:") + "\n< \n> 535 " + pw + "\n< QUIT\n> 221 bye\nclose", 6},
	} {
		t.Run(name, func(t *testing.T) {
			_, plan := startWith(t, scripted(c.path, c.script))
			e := gatherWith(t, plan)
			if len(e.Logins) != 1 || e.Logins[0].Result != evidence.RejectedIn {
				t.Fatalf("logins: got %+v, want one rejected", e.Logins)
			}
			lines := 0
			for _, l := range e.Sessions[0].Wire {
				if strings.HasSuffix(l.Text, shownSecret) {
					lines++
				}
				if strings.Contains(l.Text, mask) {
					t.Errorf("the transcript had the password: %q", l.Text)
				}
			}
			if lines != c.lines {
				t.Errorf("got %d lines in place of the login, want %d: %+v", lines, c.lines, e.Sessions[0].Wire)
			}
		})
	}
}

// TestUnknownCodeIsNotKept: in the answer to a login, a word that is no response code may be
// the first of a password, of which nobody would look for a part.
func TestUnknownCodeIsNotKept(t *testing.T) {
	for code, want := range map[string]string{"my pw": "", "Kanari": "", "authenticationfailed": "AUTHENTICATIONFAILED"} {
		_, plan := hostile(t, "imap-993", greets+"> $tag NO ["+code+"] no\n< LOGOUT\n> $tag OK bye\nclose")
		e := gather(t, plan)
		if len(e.Logins) != 1 || e.Logins[0].Reply == nil || e.Logins[0].Reply.Code != want {
			t.Errorf("code %q: got %+v, want one login with the code %q", code, e.Logins, want)
		}
	}
}

// TestPasswordIsNoWordOfTheProtocol: one that is like the words of a protocol must not
// keep the program from understanding them.
func TestPasswordIsNoWordOfTheProtocol(t *testing.T) {
	for _, password := range []string{"OK", "250", "m1", "* OK", "AUTH", "PLAIN", "235 ", "IMAP4", "CAPABILITY", "capability", "IMAP4rev1", "AUTH=PLAIN"} {
		r := newRun(Plan{Budget: DefaultBudget()}, Credentials{NewSecret([]byte(password))}, time.Time{})
		for _, line := range []string{"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi", "m1 OK in", "250-x", "235 2.7.0 in"} {
			if got := r.hide(line); got != line {
				t.Errorf("password %q: got %q, want %q", password, got, line)
			}
		}
	}
}

// TestPanicIsToldInItsWords: a panic's value may be anything, and of what is not words there
// is no form that could be looked for.
func TestPanicIsToldInItsWords(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{"no such path", "no such path"},
		{errors.New("index out of range"), "index out of range"},
		{[]byte("a password"), "a panic with a value of type []uint8"},
		{evidence.Evidence{}, "a panic with a value of type evidence.Evidence"},
		{42, "a panic with a value of type int"},
	} {
		if got := panicked(c.value); got != c.want {
			t.Errorf("%T: got %q, want %q", c.value, got, c.want)
		}
	}
}
