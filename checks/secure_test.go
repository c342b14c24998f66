package checks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// now is when the made-up runs of these tests take place.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const hour = time.Hour

// secured is a path on which the server proved who it is.
func secured(port int, changes ...func(*evidence.Session)) evidence.Session {
	s := evidence.Session{
		Path:    profile.Path{Protocol: profile.SMTP, Port: port, Host: "smtp.example.net", Encryption: profile.STARTTLS, Role: profile.Recommended},
		Address: "192.0.2.1:25",
		Secure:  right("smtp.example.net"),
	}
	s.Greeting.Step.State, s.Capability.Step.State = evidence.Done, evidence.Done
	s.Greeting.Reply = &evidence.Reply{Status: "220"}
	s.Capability.Final = []string{"AUTH PLAIN"}
	s.Secure.Answer = &evidence.Reply{Status: "220"}
	s.Secure.Offered = evidence.Yes
	for _, change := range changes {
		change(&s)
	}
	return s
}

func right(name string) evidence.Secure {
	return evidence.Secure{
		Step:   evidence.Step{State: evidence.Done},
		Chain:  []evidence.Certificate{{Subject: "CN=" + name, Issuer: "CN=R11,O=Let's Encrypt", Names: []string{name}, NotBefore: now.Add(-240 * hour), NotAfter: now.Add(1200 * hour), KeyType: "ECDSA", KeyBits: 256}},
		Judged: evidence.Judgement{Verified: true, Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.Yes},
	}
}

func expired(s *evidence.Secure) {
	s.Chain[0].NotBefore, s.Chain[0].NotAfter = now.Add(-2400*hour), now.Add(-48*hour)
	s.Judged = evidence.Judgement{Time: evidence.No, TimeWhy: "expired", Name: evidence.Yes, Chain: evidence.Yes}
}

func misnamed(s *evidence.Session) {
	s.Secure.Chain[0].Names = []string{"nas.local.example"}
	s.Secure.Judged.Verified, s.Secure.Judged.Name = false, evidence.No
}

func issued(by string, verified bool) func(*evidence.Session) {
	return func(s *evidence.Session) {
		s.Secure.Chain[0].Issuer = by
		if !verified {
			s.Secure.Judged = evidence.Judgement{Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.No, ChainWhy: "unknown-authority"}
		}
	}
}

// fails ends a step with a failure.
func fails(kind evidence.Kind, alert int) evidence.Step {
	return evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: kind, Alert: alert}}
}

// unsecured is a handshake that failed; each look is a hello and what became of it.
func unsecured(kind evidence.Kind, alert int, looks ...evidence.Look) func(*evidence.Session) {
	return func(s *evidence.Session) {
		s.Secure = evidence.Secure{Step: fails(kind, alert), Answer: &evidence.Reply{Status: "220"}, Answered: evidence.Yes}
		s.Capability = evidence.Capability{}
		s.Looks = looks
	}
}

func worked(h evidence.Hello, version string) evidence.Look {
	return evidence.Look{Hello: h, Step: evidence.Step{State: evidence.Done}, Version: version}
}

func failed(h evidence.Hello, kind evidence.Kind) evidence.Look {
	return evidence.Look{Hello: h, Step: fails(kind, 0)}
}

func refusing(reply evidence.Reply) func(*evidence.Session) {
	return func(s *evidence.Session) {
		step := fails(evidence.Rejected, 0)
		step.Failure.Reply = &reply
		s.Greeting = evidence.Greeting{Step: step, Service: evidence.ServiceSMTP, Reply: &reply}
		s.Secure, s.Capability = evidence.Secure{}, evidence.Capability{}
	}
}

// also adds a second address with what it presents.
func also(second evidence.Secure, changes ...func(*evidence.Secure)) func(*evidence.Session) {
	return func(s *evidence.Session) {
		for _, change := range changes {
			change(&second)
		}
		s.Dials = append(s.Dials, evidence.Dial{Address: "192.0.2.2:25", Step: evidence.Step{State: evidence.Done}, Secure: &second})
	}
}

func staple(status string, proven evidence.Seen) func(*evidence.Session) {
	return func(s *evidence.Session) {
		s.Secure.Staple = &evidence.Staple{Status: status, Proven: proven, RevokedAt: now.Add(-hour)}
	}
}

func asked(s *evidence.Session) { s.Secure.Wanted = evidence.Yes }

// TestSecure: each code of the way to TLS fires for its own evidence, alone and in full,
// and for none that looks like it.
func TestSecure(t *testing.T) {
	const avast = "CN=Avast Web/Mail Shield Root,O=Avast Web/Mail Shield"
	ended := func(s *evidence.Session) { expired(&s.Secure) }
	for _, c := range []struct {
		name     string
		sessions []evidence.Session
		want     string // code, path and, unless certain, how sure
	}{
		{"healthy", []evidence.Session{secured(587), secured(25)}, ""},

		{"a product, trusted", []evidence.Session{secured(587, issued(avast, true))}, "MM401 smtp-587"},
		{"a product with copied timestamps", []evidence.Session{secured(587, issued(avast, true), func(s *evidence.Session) { s.Secure.Chain[0].Logged = true })}, "MM401 smtp-587"},

		{"only old versions", []evidence.Session{secured(587, unsecured(evidence.Alert, 70, worked(evidence.HelloOld, "TLS 1.1")))}, "MM405 smtp-587"},
		{"the same failure on another port of the host", []evidence.Session{secured(587, unsecured(evidence.Alert, 70, worked(evidence.HelloOld, "TLS 1.1"))), secured(25, unsecured(evidence.Alert, 70))}, "MM405 smtp-587, MM405 smtp-25"},
		{"another failure on another port of the host", []evidence.Session{secured(587, unsecured(evidence.Alert, 70, worked(evidence.HelloOld, "TLS 1.1"))), secured(25, unsecured(evidence.Alert, 80))}, "MM405 smtp-587, MM416 smtp-25 likely"},
		{"silence, but to old versions", []evidence.Session{secured(587, unsecured(evidence.Timeout, 0, failed(evidence.HelloSmall, evidence.Timeout), worked(evidence.HelloOld, "TLS 1.0")))}, "MM405 smtp-587 likely"},
		{"silence, but to anything small", []evidence.Session{secured(587, unsecured(evidence.Timeout, 0, worked(evidence.HelloSmall, "TLS 1.3"), worked(evidence.HelloOld, "TLS 1.1")))}, "MM416 smtp-587 possible"},
		{"silence, but in small packets", []evidence.Session{secured(587, unsecured(evidence.Timeout, 0, failed(evidence.HelloSmall, evidence.Timeout), worked(evidence.HelloClamped, "TLS 1.3"), worked(evidence.HelloOld, "TLS 1.1")))}, "MM416 smtp-587 possible"},
		{"old versions are refused as well", []evidence.Session{secured(587, unsecured(evidence.Alert, 70, failed(evidence.HelloOld, evidence.Alert)))}, "MM416 smtp-587 likely"},

		{"only withdrawn suites", []evidence.Session{secured(587, unsecured(evidence.Alert, 40, failed(evidence.HelloOld, evidence.Alert), worked(evidence.HelloRSA, "TLS 1.2")))}, "MM414 smtp-587"},
		{"withdrawn suites are refused as well", []evidence.Session{secured(587, unsecured(evidence.Alert, 40, failed(evidence.HelloRSA, evidence.Alert)))}, "MM416 smtp-587 likely"},

		{"revoked", []evidence.Session{secured(587, staple("revoked", evidence.Yes))}, "MM417 smtp-587"},
		{"revoked, says somebody", []evidence.Session{secured(587, staple("revoked", evidence.No))}, ""},
		{"stapled and good", []evidence.Session{secured(587, staple("good", evidence.Yes))}, ""},

		{"demands a client certificate in TLS 1.3", []evidence.Session{secured(587, asked, func(s *evidence.Session) { s.Capability.Step = fails(evidence.Alert, 116) })}, "MM418 smtp-587"},
		{"demands a client certificate in TLS 1.2", []evidence.Session{secured(587, unsecured(evidence.Alert, 40), asked)}, "MM418 smtp-587"},
		{"asks for a client certificate", []evidence.Session{secured(587, asked)}, ""},
		{"asks for one, and fails for another reason", []evidence.Session{secured(587, unsecured(evidence.Alert, 80), asked)}, "MM416 smtp-587 likely"},

		{"the other address is expired", []evidence.Session{secured(587, also(right("smtp.example.net"), expired))}, "MM419 smtp-587"},
		{"this address speaks an old TLS only, the other is right", []evidence.Session{secured(587, unsecured(evidence.Alert, 70, worked(evidence.HelloOld, "TLS 1.1")), also(right("smtp.example.net")))}, "MM405 smtp-587 likely"},
		{"this address is expired, the other is not", []evidence.Session{secured(587, also(right("smtp.example.net")), ended)}, "MM419 smtp-587"},
		{"two addresses, two good certificates", []evidence.Session{secured(587, also(right("smtp.example.net"), func(s *evidence.Secure) { s.Chain[0].SHA256 = "other"; s.Chain[0].NotAfter = now.Add(2400 * hour) }))}, ""},
		{"both addresses are expired", []evidence.Session{secured(587, also(right("smtp.example.net"), expired), ended), secured(465, func(s *evidence.Session) { s.Path.Host = "mail.example.net" })}, "MM403 smtp-587"},

		{"expired, and for another name", []evidence.Session{secured(587, ended, misnamed), secured(25)}, "MM404 smtp-587"},
		{"expired, and of an unknown authority", []evidence.Session{secured(587, ended, func(s *evidence.Session) {
			s.Secure.Judged.Chain, s.Secure.Judged.ChainWhy = evidence.No, "unknown-authority"
		}), secured(25)}, "MM403 smtp-587"},
		{"of an unknown authority", []evidence.Session{secured(587, issued("CN=Own CA", false)), secured(25)}, "MM412 smtp-587"},

		{"expired, by a certificate whose end was not recorded", []evidence.Session{secured(587, ended, func(s *evidence.Session) { s.Secure.Chain[0].NotAfter = time.Time{} })}, ""},

		{"a list names this address", []evidence.Session{secured(25, refusing(evidence.Reply{Status: "554", Enhanced: "5.7.1", Text: "Service unavailable; Client host [192.0.2.50] blocked using zen.spamhaus.org"}))}, "MM507 smtp-25"},
		{"the server may not ask the list", []evidence.Session{secured(25, refusing(evidence.Reply{Status: "554", Enhanced: "5.7.1", Text: "Client host blocked using zen.spamhaus.org; Error: open resolver"}))}, "MM508 smtp-25"},
		{"refused for another reason", []evidence.Session{secured(25, refusing(evidence.Reply{Status: "554", Enhanced: "5.7.1", Text: "no service here"}))}, "MM508 smtp-25"},
	} {
		e := &evidence.Evidence{Run: evidence.Run{At: now}, Sessions: c.sessions}
		var got []string
		for _, f := range Run(e, All()) {
			if f.Stage != StageTLS && f.Stage != StageGreeting && f.Stage != StageCapability {
				continue
			}
			line := fmt.Sprintf("%s %s", f.Code, f.Path)
			if f.Sure != Certain {
				line += " " + string(f.Sure)
			}
			got = append(got, line)
			if len(f.Facts) == 0 || len(f.Advice) == 0 || strings.Contains(say.Join(f.Advice...).String(), "switch off the antivirus") {
				t.Errorf("%s: %s: facts %v, advice %v, want some of each", c.name, f.Code, f.Facts, f.Advice)
			}
		}
		if line := strings.Join(got, ", "); line != c.want {
			t.Errorf("%s: got %q, want %q", c.name, line, c.want)
		}
	}
}

// TestDiffersNow: where the address of this run is the wrong one, mail does not work now.
func TestDiffersNow(t *testing.T) {
	for want, s := range map[Severity]evidence.Session{
		Warning: secured(587, also(right("smtp.example.net"), expired)),
		Fault:   secured(587, also(right("smtp.example.net")), func(s *evidence.Session) { expired(&s.Secure) }),
	} {
		found := Run(&evidence.Evidence{Run: evidence.Run{At: now}, Sessions: []evidence.Session{s}}, []Check{certificateDiffers})
		if len(found) != 1 || found[0].Severity != want {
			t.Errorf("got %v, want one %s", found, want)
		}
	}
}

// TestRenewed: an old certificate beside a new one was not read again, and the report says so.
func TestRenewed(t *testing.T) {
	old := secured(25, func(s *evidence.Session) { expired(&s.Secure) })
	for want, others := range map[string][]evidence.Session{
		"Port 587 of the same server already has a newer one": {secured(587)},
		"": {secured(587, func(s *evidence.Session) { s.Path.Host = "mail.example.net" })},
	} {
		found := certificateExpired.Run(&evidence.Evidence{Run: evidence.Run{At: now}, Sessions: append(slices.Clone(others), old)})
		if len(found) != 1 || !strings.Contains(found[0].Text.String(), want) || want == "" && strings.Contains(found[0].Text.String(), "newer") {
			t.Errorf("got %v, want one that says %q", found, want)
		}
	}
}

// TestClockProven: whether a date is the certificate's fault depends on whose clock is right.
func TestClockProven(t *testing.T) {
	read := func(source evidence.ClockSource, ahead time.Duration) evidence.Clock {
		return evidence.Clock{Source: source, Theirs: now.Add(ahead), Ours: now}
	}
	for _, c := range []struct {
		name   string
		clocks []evidence.Clock
		want   Sure
	}{
		{"nobody says", nil, Possible},
		{"the web server agrees", []evidence.Clock{read(evidence.ClockHTTP, time.Minute)}, Certain},
		{"the web server is a day ahead: it has ended by that too", []evidence.Clock{read(evidence.ClockHTTP, 24*hour)}, Certain},
		{"the web server is a month behind", []evidence.Clock{read(evidence.ClockHTTP, -30*24*hour)}, Possible},
		{"others disagree", []evidence.Clock{read(evidence.ClockHTTP, 0), read(evidence.ClockGreeting, hour)}, Possible},
		{"an old message says nothing", []evidence.Clock{read(evidence.ClockMessage, 0)}, Possible},
	} {
		e := &evidence.Evidence{Run: evidence.Run{At: now}, Clocks: c.clocks, Sessions: []evidence.Session{secured(587, func(s *evidence.Session) { expired(&s.Secure) })}}
		found := Run(e, []Check{certificateExpired})
		if len(found) != 1 || found[0].Sure != c.want {
			t.Errorf("%s: got %v, want %s", c.name, found, c.want)
		}
	}
}

func TestBlocklist(t *testing.T) {
	for _, c := range []struct {
		enhanced, text string
		want           bool
	}{
		{"5.7.1", "Service unavailable; Client host [192.0.2.50] blocked using zen.spamhaus.org", true},
		{"", "Your address 192.0.2.50 is listed in our DNSBL", true},
		{"5.7.1", "192.0.2.50 is blacklisted", true},
		{"", "Access denied, listed by dul.example", true},
		{"5.1.1", "User alice not listed in Domino Directory", false},
		{"", "alice@example.net is not listed in the directory", false},
		{"5.1.1", "recipient is on our blacklist", false},
		{"", "the queue absorbs no more", false},
		{"4.7.0", "Greylisted, try again later", false},
		{"5.7.1", "Relay access denied", false},
	} {
		if got := blocklist(&evidence.Reply{Status: "550", Enhanced: c.enhanced, Text: c.text}); got != c.want {
			t.Errorf("%s %s: got %v, want %v", c.enhanced, c.text, got, c.want)
		}
	}
}

// TestListedAtOneAddress: where the greeting came, and only the recipient was refused, the
// other address of the host is no way out.
func TestListedAtOneAddress(t *testing.T) {
	elsewhere := evidence.Dial{Address: "192.0.2.2:25", Step: evidence.Step{State: evidence.Done}, Greeting: &evidence.Greeting{Step: evidence.Step{State: evidence.Done}}}
	reply := evidence.Reply{Status: "554", Enhanced: "5.7.1", Text: "Client host [192.0.2.50] blocked using zen.spamhaus.org"}
	for _, c := range []struct {
		name    string
		session evidence.Session
		sure    Sure
		chance  bool
	}{
		{"in the greeting", secured(587, refusing(reply)), Likely, true},
		{"at RCPT TO", secured(587, func(s *evidence.Session) { s.Envelope = &evidence.Envelope{RcptTo: &reply} }), Certain, false},
	} {
		c.session.Dials = append(c.session.Dials, elsewhere)
		found := Run(&evidence.Evidence{Run: evidence.Run{At: now}, Sessions: []evidence.Session{c.session}}, []Check{addressBlocklisted})
		if len(found) != 1 || found[0].Sure != c.sure || strings.Contains(found[0].Text.String(), "it is chance") != c.chance {
			t.Errorf("%s: got %+v, want one finding that is %s, chance named: %t", c.name, found, c.sure, c.chance)
		}
	}
}

// TestOtherName: a name is advised only where it is the provider's and the run saw it
// working, and a stranger's is called one.
func TestOtherName(t *testing.T) {
	named := func(name string, kin evidence.Seen) func(*evidence.Session) {
		return func(s *evidence.Session) {
			s.Secure.Chain[0].Names, s.Secure.Judged.Kin = []string{name}, kin
		}
	}
	seen := func(s *evidence.Session) {
		s.Looks = []evidence.Look{{Hello: evidence.HelloName, Name: s.Secure.Chain[0].Names[0], Judged: evidence.Judgement{Verified: true}}}
	}
	for _, c := range []struct {
		name    string
		session evidence.Session
		want    string
		never   string
	}{
		{"seen working", secured(587, misnamed, named("mail.example.net", evidence.Yes), seen), "server mail.example.net, port 587", "If you do not know"},
		{"not seen", secured(587, misnamed), "If you do not know nas.local.example, a stranger's server may stand there", "server nas.local.example"},
		{"of the same domain, not seen", secured(587, misnamed, named("mail.example.net", evidence.Yes)), "Try again in half an hour", "If you do not know"},
		{"a stranger's, seen working", secured(587, misnamed, named("mail.evil.example", evidence.No), seen), "a stranger's server may stand there", "server mail.evil.example"},
		{"two labels in common, which anybody can have", secured(587, misnamed, named("evil.example.net", evidence.No), seen), "a stranger's server may stand there", "server evil.example.net"},

		// Records from before the run judged whose name it is.
		{"old: below the provider's domain", secured(587, misnamed, named("mail.own.example", ""), seen), "server mail.own.example, port 587", "If you do not know"},
		{"old: a stranger's, seen working", secured(587, misnamed, named("mail.evil.example", ""), seen), "a stranger's server may stand there", "server mail.evil.example"},
		{"old: like the provider's domain", secured(587, misnamed, named("evilown.example", ""), seen), "a stranger's server may stand there", "server evilown.example"},
		{"old: two labels in common", secured(587, misnamed, named("evil.example.net", ""), seen), "Try again in half an hour", "server evil.example.net"},
	} {
		e := &evidence.Evidence{Run: evidence.Run{At: now}, Sessions: []evidence.Session{c.session}}
		e.Profile.Paths, e.Profile.Domains = []profile.Path{c.session.Path}, []string{"own.example"}
		found := Run(e, []Check{certificateOtherName})
		if len(found) != 1 {
			t.Fatalf("%s: got %d findings, want one", c.name, len(found))
		}
		if advice := found[0].Advice; !strings.Contains(advice[0].String(), c.want) || strings.Contains(say.Join(advice...).String(), c.never) {
			t.Errorf("%s: got %q, want %q first and no %q", c.name, advice, c.want, c.never)
		}
		if name := found[0].Params["name"]; name != "" && !strings.Contains(c.want, name) {
			t.Errorf("%s: got the name %q for the page", c.name, name)
		}
	}
}
