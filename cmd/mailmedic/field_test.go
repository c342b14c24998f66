//go:build linux

package main

import (
	"encoding/json"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest/debian"
	"mailmedic/probe/mailtest/netlab"
)

// distances are the round trips between a seat and the provider, its name server included.
func distances() []time.Duration {
	return []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond}
}

// field is where mailmedic is measured: seats at several distances from the same servers.
type field struct {
	lab
	program string
}

func startField(b *testing.B, programs ...string) field {
	b.Helper()
	netlab.Require(b)
	debian.RequirePrograms(b, programs...)
	l := startLab(b, nil)
	l.furnish(b)
	return field{l, build(b)}
}

// seat takes a seat at a distance. At none the packets take the same way.
func (f field) seat(b *testing.B, roundTrip time.Duration) seat {
	b.Helper()
	s := f.site(b)
	s.Delay(b, roundTrip)
	at := sit(b, s)
	at.write(b, "password", alice+"\n", 0o600)
	at.write(b, "netrc", "default login alice password "+alice+"\n", 0o600)
	return at
}

// job is the whole job of mailmedic, typed.
func (f field) job() []question {
	return []question{{f.program + " check alice@runbox.com --login alice --password-file password --json --no-memory", nil}}
}

// healthy reads the evidence of a check, which must have come all the way on every path.
func healthy(b *testing.B, w typing) *evidence.Evidence {
	b.Helper()
	var o outcome
	if err := json.Unmarshal([]byte(w.said[0]), &o.report); err != nil {
		b.Fatalf("this is no report: %v\n%s", err, w.said[0])
	}
	e := o.report.Evidence
	for _, s := range e.Sessions {
		if !s.Login.Done() || s.Path.Protocol == "imap" && len(s.Folders.List) == 0 {
			b.Fatalf("%s: login %s, %d folders", s.ID(), s.Login.State, len(s.Folders.List))
		}
	}
	var read []evidence.Messages // on the path that came first
	for _, s := range e.Sessions {
		read = append(read, s.Messages...)
	}
	if len(read) != 2 || read[0].Examined != letters {
		b.Fatalf("read messages %+v, want %d and those of Sent", read, letters)
	}
	return e
}

// How many messages there are in INBOX and in the Sent folder.
const letters, sentLetters = 20, 10

// furnish puts messages into both servers.
func (l lab) furnish(t testing.TB) {
	t.Helper()
	user := debian.User{Name: "alice", Password: alice}
	for server, sent := range map[*debian.Dovecot]string{l.old: "INBOX.Sent", l.new: "Sent"} {
		for range letters {
			server.Append(t, user, "INBOX", time.Time{}, letter)
		}
		for range sentLetters {
			server.Append(t, user, sent, time.Time{}, letter)
		}
	}
}
