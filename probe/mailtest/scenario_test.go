package mailtest

import (
	"errors"
	"regexp"
	"syscall"
	"testing"

	"mailmedic/probe/profile"
)

func TestScenarios(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	code := regexp.MustCompile(`^(MM\d{3})?$`)
	seen := map[string]bool{}
	for i, s := range Scenarios() {
		if (s.Name == "healthy") != (i == 0) {
			t.Errorf("scenario %d is %s; healthy comes first", i, s.Name)
		}
		if seen[s.Name] || !name.MatchString(s.Name) {
			t.Errorf("name %q: want lower-case words, each name once", s.Name)
		}
		seen[s.Name] = true
		if !code.MatchString(s.Want) || (s.Want == "") != (s.Name == "healthy") {
			t.Errorf("%s: want = %q", s.Name, s.Want)
		}
		if s.Title == "" || s.Profile == "" || s.Password == "" || s.Account.Address == "" {
			t.Errorf("%s: title, profile, password or address is missing", s.Name)
		}
	}
}

// Every scenario starts with the paths of its profile, and only the user of a login
// scenario is refused.
func TestScenariosStart(t *testing.T) {
	for _, s := range Scenarios() {
		p, err := profile.Load(s.Profile)
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		provider, err := s.Start(p)
		if err != nil {
			t.Errorf("%s: Start() = %v", s.Name, err)
			continue
		}
		refused := s.Name == "name-form-wrong" || s.Name == "wrong-password"
		if got := provider.servers[0].login(s.Account.Login, s.Password); (got != nil) != refused {
			t.Errorf("%s: login refused = %t, want %t", s.Name, got != nil, refused)
		}
		if err := provider.Close(); err != nil {
			t.Errorf("%s: Close() = %v", s.Name, err)
		}
	}
}

// A scenario of somebody else lets them in by the name that the provider wants of their
// address, and keeps the fault.
func TestScenarioFor(t *testing.T) {
	p, err := profile.Load("runbox")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		scenario, address, login string
		refused                  bool
	}{
		{"healthy", "carol@runbox.com", "carol", false},
		{"healthy", "carol@example.net", "carol%example.net", false},
		{"name-form-wrong", "carol@example.net", "carol@example.net", true},
		{"wrong-password", "carol@runbox.com", "carol", true},
		{"healthy", "alice@runbox.com", "alice", false},
	} {
		for _, s := range Scenarios() {
			if s.Name != tt.scenario {
				continue
			}
			s = s.For(tt.address, p)
			if s.Account.Login != tt.login || s.Account.Address != tt.address {
				t.Errorf("%s for %s: got the account %+v, want the login %s", tt.scenario, tt.address, s.Account, tt.login)
			}
			provider, err := s.Start(p)
			if err != nil {
				t.Fatal(err)
			}
			if got := provider.servers[0].login(s.Account.Login, s.Password) != nil; got != tt.refused {
				t.Errorf("%s for %s: login refused = %t, want %t", tt.scenario, tt.address, got, tt.refused)
			}
			if err := provider.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// A computer without a network reaches nobody, not even by a datagram.
func TestOffline(t *testing.T) {
	o := options()
	o.Offline = true
	p := start(t, o)
	for _, network := range []string{"udp", "tcp"} {
		conn, err := p.Dial(t.Context(), network, p.Resolver())
		if !errors.Is(err, syscall.ENETUNREACH) {
			t.Errorf("%s: got %v, %v, want ENETUNREACH", network, conn, err)
		}
	}
}
