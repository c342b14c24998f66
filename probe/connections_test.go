package probe

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// The promises about connections, as numbers of their own: a budget that grows is no
// reason to break them.
const (
	mostAtATime = 8
	mostInAll   = 40
)

// crowd counts connections on their way through Dial: attempts that are out as well as
// what is open.
type crowd struct {
	dial DialFunc
	host func(ip string) []string // the hosts that are at an address

	mu   sync.Mutex
	all  int
	now  map[string]int // by host and by address
	most map[string]int
}

func newCrowd(dial DialFunc, host func(string) []string) *crowd {
	return &crowd{dial: dial, host: host, now: map[string]int{}, most: map[string]int{}}
}

func (c *crowd) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	ip, port, _ := net.SplitHostPort(address)
	if network != "tcp" || port == "53" {
		return c.dial(ctx, network, address)
	}
	keys := append(c.host(ip), ip)
	c.change(keys, 1)
	conn, err := c.dial(ctx, network, address)
	if err != nil {
		c.change(keys, -1)
		return nil, err
	}
	return &member{Conn: conn, leave: sync.OnceFunc(func() { c.change(keys, -1) })}, nil
}

func (c *crowd) change(keys []string, by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all += max(by, 0)
	for _, key := range keys {
		c.now[key] += by
		c.most[key] = max(c.most[key], c.now[key])
	}
}

// member is one connection of a crowd.
type member struct {
	net.Conn
	leave func()
}

func (m *member) Close() error {
	defer m.leave()
	return m.Conn.Close()
}

// TestConnectionLimits makes the worlds in which most connections are wanted: many addresses
// of both families, everything fails, every second look is worth it, newer servers and hosts
// to compare with are there. How many are open at a time is counted where they are made.
func TestConnectionLimits(t *testing.T) {
	newer, err := profile.Load("runbox-2015")
	if err != nil {
		t.Fatal(err)
	}
	spread := func(m *mailtest.Options) {
		m.Names = map[string]mailtest.NameFault{}
		for i, host := range []string{"secure.runbox.com", "imap.runbox.com", "smtp.runbox.com", "mail.runbox.com"} {
			m.Names[host] = many(100+20*i, 20)
		}
	}
	for name, change := range map[string]world{
		"healthy, at many addresses": func(m *mailtest.Options, _ *Options) { spread(m) },
		"healthy, all on one machine": func(m *mailtest.Options, _ *Options) {
			m.Names = map[string]mailtest.NameFault{"*": {A: []string{"192.0.2.200"}}}
		},
		"healthy, all on many machines": func(m *mailtest.Options, _ *Options) { m.Names = map[string]mailtest.NameFault{"*": many(200, 40)} },
		"silent": func(m *mailtest.Options, _ *Options) {
			spread(m)
			faulty(m, mailtest.Fault{Greeting: mailtest.Silent}, "imap", "smtp")
		},
		"everything accepts, and closes": func(m *mailtest.Options, _ *Options) { spread(m); m.Accepts = mailtest.AcceptsClosed },
		"everything accepts, and waits":  func(m *mailtest.Options, _ *Options) { spread(m); m.Accepts = mailtest.AcceptsSilent },
		"a reset for every hello": func(m *mailtest.Options, _ *Options) {
			spread(m)
			faulty(m, mailtest.Fault{Hello: mailtest.HelloReset}, "imap", "smtp")
		},
		"an alert for every hello": func(m *mailtest.Options, _ *Options) { spread(m); faulty(m, mailtest.Fault{Alert: 40}, "imap", "smtp") },
		"TLS at once on all ports": func(m *mailtest.Options, _ *Options) {
			spread(m)
			faulty(m, mailtest.Fault{Encryption: profile.TLS}, "imap", "smtp")
		},
		"certificates of other names": func(m *mailtest.Options, _ *Options) {
			spread(m)
			faulty(m, mailtest.Fault{CertNames: []string{"a.runbox.com", "b.runbox.com", "c.runbox.com", "d.runbox.com"}}, "imap", "smtp")
			for _, n := range []string{"a.runbox.com", "b.runbox.com", "c.runbox.com"} {
				m.Names[n] = m.Names["imap.runbox.com"]
			}
		},
		"nobody answers": func(m *mailtest.Options, _ *Options) {
			spread(m)
			faulty(m, mailtest.Fault{Reach: mailtest.Dropped}, "imap", "smtp")
		},
		"all refuse": func(m *mailtest.Options, _ *Options) {
			spread(m)
			faulty(m, mailtest.Fault{Reach: mailtest.Refused}, "imap", "smtp")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, plan := startWith(t, func(m *mailtest.Options, o *Options) {
				m.IPv6 = true
				m.Successor, o.Successor = &newer, &newer
				o.Controls, o.RandomName = []string{"one.example", "two.example"}, "nobody-has-this.example"
				change(m, o)
				o.Timeout, o.Deadline = 300*time.Millisecond, 10*time.Second
			})
			crowd := newCrowd(plan.Options.Dial, hostsAt(plan))
			plan.Options.Dial = crowd.Dial
			e := gatherWith(t, plan)
			if crowd.all > mostInAll || crowd.all != e.Run.Connections {
				t.Errorf("connections: got %d dialled and %d recorded, want the same and at most %d", crowd.all, e.Run.Connections, mostInAll)
			}
			for key, n := range crowd.most {
				if n > mostAtATime {
					t.Errorf("%s: got %d connections at a time, want at most %d", key, n, mostAtATime)
				}
			}
			for _, n := range crowd.now {
				if n != 0 {
					t.Errorf("connections that were left open: %v", crowd.now)
					break
				}
			}
			for _, s := range e.Sessions {
				if len(s.Dials) == 0 {
					t.Errorf("%s: got no dial, want that no path finds nothing left", s.ID())
				}
			}
		})
	}
}

// many are so many addresses of both families from a number on.
func many(from, n int) (f mailtest.NameFault) {
	for i := from; i < from+n; i++ {
		f.A, f.AAAA = append(f.A, fmt.Sprintf("192.0.2.%d", i)), append(f.AAAA, fmt.Sprintf("2001:db8::%d", i))
	}
	return f
}

// hostsAt finds the hosts at an address by what spread and many have given out.
func hostsAt(plan Plan) func(string) []string {
	return func(ip string) []string {
		var list []string
		for i, host := range []string{"secure.runbox.com", "imap.runbox.com", "smtp.runbox.com", "mail.runbox.com"} {
			f := many(100+20*i, 20)
			if slices.Contains(f.A, ip) || slices.Contains(f.AAAA, ip) {
				list = append(list, host)
			}
		}
		return list
	}
}

// TestCrowdCounts: the count has to see what is too much.
func TestCrowdCounts(t *testing.T) {
	c := newCrowd(func(context.Context, string, string) (net.Conn, error) { a, _ := net.Pipe(); return a, nil }, func(string) []string { return []string{"mail.example"} })
	var open []net.Conn
	for range 9 {
		conn, err := c.Dial(t.Context(), "tcp", "192.0.2.1:993")
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, conn)
	}
	for _, conn := range open {
		conn.Close()
		conn.Close()
	}
	if c.all != 9 || c.most["mail.example"] != 9 || c.most["192.0.2.1"] != 9 || c.now["mail.example"] != 0 {
		t.Errorf("got %d in all, at most %v, %v left; want 9, 9, none", c.all, c.most, c.now)
	}
}
