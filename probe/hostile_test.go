package probe

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
)

// Openings of scripted servers, up to where the hostility begins.
const (
	greets   = "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\n< AUTHENTICATE\n"
	loggedIn = greets + "> $tag OK [CAPABILITY IMAP4rev1] in\n"
	listed   = loggedIn + "< LIST\n> * LIST () \"/\" INBOX\n> $tag OK done\n"
	submits  = "> 220 hi\n< EHLO\n> 250-x\n> 250 STARTTLS\nstarttls\n< EHLO\n> 250-x\n> 250 AUTH PLAIN\n< AUTH\n"
)

// hostile plans one path to a scripted server, with limits that a run must keep.
func hostile(t *testing.T, path, script string) (*mailtest.Provider, Plan) {
	t.Helper()
	return start(t, func(m *mailtest.Options, o *Options) {
		o.Only = []string{path}
		o.Timeout, o.Deadline = 2*time.Second, 6*time.Second
		m.Faults = map[string]mailtest.Fault{path: {Script: script}}
	})
}

// ends runs a plan and gives up on it long after its deadline.
func ends(t *testing.T, plan Plan) *evidence.Evidence {
	t.Helper()
	done := make(chan *evidence.Evidence, 1)
	go func() {
		e, err := Run(context.Background(), plan, Credentials{NewSecret([]byte(canary))})
		if err != nil {
			t.Error(err)
		}
		done <- e
	}()
	select {
	case e := <-done:
		return e
	case <-time.After(plan.Budget.Run + 20*time.Second):
		t.Fatalf("the run outlived its deadline of %s by 20 s", plan.Budget.Run)
		return nil
	}
}

// TestOutOfOrder has servers answer before they were asked, twice, or for another
// folder. Nothing of that may stop the reader of the library for ever.
func TestOutOfOrder(t *testing.T) {
	const row = `* 1 FETCH (UID 1 BODY[HEADER] {2}\r\n\r\n)\r\n`
	for name, script := range map[string]string{
		"a message before EXAMINE is answered": listed + "< STATUS\n> * STATUS INBOX (MESSAGES 1)\n> $tag OK done\n< FETCH\n>> \"" + row + "\"\nstall",
		"the same message twice":               listed + "< STATUS\n> * STATUS INBOX (MESSAGES 1)\n> $tag OK done\n< EXAMINE\n> $tag OK ok\n< FETCH\n>> \"" + row + row + "\"\n> $tag OK done\nstall",
		"a message nobody asked for":           loggedIn + "< LIST\n>> \"" + row + "\"\n> $tag OK done\nstall",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, plan := hostile(t, "imap-993", script)
			if e := ends(t, plan); e.Session("imap-993").Broken != "" {
				t.Errorf("broken: %s", e.Session("imap-993").Broken)
			}
		})
	}
}

// TestDrip has servers send a little now and then at every stage: each answer is never
// late, and never whole. They go on for longer than ends waits, so that only our own
// limits can end the run.
func TestDrip(t *testing.T) {
	lines := strings.Repeat(">> \"* OK x\\r\\n\"\nwait 100ms\n", 400)
	bytes := strings.Repeat(">> \"*\"\nwait 100ms\n", 400)
	for name, c := range map[string]struct{ path, script string }{
		"greeting":   {"imap-143", bytes},
		"capability": {"imap-143", "> * OK hi\n< CAPABILITY\n" + lines},
		"login":      {"imap-993", greets + lines},
		"rows":       {"imap-993", loggedIn + "< LIST\n" + strings.Repeat("> * LIST () \"/\" a\nwait 100ms\n", 400)},
		"list":       {"imap-993", loggedIn + "< LIST\n" + bytes},
		"goodbye":    {"imap-993", greets + "> $tag NO no\n< LOGOUT\n" + lines},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, plan := hostile(t, c.path, c.script)
			ends(t, plan)
		})
	}
}

// TestLateEcho has servers repeat the password where no answer to a login is expected
// any more. The record may not hold it, in any letter case.
func TestLateEcho(t *testing.T) {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(canary)
	for name, c := range map[string]struct{ path, script string }{
		"behind a rejection":  {"imap-993", greets + "> $tag NO no\n> * OK you said " + canary + "\n< LOGOUT\n> $tag OK bye\nclose"},
		"as a folder":         {"imap-993", loggedIn + "< LIST\n> * LIST () \"/\" \"" + quoted + "\"\n> $tag OK " + canary + "\n< LOGOUT\n> $tag OK bye\nclose"},
		"in a refusal":        {"imap-993", loggedIn + "< LIST\n> $tag NO " + canary + "\n< LOGOUT\n> $tag OK bye\nclose"},
		"in the goodbye":      {"imap-993", greets + "> $tag NO no\n< LOGOUT\n> $tag NO " + canary + "\nclose"},
		"as a response code":  {"imap-993", greets + "> $tag NO [" + canary + "] no\n< LOGOUT\n> $tag OK bye\nclose"},
		"in capitals":         {"imap-993", greets + "> $tag NO " + strings.ToUpper(canary) + "\n< LOGOUT\n> $tag OK bye\nclose"},
		"inside other base64": {"imap-993", greets + "> $tag NO " + b64("x"+canary+"y") + " " + b64("xy"+canary) + "\n< LOGOUT\n> $tag OK bye\nclose"},
		"behind a 535":        {"smtp-587", submits + "> 535 no\n> 535 " + canary + "\n< QUIT\n> 221 " + canary + "\nclose"},
	} {
		t.Run(name, func(t *testing.T) {
			_, plan := hostile(t, c.path, c.script)
			e := ends(t, plan)
			var record strings.Builder
			for _, text := range heard(e) {
				record.WriteString(*text + "\n")
			}
			for form, secret := range forms(canary, "alice") {
				if strings.Contains(strings.ToLower(record.String()), strings.ToLower(string(secret))) {
					t.Errorf("the record holds the password (%s):\n%s", form, record.String())
				}
			}
			for shift := range 3 {
				if part := b64(strings.Repeat("x", shift) + canary)[4:20]; strings.Contains(record.String(), part) {
					t.Errorf("the record holds the password (base64 behind %d bytes)", shift)
				}
			}
			if strings.Contains(record.String(), "KANARI") || strings.Contains(record.String(), "Kanari") {
				t.Errorf("the record holds the password's first word:\n%s", record.String())
			}
		})
	}
}

// TestGoodbye asks the server whether it heard LOGOUT or QUIT, however the session
// went, and whether the transcript claims no other.
func TestGoodbye(t *testing.T) {
	for name, c := range map[string]struct{ path, script string }{
		"554 as greeting":    {"smtp-587", "> 554 not you\n< QUIT\n> 221 bye\nclose"},
		"EHLO refused":       {"smtp-587", "> 220 hi\n< EHLO\n> 550 no\n< QUIT\n> 221 bye\nclose"},
		"CAPABILITY refused": {"imap-143", "> * OK hi\n< CAPABILITY\n> $tag BAD no\n< LOGOUT\n> $tag OK\nclose"},
		"STARTTLS missing":   {"imap-143", "> * OK hi\n< CAPABILITY\n> * CAPABILITY IMAP4rev1\n> $tag OK\n< LOGOUT\n> $tag OK\nclose"},
		"PREAUTH":            {"imap-143", "> * PREAUTH hi\n< LOGOUT\n> $tag OK\nclose"},
		"LIST refused":       {"imap-993", loggedIn + "< LIST\n> $tag NO no\n< LOGOUT\n> $tag OK bye\nclose"},
		"STATUS refused":     {"imap-993", listed + "< STATUS\n> $tag NO no\n< LOGOUT\n> $tag OK bye\nclose"},
		"login refused":      {"imap-993", greets + "> $tag NO no\n< LOGOUT\n> $tag OK bye\nclose"},
	} {
		t.Run(name, func(t *testing.T) {
			provider, plan := hostile(t, c.path, c.script)
			e := ends(t, plan)
			goodbyes := func(lines []string) int {
				return len(slices.DeleteFunc(lines, func(l string) bool { return !strings.Contains(l, "LOGOUT") && !strings.Contains(l, "QUIT") }))
			}
			var told []string
			for _, l := range e.Sessions[0].Wire {
				if l.Sent {
					told = append(told, l.Text)
				}
			}
			received := provider.Commands(c.path)
			if got := goodbyes(slices.Clone(received)); got != 1 {
				t.Errorf("the server heard %d goodbyes, want 1: %q", got, received)
			}
			if got := goodbyes(told); got != 1 {
				t.Errorf("the transcript tells of %d goodbyes, want 1", got)
			}
		})
	}
}

// TestMessagesFail asks what went wrong with the messages, and what did with STATUS.
func TestMessagesFail(t *testing.T) {
	counted := listed + "< STATUS\n> * STATUS INBOX (MESSAGES 1)\n> $tag OK done\n"
	for name, c := range map[string]struct {
		script string
		want   evidence.Kind
	}{
		"refused": {counted + "< EXAMINE\n> $tag NO [NOPERM] no\n< FETCH\n> $tag BAD no\n< LOGOUT\n> $tag OK bye\nclose", evidence.Rejected},
		"silent":  {counted + "stall", evidence.Timeout},
		"closed":  {counted + "< FETCH\nclose", evidence.Closed},
	} {
		t.Run(name, func(t *testing.T) {
			_, plan := hostile(t, "imap-993", c.script)
			m := ends(t, plan).Sessions[0].Messages
			if len(m) != 1 || m[0].Step.Failure == nil || m[0].Step.Failure.Kind != c.want {
				t.Errorf("got %+v, want %s", m, c.want)
			}
		})
	}
	_, plan := hostile(t, "imap-993", listed+"stall")
	if f := ends(t, plan).Sessions[0].Folders.Step.Failure; f == nil || f.Kind != evidence.Timeout {
		t.Errorf("STATUS never answered: got %+v, want %s", f, evidence.Timeout)
	}
}

// TestNoVerdict lists answers that say nothing about name or password.
func TestNoVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		path, script string
		want         evidence.Result
	}{
		"BYE":                      {"imap-993", greets + "> * BYE server shutting down\nclose", evidence.ForNow},
		"prompted after all":       {"imap-993", greets + "> + \n< *\n> $tag BAD cancelled\n< LOGOUT\n> $tag OK\nclose", evidence.BrokenOff},
		"accepted before the name": {"imap-993", "tls\n> * OK [CAPABILITY IMAP4rev1] hi\n< LOGIN\n> $tag OK in\nstall", evidence.BrokenOff},
		"SMTP prompts after all":   {"smtp-587", submits + "> 334 \n< *\n> 535 no\n< QUIT\n> 221 bye\nclose", evidence.BrokenOff},
		"password asked for first": {"smtp-587", strings.Replace(submits, "AUTH PLAIN", "AUTH LOGIN", 1) + "> 334 " + b64("Password:") + "\n< *\n> 334 more\nstall", evidence.BrokenOff},
	} {
		t.Run(name, func(t *testing.T) {
			_, plan := hostile(t, c.path, c.script)
			e := ends(t, plan)
			if len(e.Logins) != 1 || e.Logins[0].Result != c.want {
				t.Errorf("logins: got %+v, want one %s", e.Logins, c.want)
			}
		})
	}
}

// TestManySilentAddresses leaves a silent port its second look: the connections to the
// addresses that are not needed are given back in time.
func TestManySilentAddresses(t *testing.T) {
	var v4, v6 []string
	for i := 100; i < 104; i++ {
		v4, v6 = append(v4, fmt.Sprintf("192.0.2.%d", i)), append(v6, fmt.Sprintf("2001:db8::%d", i))
	}
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.IPv6 = true
		m.Names = map[string]mailtest.NameFault{"*": {A: v4, AAAA: v6}}
		m.Faults = map[string]mailtest.Fault{"smtp-587": {Greeting: mailtest.Silent}}
		o.Only = []string{"smtp-587", "smtp-26", "smtp-25"}
		o.Timeout, o.Deadline = 2*time.Second, 30*time.Second
	})
	e := ends(t, plan)
	if s := e.Session("smtp-587"); e.Run.Ended != evidence.Finished || s.Secure.Implicit != evidence.No {
		t.Errorf("ended %q, TLS instead %q, want a finished run that knows", e.Run.Ended, s.Secure.Implicit)
	}
	for _, s := range e.Sessions {
		families := map[string]bool{}
		for _, d := range s.Dials {
			families[d.Family] = families[d.Family] || d.Step.Done()
		}
		if !families["4"] || !families["6"] {
			t.Errorf("%s: got dials %v, want both families", s.ID(), families)
		}
	}
}

// TestOddDelimiter takes a delimiter of more than one byte for what it is.
func TestOddDelimiter(t *testing.T) {
	_, plan := hostile(t, "imap-993", loggedIn+"< LIST\n> * LIST () \"€\" a\n> $tag OK done\n< LOGOUT\n> $tag OK bye\nclose")
	s := ends(t, plan).Session("imap-993")
	if s.Broken != "" || len(s.Folders.List) != 1 || s.Folders.List[0].Leaf() != "a" {
		t.Errorf("got broken %q, folders %+v, want one folder a", s.Broken, s.Folders.List)
	}
}

// TestBreakDuringLogin has our own code break while a login is out. The server may have
// counted it, so it counts against the budget, and the record tells of it.
func TestBreakDuringLogin(t *testing.T) {
	provider, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Faults = map[string]mailtest.Fault{}
		for _, path := range m.Profile.Paths {
			m.Faults[path.ID()] = mailtest.Fault{Login: mailtest.Rejected}
		}
		o.LoginAttempts = 1
	})
	dial := plan.Options.Dial
	plan.Options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil || network != "tcp" {
			return c, err
		}
		return &breaking{c, provider}, nil
	}
	e := ends(t, plan)
	if got := len(provider.Logins()); got != 1 || len(e.Logins) != 1 {
		t.Errorf("the servers saw %d logins and the record has %d, want 1 and 1", got, len(e.Logins))
	}
	broken := 0
	for _, s := range e.Sessions {
		if s.Broken != "" {
			broken++
		}
		if strings.Contains(s.Broken, canary) {
			t.Errorf("%s: the record of the panic holds the password: %s", s.ID(), s.Broken)
		}
	}
	if broken == 0 {
		t.Error("got no broken path, want the one that logged in")
	}
}

// breaking panics in the read that follows a login's arrival at the server, with words
// that hold what no record may.
type breaking struct {
	net.Conn
	provider *mailtest.Provider
}

func (b *breaking) Read(p []byte) (int, error) {
	before := len(b.provider.Logins())
	n, err := b.Conn.Read(p)
	if len(b.provider.Logins()) > before {
		panic("cannot read behind " + canary)
	}
	return n, err
}

// TestLateEchoForms is the same for passwords and forms that our own reading changes: what is
// no UTF-8, what stands in a longer string, and what is cut.
func TestLateEchoForms(t *testing.T) {
	const horse = "correct-horse-battery"
	bye := "< LOGOUT\n> $tag OK bye\nclose"
	for name, c := range map[string]struct{ password, script, leak string }{
		"Latin-1 refusal":    {"caf\xe9-geheim-9", greets + ">> \"m1 NO you said caf\\xe9-geheim-9\\r\\n\"\n" + bye, "-geheim-9"},
		"Latin-1 transcript": {"caf\xe9-geheim-9", greets + "> $tag NO no\n< LOGOUT\n>> \"* OK you said caf\\xe9-geheim-9\\r\\n\"\n> $tag OK bye\nclose", "-geheim-9"},
		"part of a folder":   {`say "sesame"`, loggedIn + "< LIST\n> * LIST () \"/\" \"a say \\\"sesame\\\" b\"\n> $tag OK done\n" + bye, "sesame"},
		"cut answer":         {horse, greets + "> $tag NO " + strings.Repeat("x", longest-15) + horse + "\n" + bye, "corr"},
		"cut transcript":     {horse, greets + "> $tag NO no\n< LOGOUT\n> * OK " + strings.Repeat("x", 999-15-5) + horse + "\n> $tag OK bye\nclose", "corr"},
		"hexadecimal":        {horse, greets + "> $tag NO " + fmt.Sprintf("%x", horse) + "\n" + bye, fmt.Sprintf("%x", horse)},
	} {
		t.Run(name, func(t *testing.T) {
			_, plan := start(t, func(m *mailtest.Options, o *Options) {
				m.Users = []mailtest.User{{Name: "alice", Password: c.password}}
				m.Faults = map[string]mailtest.Fault{"imap-993": {Script: c.script}}
				o.Only, o.Timeout, o.Deadline = []string{"imap-993"}, 2*time.Second, 6*time.Second
			})
			e, err := Run(t.Context(), plan, Credentials{NewSecret([]byte(c.password))})
			if err != nil {
				t.Fatal(err)
			}
			masks := 0
			for _, text := range heard(e) {
				masks += strings.Count(*text, mask)
				if strings.Contains(*text, c.leak) {
					t.Errorf("the record holds %q: …%s", c.leak, (*text)[max(0, len(*text)-80):])
				}
			}
			if masks == 0 {
				t.Error("the echo did not come so far")
			}
		})
	}
}
