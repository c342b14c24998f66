package probe

import (
	"crypto/tls"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/mailtest/leak"
	"mailmedic/probe/profile"
)

// swept is a fault of the sweep over all that mailtest can do.
type swept struct {
	fault   mailtest.Fault
	listens bool // the server hears us to the end, so each connection has to end with a goodbye
	clear   bool // where TLS is due at once, what the server reads is a hello and no command
}

// faults has every fault of mailtest, each alone.
func faults() map[string]swept {
	type f = mailtest.Fault
	all := map[string]swept{
		"healthy":          {f{}, true, false},
		"TLS on all":       {f{Encryption: profile.TLS}, false, false},
		"STARTTLS on all":  {f{Encryption: profile.STARTTLS}, false, true},
		"no TLS on any":    {f{Encryption: profile.None}, false, true},
		"TLS 1.1":          {f{MaxTLS: tls.VersionTLS11}, false, false},
		"TLS 1.2":          {f{MaxTLS: tls.VersionTLS12}, true, false},
		"late":             {f{Late: 20 * time.Millisecond}, true, false},
		"no STARTTLS":      {f{NoSTARTTLS: true}, true, false},
		"stripped":         {f{Stripped: true}, false, false},
		"blocked":          {f{Blocked: true}, true, false},
		"no AUTH":          {f{NoAuth: true}, true, false},
		"hello of 600":     {f{HelloLimit: 600}, false, false},
		"pieces of 1200":   {f{Loses: 1200}, false, false},
		"old suites":       {f{OldSuites: true}, false, false},
		"cert names":       {f{CertNames: []string{"mail.runbox.com"}}, true, false},
		"old certificate":  {f{CertAge: 80 * 24 * time.Hour}, true, false},
		"banner":           {f{Banner: "ready Mon, 23 Nov 2026 00:10:20 +0000"}, true, false},
		"plain SMTP":       {f{Plain: true}, true, false},
		"near":             {f{Near: true}, true, false},
		"nobody":           {f{Users: []mailtest.User{{Name: "nobody", Password: "x"}}}, true, false},
		"other forms":      {f{Users: []mailtest.User{{Name: "alice@runbox.com", Password: leak.Password}}}, true, false},
		"open":             {f{Open: true}, true, false},
		"over quota":       {f{Quota: [2]int64{100, 100}}, true, false},
		"few capabilities": {f{Caps: []string{"IMAP4rev1", "AUTH=PLAIN"}}, true, false},
		"many capabilities": {f{Caps: []string{
			"IMAP4rev1", "AUTH=PLAIN", "SASL-IR", "NAMESPACE", "QUOTA", "LIST-EXTENDED", "LIST-STATUS", "SPECIAL-USE", "UIDPLUS", "MOVE", "ENABLE", "CONDSTORE", "IDLE", "ID", "COMPRESS=DEFLATE",
		}}, false, false},
		"a relay":  {f{Elsewhere: "relay.example.net"}, false, false},
		"a script": {f{Script: "> ready\nstall"}, false, true},
		"masked":   {f{Masked: true}, false, false},
	}
	for _, x := range []mailtest.Reach{mailtest.Dropped, mailtest.Refused, mailtest.RefusedNearby, mailtest.Unreachable} {
		all["reach "+string(x)] = swept{f{Reach: x}, false, false}
	}
	for _, x := range []mailtest.Greeting{mailtest.Silent, mailtest.Closed, mailtest.Busy, mailtest.HTTP, mailtest.POP3, mailtest.SSH} {
		all["greeting "+string(x)] = swept{f{Greeting: x}, false, false}
	}
	for _, x := range []mailtest.Flaw{
		mailtest.Expired, mailtest.EndsSoon, mailtest.NotYetValid, mailtest.OtherName, mailtest.SelfSigned, mailtest.Incomplete,
		mailtest.PrivateAuthority, mailtest.ExpiredPrivate,
	} {
		all["certificate "+string(x)] = swept{f{Certificate: x}, true, false}
	}
	for _, x := range []mailtest.Staple{mailtest.StapleGood, mailtest.StapleRevoked, mailtest.StapleForged} {
		all["staple "+string(x)] = swept{f{Staple: x}, true, false}
	}
	for _, x := range answersOf() {
		all["login "+string(x)] = swept{f{Login: x}, true, false}
	}
	for _, x := range []mailtest.Hello{mailtest.HelloReset, mailtest.HelloSilent, mailtest.HelloClosed, mailtest.HelloGarbage} {
		all["hello "+string(x)] = swept{f{Hello: x}, false, false}
	}
	for _, x := range []byte{40, 70, 80} {
		all[fmt.Sprint("alert ", x)] = swept{f{Alert: x}, false, false}
	}
	for _, x := range []int{1, 100, 1000, 2500, 4000, 6000} {
		all[fmt.Sprint("closed after ", x)] = swept{f{CloseAfter: x}, false, false}
	}
	all["client certificate asked"] = swept{f{WantCert: mailtest.CertAsked}, true, false}
	all["client certificate demanded"] = swept{f{WantCert: mailtest.CertDemanded}, false, false}
	return all
}

// answersOf are the refusals of a login that mailtest knows.
func answersOf() []mailtest.Answer {
	return []mailtest.Answer{mailtest.Rejected, mailtest.Unavailable, mailtest.Limit, mailtest.Ended, mailtest.ContactAdmin, mailtest.AppPassword}
}

// TestSweepHasEachFault: a fault that mailtest learns has to be swept too.
func TestSweepHasEachFault(t *testing.T) {
	var missing []string
	for i := range reflect.TypeFor[mailtest.Fault]().NumField() {
		set := func(s swept) bool { return !reflect.ValueOf(s.fault).Field(i).IsZero() }
		if !slices.ContainsFunc(slices.Collect(maps.Values(faults())), set) {
			missing = append(missing, reflect.TypeFor[mailtest.Fault]().Field(i).Name)
		}
	}
	if len(missing) > 0 {
		t.Errorf("no world has %q", missing)
	}
}

// TestReadOnly holds every command that a server received against the list of those that
// change nothing: whatever is wrong with all paths, or with receiving alone, with the
// envelope and without. The name that is typed first is rejected where names are looked at.
func TestReadOnly(t *testing.T) {
	all := faults()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, envelope := range []bool{true, false} {
			if testing.Short() && !envelope {
				continue
			}
			t.Run(fmt.Sprintf("%s, envelope %t", name, envelope), func(t *testing.T) {
				t.Parallel()
				provider, plan := startWith(t, func(m *mailtest.Options, o *Options) {
					o.Envelope, o.Account.Login = envelope, "alice@runbox.com"
					on := []string{"imap", "smtp"}
					if !envelope {
						on = on[:1]
					}
					faulty(m, all[name].fault, on...)
					if all[name].listens {
						o.Timeout, o.Deadline = 0, 0 // nothing has to be waited for, and a goodbye must not be missed
						return
					}
					o.Timeout, o.Deadline = 200*time.Millisecond, 5*time.Second
				})
				if all[name].listens {
					plan.Budget.Farewell = plan.Budget.Step
				}
				e := gatherWith(t, plan)
				if all[name].clear {
					plan.Targets = slices.DeleteFunc(plan.Targets, func(t Target) bool { return t.Path.Encryption == profile.TLS })
				}
				readOnly(t, provider, plan)
				if all[name].listens {
					goodbyes(t, provider, plan)
				}
				for i := range e.Sessions {
					if b := e.Sessions[i].Broken; b != "" {
						t.Errorf("%s: broken: %s", e.Sessions[i].ID(), b)
					}
				}
			})
		}
	}
}

// TestScenariosAreReadOnly does the same for the worlds of the demo.
func TestScenariosAreReadOnly(t *testing.T) {
	for _, s := range mailtest.Scenarios() {
		for _, envelope := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, envelope %t", s.Name, envelope), func(t *testing.T) {
				t.Parallel()
				p, err := profile.Load(s.Profile)
				if err != nil {
					t.Fatal(err)
				}
				provider, err := s.Start(p)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { provider.Close() })
				plan := NewPlan(p, Options{
					Account: s.Account, Envelope: envelope, Messages: 200, ProfileBecause: evidence.ByUser,
					Dial: provider.Dial, Resolver: provider.Resolver(), Roots: provider.Roots(), Deadline: 15 * time.Second,
				})
				plan.Budget.Farewell = plan.Budget.Step
				if s.Name == "port-25-blocked" {
					plan.Budget.Step = 2 * time.Second
				}
				if _, err := Run(t.Context(), plan, Credentials{NewSecret([]byte(s.Password))}); err != nil {
					t.Fatal(err)
				}
				readOnly(t, provider, plan)
				goodbyes(t, provider, plan)
			})
		}
	}
}

// readOnly asks of each command that arrived whether it changes nothing.
func readOnly(t *testing.T, provider *mailtest.Provider, plan Plan) {
	t.Helper()
	for _, target := range plan.Targets {
		for _, line := range provider.Commands(target.Path.ID()) {
			ok := harmlessSMTP(line, address(plan.Options.Account), plan.Options.Envelope)
			if target.Path.Protocol == profile.IMAP {
				ok = harmlessIMAP(line)
			}
			if !ok {
				t.Errorf("%s received %.80q, which is not on the read-only list", target.Path.ID(), line)
			}
		}
	}
}

func harmlessIMAP(line string) bool {
	words := strings.Fields(line)
	if len(words) < 2 {
		return false
	}
	switch strings.ToUpper(words[1]) {
	case "CAPABILITY", "STARTTLS", "NAMESPACE", "LOGOUT":
		return len(words) == 2
	case "AUTHENTICATE", "LOGIN", "LIST", "LSUB", "STATUS", "EXAMINE", "GETQUOTAROOT":
		return true
	case "FETCH":
		return strings.Count(line, "BODY[")+strings.Count(line, "RFC822") == 0 // what reads without PEEK marks as read
	}
	return false
}

func harmlessSMTP(line, own string, envelope bool) bool {
	word, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(word) {
	case "EHLO", "STARTTLS", "AUTH", "QUIT":
		return true
	case "MAIL":
		return envelope && strings.HasPrefix(rest, "FROM:<"+own+">")
	case "RCPT":
		return envelope && rest == "TO:<"+own+">"
	case "RSET":
		return envelope
	}
	return false
}

// TestHarmlessKnowsHarm: the list above has to refuse what does harm.
func TestHarmlessKnowsHarm(t *testing.T) {
	for _, line := range []string{
		"m1 SELECT INBOX", "m1 STORE 1 +FLAGS (\\Seen)", "m1 FETCH 1 (BODY[])", "m1 FETCH 1 RFC822", "m1 APPEND INBOX {3}", "m1 EXPUNGE", "m1 CREATE x",
		"m1 SUBSCRIBE x", "m1 CLOSE", "m1 UID STORE 1", "m1 DELETE x", "m1 ENABLE CONDSTORE", "m1 ID NIL", "m1", "",
	} {
		if harmlessIMAP(line) {
			t.Errorf("%q passes as harmless", line)
		}
	}
	for _, line := range []string{"DATA", "BDAT 3", "MAIL FROM:<bob@example.org>", "RCPT TO:<bob@example.org>", "VRFY alice", "ETRN x", "HELP"} {
		if harmlessSMTP(line, "alice@runbox.com", true) {
			t.Errorf("%q passes as harmless", line)
		}
	}
	if harmlessSMTP("MAIL FROM:<alice@runbox.com>", "alice@runbox.com", false) {
		t.Error("MAIL passes where no envelope was asked for")
	}
}

// goodbyes asks of each path whether every connection to it ended with LOGOUT or QUIT.
func goodbyes(t *testing.T, provider *mailtest.Provider, plan Plan) {
	t.Helper()
	for _, target := range plan.Targets {
		id, got := target.Path.ID(), 0
		commands := provider.Commands(id)
		for _, line := range commands {
			if _, command, _ := strings.Cut(line, " "); command == "LOGOUT" || line == "QUIT" {
				got++
			}
		}
		if want := provider.Connections()[id]; got != want {
			t.Errorf("%s heard %d goodbyes on %d connections: %q", id, got, want, commands)
		}
	}
}

// TestRejectedLogins counts on the servers' side, whatever name was typed and whatever all
// of them say.
func TestRejectedLogins(t *testing.T) {
	for _, answer := range append(answersOf(), "") {
		for budget := 1; budget <= 4; budget++ {
			for _, typed := range []string{"", "alice", "alice@runbox.com"} {
				provider, plan := startWith(t, func(m *mailtest.Options, o *Options) {
					faulty(m, mailtest.Fault{Login: answer}, "imap", "smtp")
					o.Account.Login, o.LoginAttempts = typed, budget
					o.Timeout = 0
				})
				gatherWith(t, plan)
				want := min(budget, len(plan.Names))
				switch answer {
				case mailtest.Unavailable, mailtest.Limit:
					want = 1 // a temporary refusal ends all
				case "":
					want = len(plan.Names) - 1 // the needed form is the last, and right
				}
				if got := rejectedBy(provider); len(got) != want {
					t.Errorf("answer %q, budget %d, typed %q: the servers rejected %d logins, want %d: %+v", answer, budget, typed, len(got), want, got)
				}
			}
		}
	}
}

func rejectedBy(provider *mailtest.Provider) []mailtest.Attempt {
	return slices.DeleteFunc(provider.Logins(), func(a mailtest.Attempt) bool { return a.OK })
}

// TestPutOffEndsAllLogins has the first server put a login off, in every way of both
// protocols. No other port is asked then, nor the other form of the name, and the server
// that still listens hears a goodbye.
func TestPutOffEndsAllLogins(t *testing.T) {
	paths := map[string][]string{"imap-993": {"imap-993", "imap-143", "smtp-587"}, "smtp-587": {"smtp-587", "smtp-26", "smtp-25"}}
	opens := map[string]string{"imap-993": greets, "smtp-587": submits}
	leaves := map[string]string{"imap-993": "\n< LOGOUT\n> $tag OK bye\nclose", "smtp-587": "\n< QUIT\n> 221 bye\nclose"}
	for _, c := range []struct {
		path, answer string
		hangsUp      bool
	}{
		{"imap-993", "> $tag NO [UNAVAILABLE] later", false}, {"imap-993", "> $tag NO [LIMIT] too many", false},
		{"imap-993", "> $tag NO [INUSE] locked", false}, {"imap-993", "> $tag NO [SERVERBUG] sorry", false},
		{"imap-993", "> $tag NO Too many failed login attempts, try again later", false},
		{"imap-993", "> * BYE [UNAVAILABLE] going down\nclose", true}, {"imap-993", "> * BYE too many\n> $tag NO [LIMIT] no\nclose", true},
		{"smtp-587", "> 421 4.7.0 later", false}, {"smtp-587", "> 421 4.7.0 later\nclose", true},
		{"smtp-587", "> 454 4.7.0 not now", false}, {"smtp-587", "> 451 4.3.0 not now", false}, {"smtp-587", "> 432 4.7.12 change it", false},
		{"smtp-587", "> 450-4.7.1 not\n> 450 4.7.1 now", false},
	} {
		t.Run(c.path+" "+c.answer, func(t *testing.T) {
			t.Parallel()
			provider, plan := startWith(t, func(m *mailtest.Options, o *Options) {
				script := opens[c.path] + c.answer
				if !c.hangsUp {
					script += leaves[c.path]
				}
				m.Faults = map[string]mailtest.Fault{c.path: {Script: script}}
				o.Only, o.Account.Login, o.LoginAttempts, o.Timeout = paths[c.path], "alice@runbox.com", 4, 0
			})
			plan.Budget.Patience, plan.Budget.Farewell = plan.Budget.Step, plan.Budget.Step // the scripted path goes first on a slow computer too
			e := gatherWith(t, plan)
			if len(e.Logins) != 1 || e.Logins[0].Result != evidence.ForNow {
				t.Errorf("logins: got %+v, want one that was put off", e.Logins)
			}
			if got := toldPassword(provider, e); !slices.Equal(got, []string{c.path}) {
				t.Errorf("the password reached %q, want %s alone", got, c.path)
			}
			commands := provider.Commands(c.path)
			if got := len(slices.DeleteFunc(slices.Clone(commands), func(l string) bool { return !strings.Contains(l, "AUTH") })); got != 1 {
				t.Errorf("%s received %q, want one login", c.path, commands)
			}
			if last := commands[len(commands)-1]; !c.hangsUp && !strings.HasSuffix(last, "LOGOUT") && last != "QUIT" {
				t.Errorf("%s received %q, want a goodbye at the end", c.path, commands)
			}
		})
	}
}

// TestRejectedLoginsByChance gives every path an answer, a name that it accepts, and a fault
// by chance. On the servers' side the rejections stay within what is allowed, and a name
// that nobody has accepted is rejected once.
func TestRejectedLoginsByChance(t *testing.T) {
	seeds := 100
	if testing.Short() {
		seeds = 30
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			chance := rand.New(rand.NewPCG(uint64(seed), 1))
			budget := 1 + chance.IntN(4)
			provider, plan := startWith(t, func(m *mailtest.Options, o *Options) {
				o.Account.Login, o.LoginAttempts = pick(chance, "", "alice", "alice@runbox.com"), budget
				o.Timeout, o.Deadline = 500*time.Millisecond, 5*time.Second
				m.Faults = map[string]mailtest.Fault{}
				for _, path := range m.Profile.Paths {
					m.Faults[path.ID()] = byChance(chance, path.Protocol)
				}
			})
			e := gatherWith(t, plan)
			seen := provider.Logins()
			if got := len(rejectedBy(provider)); got > budget {
				t.Errorf("budget %d: the servers rejected %d logins: %+v", budget, got, seen)
			}
			rejected, accepted := map[string]bool{}, map[string]bool{}
			for _, a := range seen {
				if rejected[a.Name] && !accepted[a.Name] {
					t.Errorf("budget %d: %s is tried again: %+v", budget, a.Name, seen)
				}
				if a.OK {
					accepted[a.Name] = true
				} else {
					rejected[a.Name] = true
				}
			}
			readOnly(t, provider, plan)
			if spent := spentOn(e.Logins); spent > budget {
				t.Errorf("budget %d: %d logins were rejected or broken off: %+v", budget, spent, e.Logins)
			}
		})
	}
}

// spentOn counts the logins that a server may have counted against the account.
func spentOn(logins []evidence.Login) (n int) {
	for _, l := range logins {
		if l.Result != evidence.Accepted {
			n++
		}
	}
	return n
}

func pick[T any](chance *rand.Rand, of ...T) T { return of[chance.IntN(len(of))] }

// byChance is a path that mostly works, and answers its logins as it likes.
func byChance(chance *rand.Rand, protocol profile.Protocol) mailtest.Fault {
	f := pick(chance, mailtest.Fault{}, mailtest.Fault{}, mailtest.Fault{}, mailtest.Fault{}, mailtest.Fault{},
		mailtest.Fault{Reach: mailtest.Refused}, mailtest.Fault{Certificate: mailtest.SelfSigned}, mailtest.Fault{NoSTARTTLS: true},
		mailtest.Fault{Greeting: mailtest.Closed}, mailtest.Fault{CloseAfter: 2000 + chance.IntN(3000)}, mailtest.Fault{NoAuth: true})
	if chance.IntN(8) == 0 && f.Reach == "" && protocol == profile.SMTP {
		return mailtest.Fault{Script: submits + pick(chance, "close", "reset", "> 535 no\nclose", "> 421 4.7.0 no\nclose", "> 334 \n> 535 no\nclose")}
	}
	f.Login = pick(chance, append(answersOf(), "", "", "", "", "")...)
	f.Users = pick(chance, nil, []mailtest.User{{Name: "alice", Password: leak.Password}}, []mailtest.User{{Name: "alice@runbox.com", Password: leak.Password}}, []mailtest.User{{Name: "nobody"}})
	return f
}
