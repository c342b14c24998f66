package probe

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"mailmedic/probe/evidence"
)

// TestSilentPort waits for a port that never answers: the whole limit while nothing is known
// of its host, no longer than a third repeated packet needs where another port has answered.
func TestSilentPort(t *testing.T) {
	for about, c := range map[string]struct {
		near  map[string]time.Duration // round trips to addresses of mail.example
		user  time.Duration            // of --timeout
		want  time.Duration
		cut   time.Duration // Ctrl-C, 0 for none
		kind  evidence.Kind
		other string // the host whose port answers, in place of mail.example
	}{
		"nothing of the host answers":          {nil, 0, 10 * time.Second, 0, evidence.Timeout, ""},
		"another port answers":                 {map[string]time.Duration{"192.0.2.1:993": 50 * time.Millisecond}, 0, 8 * time.Second, 0, evidence.Timeout, ""},
		"another address of the host answers":  {map[string]time.Duration{"192.0.2.9:993": 50 * time.Millisecond}, 0, 8 * time.Second, 0, evidence.Timeout, ""},
		"another name of the machine answers":  {map[string]time.Duration{"192.0.2.1:993": 50 * time.Millisecond}, 0, 8 * time.Second, 0, evidence.Timeout, "imap.example"},
		"another machine answers":              {map[string]time.Duration{"192.0.2.9:993": 50 * time.Millisecond}, 0, 10 * time.Second, 0, evidence.Timeout, "imap.example"},
		"another port answers, slowly":         {map[string]time.Duration{"192.0.2.1:993": 600 * time.Millisecond}, 0, 9400 * time.Millisecond, 0, evidence.Timeout, ""},
		"another port answers, far too slowly": {map[string]time.Duration{"192.0.2.1:993": 5 * time.Second}, 0, 10 * time.Second, 0, evidence.Timeout, ""},
		"the quickest answer counts":           {map[string]time.Duration{"192.0.2.1:993": 5 * time.Second, "192.0.2.1:143": time.Millisecond}, 0, 8 * time.Second, 0, evidence.Timeout, ""},
		"the user wants to wait longer":        {map[string]time.Duration{"192.0.2.1:993": 50 * time.Millisecond}, 20 * time.Second, 20 * time.Second, 0, evidence.Timeout, ""},
		"the user wants to wait less":          {map[string]time.Duration{"192.0.2.1:993": 50 * time.Millisecond}, 2 * time.Second, 2 * time.Second, 0, evidence.Timeout, ""},
		"the user stops":                       {map[string]time.Duration{"192.0.2.1:993": 50 * time.Millisecond}, 0, 4 * time.Second, 4 * time.Second, evidence.Cancelled, ""},
	} {
		t.Run(about, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				plan := NewPlan(runbox(t), Options{Timeout: c.user, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
					<-ctx.Done()
					return nil, ctx.Err()
				}})
				r := newRun(plan, Credentials{}, time.Now())
				host := "mail.example"
				if c.other != "" {
					host = c.other
				}
				for address, took := range c.near {
					r.near.answered(host, address, took)
				}
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				if c.cut > 0 {
					time.AfterFunc(c.cut, stop)
				}
				d := r.dialWithin(ctx, "mail.example", "192.0.2.1:25", plan.Budget.Step)
				if f := d.dial.Step.Failure; d.dial.Step.Took != evidence.Since(c.want) || f == nil || f.Kind != c.kind {
					t.Errorf("got %d ms and %+v, want %s and %s", d.dial.Step.Took, f, c.want, c.kind)
				}
			})
		})
	}
}
