package probe

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// canary is a password with everything that a protocol might trip over.
const canary = `Kanari "7" \xQ% ø{12}`

// start brings up the seed provider with the faults, and a plan for alice on it.
func start(t *testing.T, change func(*mailtest.Options, *Options)) (*mailtest.Provider, Plan) {
	t.Helper()
	m := mailtest.Options{Profile: runbox(t), Users: []mailtest.User{{Name: "alice", Password: canary}}}
	o := Options{Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own}, ProfileBecause: "domain", Messages: 200}
	if change != nil {
		change(&m, &o)
	}
	provider, err := mailtest.Start(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { provider.Close() })
	if o.Dial == nil {
		o.Dial = provider.Dial
	}
	o.Resolver, o.Roots = provider.Resolver(), provider.Roots()
	return provider, NewPlan(m.Profile, o)
}

func gather(t *testing.T, plan Plan) *evidence.Evidence {
	t.Helper()
	e, err := Run(t.Context(), plan, Credentials{NewSecret([]byte(canary))})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestListenerBreaks: who only listens to a run does not end it. What broke stands in the record.
func TestListenerBreaks(t *testing.T) {
	calls := 0
	_, plan := start(t, func(_ *mailtest.Options, o *Options) {
		o.Progress = func(Event) { calls++; panic("the bar broke") }
	})
	e := gather(t, plan)
	if e.Run.Broken != "the bar broke" || calls != 1 {
		t.Errorf("got %q after %d calls, want the words of the first panic", e.Run.Broken, calls)
	}
	if s := e.Session("imap-993"); !s.Login.Done() {
		t.Errorf("got login %+v, want a run that went on", s.Login)
	}
}

// TestHealthy asks that every step of every path is done, and that the session was
// ended as its protocol wants it.
func TestHealthy(t *testing.T) {
	provider, plan := start(t, nil)
	e := gather(t, plan)
	for _, s := range e.Sessions {
		steps := map[string]evidence.Step{
			"greeting": s.Greeting.Step, "tls": s.Secure.Step, "capability": s.Capability.Step, "login": s.Login, "farewell": s.Farewell,
		}
		if s.Path.Protocol == profile.IMAP {
			steps["folders"] = s.Folders.Step
		}
		for name, step := range steps {
			if !step.Done() {
				t.Errorf("%s %s: got %s %v, want done", s.ID(), name, step.State, step.Failure)
			}
		}
		if !s.Secure.Judged.Verified {
			t.Errorf("%s: certificate is not verified: %+v", s.ID(), s.Secure.Judged)
		}
	}
	if got := len(e.Logins); got != 6 {
		t.Errorf("logins: got %d, want 6", got)
	}
	for path, n := range provider.Connections() {
		if n != 1 {
			t.Errorf("%s: got %d connections, want 1", path, n)
		}
	}
}

// forms are the ways in which a password could be on a wire or in a record.
func forms(password, name string) map[string][]byte {
	return map[string][]byte{
		"plain":      []byte(password),
		"quoted":     []byte(quote(password)),
		"base64":     []byte(base64.StdEncoding.EncodeToString([]byte(password))),
		"AUTH PLAIN": []byte(base64.StdEncoding.EncodeToString([]byte("\x00" + name + "\x00" + password))),
		"JSON":       []byte(strings.Trim(fmt.Sprintf("%q", password), `"`)),
	}
}

// TestUnverifiedOnlyWhenAllowed is the one way past the gate, and it is for one path.
func TestUnverifiedOnlyWhenAllowed(t *testing.T) {
	provider, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Faults = map[string]mailtest.Fault{"imap-993": {Certificate: mailtest.SelfSigned}, "imap-143": {Certificate: mailtest.SelfSigned}}
		o.Only, o.AllowUnverified = []string{"imap-993", "imap-143"}, []string{"imap-993"}
	})
	e := gather(t, plan)
	if len(e.Logins) != 1 || e.Logins[0].Path != "imap-993" || e.Logins[0].Result != evidence.Accepted {
		t.Errorf("logins: got %+v, want one on imap-993", e.Logins)
	}
	if len(provider.Logins()) != 1 {
		t.Errorf("the servers saw %d logins, want 1", len(provider.Logins()))
	}
	if got := fmt.Sprint(e.Run.Unverified); got != "[imap-993]" {
		t.Errorf("the record tells of %s, want [imap-993]", got)
	}
}

// TestAllowedButRevoked: the user may trust a line that is opened on the way, and never
// a certificate that its own authority has taken back.
func TestAllowedButRevoked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*mailtest.Options)
		logins int
	}{
		"opened on the way": {func(m *mailtest.Options) {
			m.Intercept = mailtest.Intercept{Issuer: "Avast Web/Mail Shield Root", Trusted: true}
		}, 1},
		"revoked": {func(m *mailtest.Options) {
			m.Faults = map[string]mailtest.Fault{"imap-993": {Staple: mailtest.StapleRevoked}}
		}, 0},
		"said to be revoked, by nobody who could know": {func(m *mailtest.Options) {
			m.Faults = map[string]mailtest.Fault{"imap-993": {Staple: mailtest.StapleForged}}
		}, 1},
	} {
		provider, plan := start(t, func(m *mailtest.Options, o *Options) {
			c.change(m)
			o.Only, o.AllowUnverified = []string{"imap-993"}, []string{"imap-993"}
		})
		e := gather(t, plan)
		if got := len(provider.Logins()); got != c.logins || len(e.Logins) != c.logins {
			t.Errorf("%s: the server saw %d logins and the record has %d, want %d; login %+v", name, got, len(e.Logins), c.logins, e.Sessions[0].Login)
		}
	}
}

// TestInterceptorIsNamed tells the user what kept the password back.
func TestInterceptorIsNamed(t *testing.T) {
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Intercept = mailtest.Intercept{Issuer: "Avast Web/Mail Shield Root", Trusted: true}
		o.Only = []string{"imap-993"}
	})
	if got, want := gather(t, plan).Sessions[0].Login.Reason, "Avast opens the connection on the way, so the password was kept back"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestEchoedPassword has a server repeat the password in every answer to the login. No
// part of the record may hold it.
func TestEchoedPassword(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + canary))
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		o.Only = []string{"imap-993"}
		m.Faults = map[string]mailtest.Fault{"imap-993": {Script: "tls\n> * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\n< AUTHENTICATE\n" +
			"> * OK I heard " + plain + "\n> $tag NO [AUTHENTICATIONFAILED] " + canary + " and " + plain + "\n< LOGOUT\n> $tag OK bye\nclose"}}
	})
	e := gather(t, plan)
	if len(e.Logins) != 1 || e.Logins[0].Reply == nil || e.Logins[0].Reply.Code != "AUTHENTICATIONFAILED" {
		t.Fatalf("logins: got %+v, want one rejected", e.Logins)
	}
	record := fmt.Sprintf("%+v %+v", e.Logins[0].Reply, e.Sessions)
	for _, s := range e.Sessions {
		record += fmt.Sprintf("%+v %+v", s.Wire, s.Login.Failure)
	}
	for form, secret := range forms(canary, "alice") {
		if strings.Contains(record, string(secret)) {
			t.Errorf("the record holds the password (%s)", form)
		}
	}
}

// TestDeadline ends a run whose servers never answer, and says so instead of reading
// timeouts into it.
func TestDeadline(t *testing.T) {
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Faults = map[string]mailtest.Fault{"imap-993": {Reach: mailtest.Dropped}, "imap-143": {Greeting: mailtest.Silent}}
		o.Only, o.Deadline = []string{"imap-993", "imap-143"}, 2*time.Second
	})
	e := gather(t, plan)
	if e.Run.Ended != evidence.Deadline {
		t.Errorf("ended: got %q, want %q", e.Run.Ended, evidence.Deadline)
	}
	if f := e.Session("imap-993").Dials[0].Step.Failure; f == nil || f.Kind != evidence.Cancelled {
		t.Errorf("dial: got %+v, want cancelled", f)
	}
	if f := e.Session("imap-143").Greeting.Step.Failure; f == nil || f.Kind != evidence.Cancelled {
		t.Errorf("greeting: got %+v, want cancelled", f)
	}
}

// TestStopped ends a run as Ctrl-C does: what is known stays.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	_, plan := start(t, func(m *mailtest.Options, o *Options) {
		m.Faults = map[string]mailtest.Fault{"imap-993": {Greeting: mailtest.Silent}}
		o.Only = []string{"imap-993", "smtp-587"}
		o.Progress = func(e Event) {
			if e.Path == "smtp-587" && e.Stage == "done" {
				stop()
			}
		}
	})
	e, err := Run(ctx, plan, Credentials{NewSecret([]byte(canary))})
	if err != nil {
		t.Fatal(err)
	}
	if e.Run.Ended != evidence.Stopped {
		t.Errorf("ended: got %q, want %q", e.Run.Ended, evidence.Stopped)
	}
	if !e.Session("smtp-587").Capability.Step.Done() {
		t.Errorf("smtp-587: got %+v, want what was known", e.Session("smtp-587").Capability.Step)
	}
}

// TestNamesDiffer has receiving accept the name as typed and sending the one that the
// profile wants. Both show, on one path of sending, at the cost of one rejection.
func TestNamesDiffer(t *testing.T) {
	provider, plan := start(t, func(m *mailtest.Options, o *Options) {
		o.Account.Login = "alice@runbox.com"
		m.Faults = map[string]mailtest.Fault{}
		for _, id := range []string{"imap-993", "imap-143", "imap-1143"} {
			m.Faults[id] = mailtest.Fault{Users: []mailtest.User{{Name: "alice@runbox.com", Password: canary}}}
		}
	})
	e := gather(t, plan)
	rejected := 0
	for _, l := range provider.Logins() {
		if !l.OK {
			rejected++
		}
	}
	var sending []string
	for _, l := range e.Logins {
		if l.Path == "smtp-587" {
			sending = append(sending, l.Name+" "+string(l.Result))
		}
	}
	if want := []string{"alice@runbox.com rejected", "alice accepted"}; rejected != 1 || !slices.Equal(sending, want) {
		t.Errorf("%d rejections, smtp-587 %q; want one, %q; all: %+v", rejected, sending, want, e.Logins)
	}
	for _, s := range e.Sessions {
		if !s.Login.Done() {
			t.Errorf("%s: login %+v, want done", s.ID(), s.Login)
		}
	}
}

// TestStepsAddUp has a step end and the next begin within one millisecond. Whoever sorts by
// the end of a step must find them in the order in which they happened.
func TestStepsAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &run{start: time.Now()}
		time.Sleep(10600 * time.Microsecond)
		rejected := r.begin()
		time.Sleep(600 * time.Microsecond)
		first := rejected.done()
		time.Sleep(100 * time.Microsecond)
		accepted := r.begin()
		time.Sleep(300 * time.Microsecond)
		second := accepted.done()
		if first.At+first.Took > second.At || second.At+second.Took != 12 {
			t.Errorf("%d+%d ms, then %d+%d ms; want the first to be over when the second begins, and that at 12", first.At, first.Took, second.At, second.Took)
		}
	})
}
