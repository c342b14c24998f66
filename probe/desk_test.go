package probe

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// applicant is a path in front of the desk: when it comes, and what the server would say
// to each name.
type applicant struct {
	id      string
	after   time.Duration // until it asks; negative: it leaves without asking
	answers map[string]evidence.Result
}

// play lets the applicants meet the desk and gives the logins in the order in which
// they were answered. Each login takes ten milliseconds of the bubble's clock.
func play(t *testing.T, budget int, names []Attempt, applicants []applicant) (tried []string, refused map[string]string) {
	t.Helper()
	refused = map[string]string{}
	synctest.Test(t, func(t *testing.T) {
		plan := Plan{Budget: DefaultBudget(), Names: names}
		plan.Budget.Logins = budget
		for i, a := range applicants {
			path := pathOf(t, a.id)
			plan.Targets = append(plan.Targets, Target{Path: path, Rank: i})
		}
		d := newDesk(plan)
		type answer struct{ tried, reason, id string }
		answers := make(chan answer, 100)
		for i, a := range applicants {
			go func() {
				path := plan.Targets[i].Path
				if a.after < 0 {
					d.leave(path)
					answers <- answer{id: a.id, reason: "left"}
					return
				}
				time.Sleep(a.after)
				ticket, g := d.enter(path, a.after)
				if len(g.names) == 0 {
					answers <- answer{id: a.id, reason: g.reason}
					return
				}
				var logins []evidence.Login
				for i, n := range g.names {
					if i > 0 && d.over() {
						break
					}
					time.Sleep(10 * time.Millisecond)
					l := evidence.Login{Path: a.id, Name: n.Name, Form: n.Form, Result: a.answers[n.Name]}
					logins = append(logins, l)
					answers <- answer{tried: a.id + " " + n.Name + " " + string(l.Result)}
					if l.Result != evidence.RejectedIn {
						break
					}
				}
				d.finish(ticket, logins)
				answers <- answer{id: a.id, reason: ""}
			}()
		}
		for done := 0; done < len(applicants); {
			a := <-answers
			if a.tried != "" {
				tried = append(tried, a.tried)
				continue
			}
			done++
			if a.reason != "" {
				refused[a.id] = a.reason
			}
		}
	})
	return tried, refused
}

func pathOf(t *testing.T, id string) profile.Path {
	t.Helper()
	parsed, err := profile.ParsePathID(id)
	if err != nil {
		t.Fatal(err)
	}
	p := profile.Path{Protocol: profile.Protocol(parsed[:4])}
	for _, c := range parsed[5:] {
		p.Port = p.Port*10 + int(c-'0')
	}
	return p
}

func rejections(tried []string) int {
	n := 0
	for _, line := range tried {
		if strings.HasSuffix(line, " "+string(evidence.RejectedIn)) {
			n++
		}
	}
	return n
}

func TestDesk(t *testing.T) {
	const ms = time.Millisecond
	typed, needed := Attempt{"alice@x.example", evidence.Typed}, Attempt{"alice", evidence.Needed}
	yes := map[string]evidence.Result{"alice": evidence.Accepted, "alice@x.example": evidence.Accepted}
	no := map[string]evidence.Result{"alice": evidence.RejectedIn, "alice@x.example": evidence.RejectedIn}
	short := map[string]evidence.Result{"alice": evidence.Accepted, "alice@x.example": evidence.RejectedIn}
	long := map[string]evidence.Result{"alice": evidence.RejectedIn, "alice@x.example": evidence.Accepted}
	busy := map[string]evidence.Result{"alice": evidence.ForNow, "alice@x.example": evidence.ForNow}
	broken := map[string]evidence.Result{"alice": evidence.BrokenOff, "alice@x.example": evidence.BrokenOff}
	for _, c := range []struct {
		name   string
		budget int
		names  []Attempt
		paths  []applicant
		want   []string
	}{
		{"the best path goes first though another is there sooner", 2, []Attempt{needed},
			[]applicant{{"imap-993", 30 * ms, yes}, {"imap-143", 20 * ms, yes}},
			[]string{"imap-993 alice accepted", "imap-143 alice accepted"}},
		{"a dead better path is not waited for", 2, []Attempt{needed},
			[]applicant{{"imap-993", 10 * time.Second, yes}, {"imap-143", 20 * ms, yes}},
			[]string{"imap-143 alice accepted", "imap-993 alice accepted"}},
		{"a rejected name is not repeated on another port or in the other direction", 2, []Attempt{needed},
			[]applicant{{"imap-993", 0, no}, {"imap-143", 0, no}, {"smtp-587", 0, no}},
			[]string{"imap-993 alice rejected"}},
		{"the needed form is tried once after the typed one", 2, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, short}, {"smtp-587", 5 * ms, short}},
			[]string{"imap-993 alice@x.example rejected", "imap-993 alice accepted", "smtp-587 alice accepted"}},
		{"both forms rejected: the others try none", 2, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, no}, {"imap-143", 0, no}, {"smtp-587", 0, yes}},
			[]string{"imap-993 alice@x.example rejected", "imap-993 alice rejected"}},
		{"a budget of one keeps the second form back", 1, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, short}, {"imap-143", 0, short}},
			[]string{"imap-993 alice@x.example rejected"}},
		{"a temporary refusal ends all attempts", 2, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, busy}, {"imap-143", 0, yes}, {"smtp-587", 0, yes}},
			[]string{"imap-993 alice@x.example temporary"}},
		{"sending rejects what receiving accepts: once, on one port", 2, []Attempt{needed},
			[]applicant{{"imap-993", 0, yes}, {"smtp-587", 0, no}, {"smtp-26", 0, no}, {"smtp-25", 0, no}},
			[]string{"imap-993 alice accepted", "smtp-587 alice rejected"}},
		{"sending is tried when no receiving path gets there", 2, []Attempt{needed},
			[]applicant{{"imap-993", -1, nil}, {"smtp-587", 0, yes}},
			[]string{"smtp-587 alice accepted"}},
		{"sending accepts only the other form", 2, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, long}, {"smtp-587", 0, short}, {"smtp-26", 0, short}},
			[]string{"imap-993 alice@x.example accepted", "smtp-587 alice@x.example rejected", "smtp-587 alice accepted", "smtp-26 alice accepted"}},
		{"both forms on one path, though others hold the budget at first", 2, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, long}, {"imap-143", 0, long}, {"smtp-587", 0, short}},
			[]string{"imap-993 alice@x.example accepted", "imap-143 alice@x.example accepted", "smtp-587 alice@x.example rejected", "smtp-587 alice accepted"}},
		{"receiving accepts only the other form, and sending came first", 2, []Attempt{typed, needed},
			[]applicant{{"imap-993", time.Second, short}, {"smtp-587", 0, long}},
			[]string{"smtp-587 alice@x.example accepted", "imap-993 alice@x.example rejected", "imap-993 alice accepted"}},
		{"a form that receiving rejected is not tried in sending", 2, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, short}, {"smtp-587", 0, long}, {"smtp-26", 0, long}},
			[]string{"imap-993 alice@x.example rejected", "imap-993 alice accepted", "smtp-587 alice rejected"}},
		{"a budget of one keeps the other form back in sending", 1, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, long}, {"smtp-587", 0, short}, {"smtp-26", 0, short}},
			[]string{"imap-993 alice@x.example accepted", "smtp-587 alice@x.example rejected"}},
		{"sending rejects both forms: once each, on one port", 4, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, long}, {"smtp-587", 0, no}, {"smtp-26", 0, no}, {"smtp-25", 0, no}},
			[]string{"imap-993 alice@x.example accepted", "smtp-587 alice@x.example rejected", "smtp-587 alice rejected"}},
		{"sending puts the accepted form off: the other is not tried", 2, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, long}, {"smtp-587", 0, busy}, {"smtp-26", 0, short}},
			[]string{"imap-993 alice@x.example accepted", "smtp-587 alice@x.example temporary"}},
		{"the line breaks on the accepted form: the other is not tried", 2, []Attempt{typed, needed},
			[]applicant{{"imap-993", 0, long}, {"smtp-587", 0, broken}, {"smtp-26", 0, short}},
			[]string{"imap-993 alice@x.example accepted", "smtp-587 alice@x.example broken"}},
		{"one receiving port refuses: sending still uses what another accepted", 2, []Attempt{needed},
			[]applicant{{"imap-993", 0, yes}, {"imap-143", 0, no}, {"smtp-587", 20 * ms, yes}},
			[]string{"imap-993 alice accepted", "imap-143 alice rejected", "smtp-587 alice accepted"}},
		{"a broken line costs one try, and the name is not sent again", 2, []Attempt{needed},
			[]applicant{{"imap-993", 0, broken}, {"imap-143", 0, yes}},
			[]string{"imap-993 alice broken"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _ := play(t, c.budget, c.names, c.paths)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestDeskBudget lets every server reject whatever it is asked after the first login
// was accepted: the worst that can happen to the logins that run side by side.
func TestDeskBudget(t *testing.T) {
	no := map[string]evidence.Result{"alice": evidence.RejectedIn}
	yes := map[string]evidence.Result{"alice": evidence.Accepted}
	for budget := 1; budget <= 4; budget++ {
		tried, _ := play(t, budget, []Attempt{{"alice", evidence.Needed}}, []applicant{
			{"imap-993", 0, yes}, {"imap-143", 0, no}, {"imap-1143", 0, no},
			{"smtp-587", 0, no}, {"smtp-26", 0, no}, {"smtp-25", 0, no},
		})
		if got := rejections(tried); got > budget {
			t.Errorf("budget %d: got %d rejections: %q", budget, got, tried)
		}
	}
}

// TestDeskPromises lets every server answer by chance, and holds what was tried against
// the promises: the rejections are within the budget, no name that was never accepted is
// tried again after a rejection, and no path rejects a name twice.
func TestDeskPromises(t *testing.T) {
	names := []Attempt{{"alice@x.example", evidence.Typed}, {"alice", evidence.Needed}}
	results := []evidence.Result{evidence.Accepted, evidence.RejectedIn, evidence.ForNow, evidence.BrokenOff}
	for seed := range uint64(300) {
		chance := rand.New(rand.NewPCG(seed, 0))
		budget := 1 + chance.IntN(4)
		var paths []applicant
		for _, id := range []string{"imap-993", "imap-143", "imap-1143", "smtp-587", "smtp-26", "smtp-25"} {
			a := applicant{id, time.Duration(chance.IntN(40)) * time.Millisecond, map[string]evidence.Result{}}
			for _, n := range names {
				a.answers[n.Name] = results[chance.IntN(len(results))]
			}
			paths = append(paths, a)
		}
		tried, _ := play(t, budget, names, paths)
		if got := rejections(tried); got > budget {
			t.Errorf("seed %d, budget %d: got %d rejections: %q", seed, budget, got, tried)
		}
		rejected, accepted, direction := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for _, line := range tried {
			words := strings.Fields(line)
			path, name, result := words[0], words[1], evidence.Result(words[2])
			if rejected[name] && !accepted[name] {
				t.Errorf("seed %d: %s is tried again: %q", seed, name, tried)
			}
			key := path[:4] + " " + name
			if direction[key] && !accepted[key] {
				t.Errorf("seed %d: %s rejects a name twice: %q", seed, path[:4], tried)
			}
			switch result {
			case evidence.Accepted:
				accepted[name], accepted[key] = true, true
			case evidence.RejectedIn:
				rejected[name], direction[key] = true, true
			}
		}
	}
}

// TestDeskTellsWhy asks that a path that may not log in hears a reason.
func TestDeskTellsWhy(t *testing.T) {
	no := map[string]evidence.Result{"alice": evidence.RejectedIn}
	_, refused := play(t, 2, []Attempt{{"alice", evidence.Needed}}, []applicant{{"imap-993", 0, no}, {"smtp-587", 0, no}})
	want := "imap-993 did not accept the login, and a rejected login is not repeated elsewhere"
	if refused["smtp-587"] != want {
		t.Errorf("smtp-587: got %q, want %q", refused["smtp-587"], want)
	}
}

// TestTemporaryRefusalEndsAll has one port put a login off while another, which may try two
// names, waits for the answer to its first: the second is not sent any more.
func TestTemporaryRefusalEndsAll(t *testing.T) {
	const typed = "alice@runbox.com"
	for _, c := range []struct {
		name  string
		other mailtest.Answer // what port 143 says to its login
		want  []string
	}{
		{"put off elsewhere", mailtest.Unavailable, []string{
			"imap-143 alice@runbox.com temporary", "imap-993 alice@runbox.com accepted", "smtp-587 alice@runbox.com rejected",
		}},
		{"accepted elsewhere", "", []string{
			"imap-143 alice@runbox.com accepted", "imap-993 alice@runbox.com accepted", "smtp-587 alice accepted", "smtp-587 alice@runbox.com rejected",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			provider, plan := start(t, func(m *mailtest.Options, o *Options) {
				o.Only = []string{"imap-993", "imap-143", "smtp-587"}
				o.Account.Login, o.LoginAttempts = typed, 4
				users := []mailtest.User{{Name: typed, Password: canary}}
				m.Faults = map[string]mailtest.Fault{
					"imap-993": {Users: users}, "imap-143": {Users: users, Login: c.other, Late: time.Second},
					"smtp-587": {Script: submits + "wait 2s\n> 535 5.7.8 no\n< AUTH\n> 235 2.7.0 in\n< EHLO\n> 250 x\n< QUIT\n> 221 bye\nclose"},
				}
			})
			e := gather(t, plan)
			var got []string
			for _, l := range e.Logins {
				got = append(got, l.Path+" "+l.Name+" "+string(l.Result))
			}
			slices.Sort(got) // two may be answered in one millisecond
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			said := strings.Join(provider.Commands("smtp-587"), "\n")
			if sent, want := strings.Count(said, "AUTH "), strings.Count(strings.Join(c.want, "\n"), "smtp-587"); sent != want {
				t.Errorf("port 587 received %q, want %d logins", said, want)
			}
		})
	}
}
