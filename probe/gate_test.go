package probe

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// TestGatePlaces comes to the gate from many sides at once: the places belong to the host
// however its name is spelled, and to the machine however many names lead there.
func TestGatePlaces(t *testing.T) {
	most := DefaultBudget().PerHost
	for _, c := range []struct {
		name string
		to   [][2]string // host and address
		want int
	}{
		{"one host", [][2]string{{"mail.example", "192.0.2.1:993"}}, most},
		{"one host in three spellings", [][2]string{{"mail.example", "192.0.2.1:993"}, {"MAIL.example", "192.0.2.2:993"}, {"mail.example.", "192.0.2.3:993"}}, most},
		{"one host at two addresses", [][2]string{{"mail.example", "192.0.2.1:993"}, {"mail.example", "[2001:db8::1]:993"}}, most},
		{"two names of one machine", [][2]string{{"imap.example", "192.0.2.1:993"}, {"smtp.example", "192.0.2.1:587"}}, most},
		{"one address in two spellings", [][2]string{{"imap.example", "192.0.2.1:993"}, {"smtp.example", "[::ffff:192.0.2.1]:587"}}, most},
		{"two machines", [][2]string{{"imap.example", "192.0.2.1:993"}, {"smtp.example", "192.0.2.2:587"}}, 2 * most},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newGate(DefaultBudget(), newPlaces(DefaultBudget()))
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var inside atomic.Int64
				for _, to := range c.to {
					for range most {
						go func() {
							if g.enter(ctx, to[0], to[1]) == nil {
								inside.Add(1)
							}
						}()
					}
				}
				synctest.Wait()
				if got := int(inside.Load()); got != c.want {
					t.Errorf("got %d connections at a time, want %d", got, c.want)
				}
			})
		})
	}
}

// TestGateGivesBack: whoever leaves makes room, and whoever did not get in takes none.
func TestGateGivesBack(t *testing.T) {
	b := DefaultBudget()
	b.Connections = b.PerHost + 2
	g := newGate(b, newPlaces(b))
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for range 1000 { // a select that has both would take either
		if err := g.enter(stopped, "mail.example", "192.0.2.1:993"); !errors.Is(err, context.Canceled) {
			t.Fatalf("the run has ended: got %v, want %v", err, context.Canceled)
		}
	}
	if got := g.count(); got != 0 {
		t.Errorf("connections after the end of the run: got %d counted, want 0", got)
	}
	for range b.Connections {
		if err := g.enter(t.Context(), "mail.example", "192.0.2.1:993"); err != nil {
			t.Fatalf("a place that was given back: got %v", err)
		}
		g.leave("MAIL.example.", "192.0.2.1:993")
	}
	for range 3 * b.PerHost { // each of these has to give its places back
		if err := g.enter(t.Context(), "mail.example", "192.0.2.1:993"); !errors.Is(err, errNoneLeft) {
			t.Fatalf("no connection left: got %v, want %v", err, errNoneLeft)
		}
	}
	if got := g.count(); got != b.Connections {
		t.Errorf("connections: got %d counted, want %d", got, b.Connections)
	}
}
