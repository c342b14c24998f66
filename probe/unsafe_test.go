package probe

import (
	"crypto/tls"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/leak"
	"mailmedic/probe/profile"
)

// world changes what start brings up.
type world func(*mailtest.Options, *Options)

// everywhere puts one fault on all paths.
func everywhere(f mailtest.Fault) world {
	return func(m *mailtest.Options, _ *Options) { faulty(m, f, "imap", "smtp") }
}

// faulty puts a fault on every path of some protocols.
func faulty(m *mailtest.Options, f mailtest.Fault, protocols ...string) {
	if m.Faults == nil {
		m.Faults = map[string]mailtest.Fault{}
	}
	for _, path := range m.Profile.Paths {
		if slices.Contains(protocols, string(path.Protocol)) {
			m.Faults[path.ID()] = f
		}
	}
}

// scripted is a world of one path whose server follows a script.
func scripted(path, script string) world {
	return func(m *mailtest.Options, o *Options) {
		o.Only = []string{path}
		m.Faults = map[string]mailtest.Fault{path: {Script: script}}
	}
}

// unencrypted is a world whose profile and servers know no encryption on any path.
func unencrypted(m *mailtest.Options, _ *Options) {
	m.Profile.Paths = slices.Clone(m.Profile.Paths)
	for i := range m.Profile.Paths {
		m.Profile.Paths[i].Encryption = profile.None
	}
}

// Openings of the ports that begin in clear text.
const (
	imapClear = "> * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN AUTH=LOGIN SASL-IR] hello\n"
	smtpClear = "> 220 hi\n< EHLO\n> 250-x\n> 250-AUTH PLAIN LOGIN\n> 250 STARTTLS\n"
)

// twin makes the path's own address silent, so that another one of the same host answers.
func twin(f mailtest.Fault) world {
	return func(m *mailtest.Options, o *Options) {
		o.Only = []string{"imap-993"}
		m.Addresses = map[string]mailtest.Reach{"192.0.2.10": mailtest.Dropped}
		m.Names = map[string]mailtest.NameFault{"secure.runbox.com": {A: []string{"192.0.2.10", "192.0.2.90"}}}
		m.Twins = map[string]mailtest.Twin{"192.0.2.90": {Host: "secure.runbox.com", Fault: f}}
	}
}

// unsafeWorlds makes a line unsafe in every way that there is.
func unsafeWorlds(t *testing.T) map[string]world {
	newer, err := profile.Load("runbox-2015")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]world{
		"STARTTLS not offered":  everywhere(mailtest.Fault{NoSTARTTLS: true, Encryption: profile.STARTTLS}),
		"the offer taken out":   everywhere(mailtest.Fault{Stripped: true, Encryption: profile.STARTTLS}),
		"STARTTLS answered 500": everywhere(mailtest.Fault{Blocked: true, Encryption: profile.STARTTLS}),
		"a firewall in SMTP": func(m *mailtest.Options, o *Options) {
			o.Only = []string{"smtp-587", "smtp-26"}
			faulty(m, mailtest.Fault{Masked: true}, "smtp")
		},
		"no encryption at all": everywhere(mailtest.Fault{Encryption: profile.None}),
		"none is wanted":       unencrypted,
		"none is wanted, and the user allows what is not verified": func(m *mailtest.Options, o *Options) {
			unencrypted(m, o)
			o.AllowUnverified = []string{"imap-993", "imap-143", "imap-1143", "smtp-587", "smtp-26", "smtp-25"}
		},
		"TLS at once in place of STARTTLS": func(m *mailtest.Options, o *Options) {
			o.Only = []string{"imap-143", "smtp-587"}
			m.Faults = map[string]mailtest.Fault{"imap-143": {Encryption: profile.TLS}, "smtp-587": {Encryption: profile.TLS}}
		},

		"expired":                       everywhere(mailtest.Fault{Certificate: mailtest.Expired}),
		"not yet valid":                 everywhere(mailtest.Fault{Certificate: mailtest.NotYetValid}),
		"other name":                    everywhere(mailtest.Fault{Certificate: mailtest.OtherName}),
		"self-signed":                   everywhere(mailtest.Fault{Certificate: mailtest.SelfSigned}),
		"incomplete":                    everywhere(mailtest.Fault{Certificate: mailtest.Incomplete}),
		"private authority":             everywhere(mailtest.Fault{Certificate: mailtest.PrivateAuthority}),
		"expired and private":           everywhere(mailtest.Fault{Certificate: mailtest.ExpiredPrivate}),
		"weak key":                      everywhere(mailtest.Fault{Certificate: mailtest.WeakKey}),
		"revoked":                       everywhere(mailtest.Fault{Staple: mailtest.StapleRevoked}),
		"a wildcard one label too high": everywhere(mailtest.Fault{CertNames: []string{"*.com"}}),
		"the common name alone":         everywhere(mailtest.Fault{CertNames: []string{"runbox.com"}}),
		"security software that is trusted": func(m *mailtest.Options, _ *Options) {
			m.Intercept = mailtest.Intercept{Issuer: "Avast Web/Mail Shield Root", Trusted: true}
		},
		"security software that is not": func(m *mailtest.Options, _ *Options) {
			m.Intercept = mailtest.Intercept{Issuer: "Avast Web/Mail Shield Untrusted Root"}
		},

		"old TLS alone":            everywhere(mailtest.Fault{MaxTLS: tls.VersionTLS11}),
		"the oldest TLS alone":     everywhere(mailtest.Fault{MaxTLS: tls.VersionTLS10}),
		"RSA key exchange alone":   everywhere(mailtest.Fault{OldSuites: true}),
		"an alert for every hello": everywhere(mailtest.Fault{Alert: 40}),
		"a reset for every hello":  everywhere(mailtest.Fault{Hello: mailtest.HelloReset}),
		"no TLS behind the offer":  everywhere(mailtest.Fault{Hello: mailtest.HelloGarbage}),
		"small hellos alone":       everywhere(mailtest.Fault{HelloLimit: 600}),

		"another mail system":              everywhere(mailtest.Fault{Elsewhere: "relay.example.net"}),
		"another service":                  everywhere(mailtest.Fault{Greeting: mailtest.POP3}),
		"a sign-in page":                   func(m *mailtest.Options, _ *Options) { m.Portal = mailtest.PortalTLS },
		"another server under the address": twin(mailtest.Fault{Certificate: mailtest.OtherName}),
		"an expired second address":        twin(mailtest.Fault{Certificate: mailtest.Expired}),
		"a second address in clear text":   twin(mailtest.Fault{Encryption: profile.None}),
		"a wrong server by --connect": func(m *mailtest.Options, o *Options) {
			m.Twins = map[string]mailtest.Twin{"192.0.2.90": {Host: "secure.runbox.com", Fault: mailtest.Fault{Certificate: mailtest.OtherName}}}
			o.Only, o.Connect = []string{"imap-993"}, map[string]string{"imap-993": "192.0.2.90:993"}
		},
		"a wrong protocol by --connect": func(_ *mailtest.Options, o *Options) {
			o.Only, o.Connect = []string{"smtp-587"}, map[string]string{"smtp-587": "192.0.2.11:143"}
		},
		"another host of the provider by --connect": func(_ *mailtest.Options, o *Options) {
			o.Only, o.Connect = []string{"imap-143"}, map[string]string{"imap-143": "192.0.2.12:587"}
		},

		// Each of these proves to be somebody, and nobody whom the user has named.
		"right under another name of the provider": func(m *mailtest.Options, _ *Options) {
			faulty(m, mailtest.Fault{CertNames: []string{"mail.runbox.com"}}, "imap", "smtp")
			m.Names = map[string]mailtest.NameFault{"mail.runbox.com": {A: []string{"192.0.2.10"}}}
		},
		"the newer servers": func(m *mailtest.Options, o *Options) {
			faulty(m, mailtest.Fault{Reach: mailtest.Refused}, "imap", "smtp")
			m.Successor, o.Successor = &newer, &newer
		},
		"mail is elsewhere": func(m *mailtest.Options, o *Options) {
			m.Names = map[string]mailtest.NameFault{"example.org": {MX: []string{"mx.elsewhere.example"}}}
			m.Users = []mailtest.User{{Name: "alice%example.org", Password: leak.Password}}
			o.Account, o.ProfileBecause = profile.Account{Address: "alice@example.org", Kind: profile.Hosted}, evidence.Undecided
		},

		"claims a login":                      scripted("imap-143", "> * PREAUTH [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\n< LOGOUT\nstall"),
		"claims a login, and offers STARTTLS": scripted("imap-143", "> * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hello\nserve"),
		"claims a login inside TLS":           scripted("imap-993", "tls\n> * PREAUTH [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\nserve"),
		"offers a login in clear text":        scripted("imap-143", "> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\n< CAPABILITY\n> * CAPABILITY IMAP4rev1 AUTH=PLAIN\n> $tag OK done\nstall"),
		"offers AUTH in clear text":           scripted("smtp-587", "> 220 hi\n< EHLO\n> 250-x\n> 250 AUTH PLAIN LOGIN\nstall"),
		"refuses STARTTLS":                    scripted("imap-143", imapClear+"< STARTTLS\n> $tag NO not today\nstall"),
		"refuses STARTTLS by 454":             scripted("smtp-587", smtpClear+"< STARTTLS\n> 454 4.7.0 not today\nstall"),
		"agrees and goes on in clear":         scripted("imap-143", imapClear+"< STARTTLS\n> $tag OK go\n> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN]\nstall"),
		"agrees, SMTP goes on in clear":       scripted("smtp-587", smtpClear+"< STARTTLS\n> 220 go\n> 250 AUTH PLAIN\nstall"),
		"slips words in before TLS":           scripted("imap-143", imapClear+"< STARTTLS\n>> \"m1 OK go\\r\\n* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN]\\r\\n\"\ntls\nserve"),
		"slips words in before TLS, SMTP":     scripted("smtp-587", smtpClear+"< STARTTLS\n>> \"220 go\\r\\n250 AUTH PLAIN\\r\\n\"\ntls\nserve"),
		"prompts in clear text":               scripted("imap-143", "> * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN]\n> + \n> + "+b64("Password:")+"\nstall"),
		"expired behind STARTTLS":             scripted("smtp-587", "> 220 hi\n< EHLO\n> 250-x\n> 250 STARTTLS\nstarttls expired\nserve"),
	}
}

// TestNoSecretToAnUnsafePeer asks the servers whether a byte of the password arrived.
func TestNoSecretToAnUnsafePeer(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0") // as the program is built: a weak key gets as far as the judgement
	worlds := unsafeWorlds(t)
	for _, name := range slices.Sorted(maps.Keys(worlds)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provider, plan := startWith(t, worlds[name])
			e := gatherWith(t, plan)
			if len(e.Logins) != 0 {
				t.Errorf("logins: got %+v, want none", e.Logins)
			}
			if attempts := provider.Logins(); len(attempts) != 0 {
				t.Errorf("the servers saw logins: %+v", attempts)
			}
			if got := toldPassword(provider, e); len(got) > 0 {
				t.Errorf("the password reached %q", got)
			}
			for i := range e.Sessions {
				if s := &e.Sessions[i]; s.Login.Done() || s.Broken != "" {
					t.Errorf("%s: login %s, broken %q, want neither", s.ID(), s.Login.State, s.Broken)
				}
			}
		})
	}
}

// startWith is start for the long password. Nobody waits long for what is silent: what a
// server is told does not depend on it.
func startWith(t *testing.T, change world) (*mailtest.Provider, Plan) {
	t.Helper()
	provider, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Users = []mailtest.User{{Name: "alice", Password: leak.Password}}
		o.Timeout, o.Deadline = time.Second, 20*time.Second
		change(m, o)
	})
	plan.Budget.Farewell, plan.Budget.Near, plan.Budget.Control = 200*time.Millisecond, 50*time.Millisecond, 200*time.Millisecond
	return provider, plan
}

// gatherWith is gather with the long password.
func gatherWith(t *testing.T, plan Plan) *evidence.Evidence {
	t.Helper()
	e, err := Run(t.Context(), plan, Credentials{NewSecret([]byte(leak.Password))})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// toldPassword lists the paths whose servers were told a part of the password, in any form,
// in clear text or inside TLS.
func toldPassword(provider *mailtest.Provider, e *evidence.Evidence) []string {
	finder := leak.NewFinder(leak.Password)
	paths := slices.Clone(e.Profile.Paths)
	if e.Successor != nil {
		paths = append(paths, e.Successor.Profile.Paths...)
	}
	var told []string
	for _, path := range paths {
		all := string(provider.Received(path.ID())) + "\n" + string(provider.Heard(path.ID()))
		if forms := finder.In(all); len(forms) > 0 && !slices.Contains(told, path.ID()) {
			told = append(told, path.ID())
		}
	}
	return told
}

// TestSecretToASafePeer is what makes the test above worth something: over a good line each
// login arrives, by every mechanism, and the same search sees it.
func TestSecretToASafePeer(t *testing.T) {
	const imap = "tls\n> * OK [CAPABILITY IMAP4rev1 "
	const smtp = "> 220 hi\n< EHLO\n> 250-x\n> 250 STARTTLS\nstarttls\n< EHLO\n> 250-x\n> 250 AUTH "
	asked := "> + " + b64("Username:") + "\n< \n> + " + b64("Password:") + "\n< \nclose"
	for name, c := range map[string]struct {
		world world
		want  []string // where the password has to arrive
	}{
		"all is well":           {func(*mailtest.Options, *Options) {}, []string{"imap-993", "imap-143", "imap-1143", "smtp-587", "smtp-26", "smtp-25"}},
		"rejected":              {everywhere(mailtest.Fault{Login: mailtest.Rejected}), []string{"imap-993"}},
		"AUTHENTICATE PLAIN":    {scripted("imap-993", imap+"SASL-IR AUTH=PLAIN] hi\n< AUTHENTICATE\nclose"), []string{"imap-993"}},
		"PLAIN behind a prompt": {scripted("imap-993", imap+"AUTH=PLAIN] hi\n< AUTHENTICATE\n> + \n< \nclose"), []string{"imap-993"}},
		"AUTHENTICATE LOGIN":    {scripted("imap-993", imap+"LOGINDISABLED AUTH=LOGIN] hi\n< AUTHENTICATE\n"+asked), []string{"imap-993"}},
		"the LOGIN command":     {scripted("imap-993", imap+"IDLE] hi\n< LOGIN\n> + go on\n< \nclose"), []string{"imap-993"}},
		"AUTH PLAIN":            {scripted("smtp-587", smtp+"PLAIN\n< AUTH\nclose"), []string{"smtp-587"}},
		"AUTH LOGIN":            {scripted("smtp-587", smtp+"LOGIN\n< AUTH\n"+strings.ReplaceAll(asked, "> +", "> 334")), []string{"smtp-587"}},
		"a certificate for one host alone": {func(m *mailtest.Options, o *Options) {
			o.Only = []string{"imap-993", "imap-143", "imap-1143"}
			m.Faults = map[string]mailtest.Fault{"imap-143": {CertNames: []string{"secure.runbox.com"}}}
		}, []string{"imap-993", "imap-1143"}},
		"one port intercepted": {func(m *mailtest.Options, o *Options) {
			m.Intercept = mailtest.Intercept{Issuer: "Avast Web/Mail Shield Root", Trusted: true, Paths: []string{"imap-993", "smtp-587"}}
		}, []string{"imap-143", "imap-1143", "smtp-26", "smtp-25"}},
		"allowed by the user": {func(m *mailtest.Options, o *Options) {
			faulty(m, mailtest.Fault{Certificate: mailtest.SelfSigned}, "imap", "smtp")
			o.AllowUnverified = []string{"imap-143"}
		}, []string{"imap-143"}},
		"allowed, and in clear text": {func(m *mailtest.Options, o *Options) {
			faulty(m, mailtest.Fault{NoSTARTTLS: true, Encryption: profile.STARTTLS}, "imap", "smtp")
			o.AllowUnverified = []string{"imap-993", "imap-143", "imap-1143", "smtp-587", "smtp-26", "smtp-25"}
		}, nil},
		"mail is elsewhere, and the user named the provider": {func(m *mailtest.Options, o *Options) {
			m.Names = map[string]mailtest.NameFault{"example.org": {MX: []string{"mx.elsewhere.example"}}}
			o.Account, o.ProfileBecause = profile.Account{Address: "alice@example.org", Kind: profile.Hosted, Login: "alice"}, evidence.ByUser
			o.Only = []string{"imap-993"}
		}, []string{"imap-993"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provider, plan := startWith(t, c.world)
			e := gatherWith(t, plan)
			if got := toldPassword(provider, e); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(c.want))) {
				t.Errorf("the password reached %q, want %q; logins %+v", got, c.want, e.Logins)
			}
			finder := leak.NewFinder(leak.Password)
			for _, path := range plan.Profile.Paths {
				if forms := finder.In(string(provider.Received(path.ID()))); len(forms) > 0 {
					t.Errorf("%s: the password was readable on the wire: %q", path.ID(), forms)
				}
			}
		})
	}
}

// TestSecondAddressIsNotToldThePassword has one host at a good address and at one whose
// certificate is wrong. The login arrives once, at the good one.
func TestSecondAddressIsNotToldThePassword(t *testing.T) {
	for name, f := range map[string]mailtest.Fault{
		"expired": {Certificate: mailtest.Expired}, "other name": {Certificate: mailtest.OtherName}, "good too": {}, "in clear text": {Encryption: profile.None},
	} {
		f.Users = []mailtest.User{{Name: "nobody", Password: "nothing"}}
		provider, plan := startWith(t, func(m *mailtest.Options, o *Options) {
			o.Only = []string{"imap-993"}
			m.Names = map[string]mailtest.NameFault{"secure.runbox.com": {A: []string{"192.0.2.10", "192.0.2.90"}}}
			m.Twins = map[string]mailtest.Twin{"192.0.2.90": {Host: "secure.runbox.com", Fault: f, Farther: 200 * time.Millisecond}}
		})
		e := gatherWith(t, plan)
		if got := provider.Logins(); len(got) != 1 || !got[0].OK {
			t.Errorf("%s: the servers saw %+v, want one login that was accepted", name, got)
		}
		if n := len(e.Sessions[0].Dials); n != 2 || provider.Connections()["imap-993"] != 2 {
			t.Errorf("%s: got %d dials and %d connections, want both addresses", name, n, provider.Connections()["imap-993"])
		}
		if got := strings.Count(string(provider.Heard("imap-993")), b64("\x00alice\x00"+leak.Password)); got != 1 {
			t.Errorf("%s: the password arrived %d times, want 1", name, got)
		}
	}
}

// TestNewerRunHasNoPassword: two things keep the password from servers that nobody has set
// up yet, and each has to be there without the other.
func TestNewerRunHasNoPassword(t *testing.T) {
	newer, err := profile.Load("runbox-2015")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own}, Successor: &newer, AllowUnverified: []string{"imap-993"}}
	r := newRun(NewPlan(runbox(t), o), Credentials{NewSecret([]byte(leak.Password))}, time.Now())
	next := r.newer(&evidence.Evidence{Sessions: []evidence.Session{{Path: profile.Path{Role: profile.Recommended}}}})
	if next == nil {
		t.Fatal("got no run of the newer instructions")
	}
	if !next.creds.Password.Empty() || len(next.forms) > 0 {
		t.Error("the newer run has the password")
	}
	if next.plan.Options.NoLogin == "" || len(next.plan.Names) > 0 || len(next.plan.Options.AllowUnverified) > 0 {
		t.Errorf("got no login because of %q, names %v, unverified %v; want a reason and neither", next.plan.Options.NoLogin, next.plan.Names, next.plan.Options.AllowUnverified)
	}
	if next.gate != r.gate {
		t.Error("the newer run counts connections of its own")
	}
}
