package probe

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"mailmedic/probe/evidence"
)

// How long a silent port is waited for. A first packet that gets lost is sent again after 1,
// 3 and 7 seconds (RFC 6298: one second, doubled each time), so a line that loses many needs
// that long. Where nothing of the host answers, the whole limit of a step is waited, because
// all that is known is the silence. Where another port of the host has answered, the way
// there is known to work, and how long it takes: once the last of these packets has had time
// to come back, the port is silent. A limit that the user has set is waited in any case.

// neighbours remembers which hosts and addresses have answered, and how quickly.
type neighbours struct {
	mu       sync.Mutex
	quickest map[string]time.Duration
}

func newNeighbours() *neighbours { return &neighbours{quickest: map[string]time.Duration{}} }

// answered notes a connection and the round trip that it took.
func (n *neighbours) answered(host, address string, took time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, key := range whereabouts(host, address) {
		if before, ok := n.quickest[key]; !ok || took < before {
			n.quickest[key] = took
		}
	}
}

// roundTrip is the quickest answer of a host's or an address's other ports.
func (n *neighbours) roundTrip(host, address string) (took time.Duration, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, key := range whereabouts(host, address) {
		if t, known := n.quickest[key]; known && (!ok || t < took) {
			took, ok = t, true
		}
	}
	return took, ok
}

// patience is how long the answer to the last of the repeated packets may take: far longer
// than the way is known to take, and a second at least.
func patience(roundTrip time.Duration) time.Duration { return max(time.Second, 4*roundTrip) }

// silence watches one connection that is being made.
type silence struct {
	timer *time.Timer
	ended atomic.Bool // by us: the port is silent
}

// watch ends a connection attempt, by giveUp, when the port can be called silent. limit is
// when the repeated packets have all been sent; none is watched where it is zero.
func (n *neighbours) watch(host, address string, limit time.Duration, giveUp context.CancelFunc) *silence {
	s := &silence{}
	if limit <= 0 {
		return s
	}
	s.timer = time.AfterFunc(limit, func() {
		took, ok := n.roundTrip(host, address)
		if !ok {
			return
		}
		time.AfterFunc(patience(took), func() {
			s.ended.Store(true)
			giveUp()
		})
	})
	return s
}

func (s *silence) stop() {
	if s.timer != nil {
		s.timer.Stop()
	}
}

// failure is what the attempt came to, if it was ended for its silence.
func (s *silence) failure(ctx context.Context, f *evidence.Failure, took evidence.Millis) *evidence.Failure {
	if !s.ended.Load() || ctx.Err() != nil {
		return f
	}
	return &evidence.Failure{Kind: evidence.Timeout, Text: fmt.Sprintf("no answer in %d ms, while another port of the host answers", took)}
}
