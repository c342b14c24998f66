package probe

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

func runbox(t testing.TB) profile.Profile {
	t.Helper()
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlanNames(t *testing.T) {
	for _, c := range []struct {
		about          string
		address, login string
		want           []Attempt
	}{
		{"no login name: the profile's form", "alice@runbox.com", "", []Attempt{{"alice", evidence.Needed}}},
		{"hosted: the percent sign", "bob@example.org", "", []Attempt{{"bob%example.org", evidence.Needed}}},
		{"typed in the right form: that one alone", "alice@runbox.com", "alice", []Attempt{{"alice", evidence.Typed}}},
		{"typed in the wrong form: then the right one", "alice@runbox.com", "alice@runbox.com", []Attempt{{"alice@runbox.com", evidence.Typed}, {"alice", evidence.Needed}}},
		{"another hosted form", "bob@example.org", "bob@example.org", []Attempt{{"bob@example.org", evidence.Typed}, {"bob%example.org", evidence.Needed}}},
		{"a line break never goes to a server", "alice@runbox.com", "alice\r\nx LOGOUT", []Attempt{{"alice", evidence.Needed}}},
		{"neither address nor name", "", "", nil},
	} {
		plan := NewPlan(runbox(t), Options{Account: profile.Account{Address: c.address, Login: c.login}})
		if !slices.Equal(plan.Names, c.want) {
			t.Errorf("%s: got %v, want %v", c.about, plan.Names, c.want)
		}
	}
}

func TestPlanQuestions(t *testing.T) {
	all := NewPlan(runbox(t), Options{Account: profile.Account{Address: "bob@example.org"}})
	want := "[{secure.runbox.com A} {secure.runbox.com AAAA} {imap.runbox.com A} {imap.runbox.com AAAA} {smtp.runbox.com A} {smtp.runbox.com AAAA} {example.org MX}]"
	if got := fmt.Sprint(all.Questions); got != want {
		t.Errorf("hosted address: got %s, want %s", got, want)
	}
	own := NewPlan(runbox(t), Options{Account: profile.Account{Address: "alice@runbox.com"}, Family: "4", Only: []string{"imap-993"}})
	if got, want := fmt.Sprint(own.Questions), "[{secure.runbox.com A}]"; got != want {
		t.Errorf("one path over IPv4: got %s, want %s", got, want)
	}
	fixed := NewPlan(runbox(t), Options{Only: []string{"imap-993"}, Connect: map[string]string{"imap-993": "127.0.0.1:1993"}})
	if len(fixed.Questions) != 0 {
		t.Errorf("an address named by the user: got %v, want no look-up", fixed.Questions)
	}
	port := NewPlan(runbox(t), Options{Only: []string{"imap-993"}, Family: "4", Connect: map[string]string{"imap-993": ":1993"}})
	if got, want := fmt.Sprint(port.Questions), "[{secure.runbox.com A}]"; got != want {
		t.Errorf("only the port named by the user: got %s, want %s", got, want)
	}
}

func TestPlanRank(t *testing.T) {
	plan := NewPlan(runbox(t), Options{})
	order := make([]string, len(plan.Targets))
	for _, target := range plan.Targets {
		order[target.Rank] = target.Path.ID()
	}
	want := []string{"imap-993", "imap-143", "imap-1143", "smtp-587", "smtp-26", "smtp-25"}
	if !slices.Equal(order, want) {
		t.Errorf("order of logins: got %v, want %v", order, want)
	}
}

// TestPlanNamesContacts holds what --dry-run prints against whom a run may come to contact
// when something fails.
func TestPlanNamesContacts(t *testing.T) {
	next, err := profile.Load("runbox-2015")
	if err != nil {
		t.Fatal(err)
	}
	webless := runbox(t)
	webless.Web = ""
	const nobody, names, web, control, newer = "198.51.100.1:993", "look up at most 3 of its names", "look up runbox.com", "look up control.example", "mail.runbox.com"
	everything := Options{Successor: &next, Controls: []string{"control.example"}}
	byHand, trial := everything, everything
	byHand.Connect = map[string]string{"imap-993": "127.0.0.1:1993"}
	trial.Only = []string{"imap-1143"}
	for _, c := range []struct {
		name    string
		profile profile.Profile
		options Options
		want    []string
	}{
		{"all that there is", runbox(t), everything, []string{nobody, names, web, control, newer}},
		{"nothing besides", runbox(t), Options{}, []string{nobody, names, web}},
		{"no web server", webless, Options{}, []string{nobody, names}},
		{"dialled by hand", runbox(t), byHand, nil},
		{"a port on trial alone", runbox(t), trial, []string{names}},
	} {
		plan := NewPlan(c.profile, c.options)
		var got []string
		for _, contact := range []string{nobody, names, web, control, newer} {
			if strings.Contains(plan.String(), contact) {
				got = append(got, contact)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q, in:\n%s", c.name, got, c.want, plan)
		}
		var dialled []string
		for _, x := range wanted(&evidence.Evidence{Profile: c.profile, Sessions: troubles(plan)}, c.options) {
			dialled = append(dialled, cmp.Or(x.host, decoy))
		}
		for _, host := range dialled {
			if !strings.Contains(plan.String(), host) {
				t.Errorf("%s: a run may dial %s, and the plan does not say so:\n%s", c.name, host, plan)
			}
		}
		if compared := strings.Contains(plan.String(), nobody); compared != (len(dialled) > 0) {
			t.Errorf("%s: the plan compares with others: %t, the run dials %q", c.name, compared, dialled)
		}
	}
}

// troubles has every path of a plan fail once it is connected.
func troubles(plan Plan) []evidence.Session {
	var list []evidence.Session
	for _, target := range plan.Targets {
		list = append(list, evidence.Session{Path: target.Path, Address: "192.0.2.10:1"})
	}
	return list
}

func TestSecretMasks(t *testing.T) {
	s := NewSecret([]byte("canary-7xQ"))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(verb, s); got != mask {
			t.Errorf("%s: got %q, want %q", verb, got, mask)
		}
		if got := fmt.Sprintf(verb, Credentials{s}); slices.Contains([]byte(got), '7') {
			t.Errorf("%s of credentials: got %q", verb, got)
		}
	}
}

// TestOnlyTyped tries no other name where the password is of the typed one.
func TestOnlyTyped(t *testing.T) {
	for only, want := range map[bool][]Attempt{
		false: {{"team", evidence.Typed}, {"alice", evidence.Needed}},
		true:  {{"team", evidence.Typed}},
	} {
		o := Options{Account: profile.Account{Address: "alice@runbox.com", Login: "team", Kind: profile.Own}, OnlyTyped: only}
		if got := NewPlan(runbox(t), o).Names; !slices.Equal(got, want) {
			t.Errorf("only the typed name %t: got %v, want %v", only, got, want)
		}
	}
}
