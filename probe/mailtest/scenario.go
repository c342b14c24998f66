package mailtest

import (
	"slices"
	"time"

	"mailmedic/probe/profile"
)

// Scenario is one case for the demo: a provider with a fault, a user, and what must
// be said.
type Scenario struct {
	Name     string
	Title    string          // one line, without full stop
	Want     string          // code of the root cause; empty when all is well
	Profile  string          // name of the built-in profile
	Account  profile.Account // the user, as they set up their mail program
	Password string          // as the user types it; it opens nothing outside of the simulation
	Options  Options         // without the profile
}

// Start brings up the scenario's provider, with the profile that Scenario.Profile
// names. The caller closes it.
func (s Scenario) Start(p profile.Profile) (*Provider, error) {
	o := s.Options
	o.Profile = p
	return Start(o)
}

// For is the scenario as it happens to somebody else: the provider knows them by the name
// that it wants of their address. A fault in what alice typed is one in what they typed.
func (s Scenario) For(address string, p profile.Profile) Scenario {
	names := p.LoginNames(address)
	if len(names) == 0 {
		return s
	}
	typed := names[0]
	if s.Account.Login == s.Account.Address {
		typed = address
	}
	s.Account.Address, s.Account.Login, s.Account.Kind = address, typed, p.Kind(address)
	if _, domain, ok := profile.Split(address); ok && s.Account.Kind == profile.Hosted {
		s.Options.Hosted = append(slices.Clone(s.Options.Hosted), domain)
	}
	s.Options.Users = append(slices.Clone(s.Options.Users), User{Name: names[0], Password: alicePassword})
	return s
}

// The simulated users. Their passwords are no secrets.
const (
	alicePassword = "simulated-apple-41"
	bobPassword   = "simulated-birch-73"
	wrongPassword = "simulated-apple-14"
)

// distance is a usual round trip from a home to a mail server in the same part of the
// world.
const distance = 30 * time.Millisecond

// Scenarios lists the demo's cases, the healthy one first.
func Scenarios() []Scenario {
	now := time.Now()
	root := "INBOX"
	return []Scenario{
		alice("healthy", "Everything works", "", func(*Scenario) {}),
		alice("port-25-blocked", "The internet provider blocks port 25", "MM303", func(s *Scenario) {
			s.Account.Symptom = "send"
			s.Options.Faults = map[string]Fault{"smtp-25": {Reach: Dropped}}
		}),
		alice("certificate-expired", "The server for receiving has an expired certificate", "MM403", func(s *Scenario) {
			s.Account.Symptom = "receive"
			s.Options.Faults = map[string]Fault{
				"imap-993": {Certificate: Expired},
				"imap-143": {Certificate: Expired},
			}
		}),
		alice("name-form-wrong", "The login name is the whole address, where only the part before @ is wanted", "MM601", func(s *Scenario) {
			s.Account.Symptom = "both"
			s.Account.Login = "alice@runbox.com"
		}),
		alice("wrong-password", "The password has a typing mistake", "MM701", func(s *Scenario) {
			s.Account.Symptom = "both"
			s.Password = wrongPassword
		}),
		alice("sent-doubled", "Sent mail lands in two folders", "MM801", func(s *Scenario) {
			s.Account.RootPath = &root
			s.Options.Stores = map[string]Store{"old": OldStore(now).SentDoubled(now)}
		}),
		alice("antivirus", "A virus scanner that this computer trusts opens the encrypted connections", "MM401", func(s *Scenario) {
			s.Options.Intercept = Intercept{Issuer: "Avast Web/Mail Shield Root", Trusted: true}
		}),
		alice("network-down", "This computer has no network", "MM101", func(s *Scenario) {
			s.Account.Symptom = "both"
			s.Options.Offline = true
		}),
		alice("old-server-down", "The old mail server is down and the new one works", "MM306", func(s *Scenario) {
			s.Account.Symptom = "receive"
			s.Options.Faults = map[string]Fault{
				"imap-993": {Reach: Refused},
				"imap-143": {Reach: Refused},
			}
		}),
	}
}

// alice is a scenario of a user with an address at the provider's own domain, in a
// healthy world but for what change does.
func alice(name, title, want string, change func(*Scenario)) Scenario {
	s := Scenario{
		Name: name, Title: title, Want: want, Profile: "runbox",
		Account:  profile.Account{Address: "alice@runbox.com", Login: "alice", Kind: profile.Own},
		Password: alicePassword,
		Options: Options{
			Users: []User{
				{Name: "alice", Password: alicePassword},
				{Name: "bob%example.org", Password: bobPassword},
			},
			Hosted: []string{"example.org"},
			Delay:  distance,
		},
	}
	change(&s)
	return s
}
