package probe

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
)

// TestLookupCutShort ends a look-up when its answer has come, which the resolver may or may
// not have read on. What it has not is no answer, and least of all one that says that there
// is no address.
func TestLookupCutShort(t *testing.T) {
	_, plan := start(t, nil)
	dial := plan.Options.Dial
	for range 50 {
		ctx, stop := context.WithCancel(t.Context())
		plan.Options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dial(ctx, network, address)
			if err == nil && strings.HasPrefix(network, "udp") {
				c = &cutting{c.(packets), stop}
			}
			return c, err
		}
		l := newRun(plan, Credentials{}, time.Now()).lookup(ctx, Question{"secure.runbox.com", "A"})
		stop()
		read := l.Step.Done() && len(l.Answers) == 1 && l.RCode == "NOERROR"
		cut := l.Step.Failure != nil && l.Step.Failure.Kind == evidence.Cancelled && l.RCode == ""
		if !read && !cut {
			t.Fatalf("got %+v, code %q, answers %v; want the answer, or cancelled without a code", l.Step, l.RCode, l.Answers)
		}
	}
}

// packets is what the resolver takes for a datagram socket.
type packets interface {
	net.Conn
	net.PacketConn
}

// cutting stops the run while an answer is on its way to whoever asked.
type cutting struct {
	packets
	stop context.CancelFunc
}

func (c *cutting) Read(b []byte) (int, error) {
	n, err := c.packets.Read(b)
	c.stop()
	return n, err
}
