package mailtest

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// The limits of what is kept, so that a client that never stops cannot fill the memory.
const (
	maxAttempts = 1000
	maxCommands = 2000     // per path
	maxCommand  = 1000     // bytes of one line
	maxReceived = 64 << 10 // bytes per path
)

// Attempt is one login as a server saw it. The password is not kept.
type Attempt struct {
	Path string // id
	Name string
	OK   bool
}

// record keeps what reached the servers.
type record struct {
	mu          sync.Mutex
	logins      []Attempt
	commands    map[string][]string
	connections map[string]int
	received    map[string][]byte
	heard       map[string][]byte
}

func newRecord() *record {
	return &record{
		commands:    map[string][]string{},
		connections: map[string]int{},
		received:    map[string][]byte{},
		heard:       map[string][]byte{},
	}
}

func (r *record) login(a Attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.logins) < maxAttempts {
		r.logins = append(r.logins, a)
	}
}

func (r *record) command(path, line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.commands[path]) < maxCommands {
		r.commands[path] = append(r.commands[path], line)
	}
}

func (r *record) connection(path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.connections[path]++
}

func (r *record) receive(path string, b []byte) { r.keep(r.received, path, b) }

func (r *record) hear(path string, b []byte) { r.keep(r.heard, path, b) }

func (r *record) keep(kept map[string][]byte, path string, b []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	room := maxReceived - len(kept[path])
	kept[path] = append(kept[path], b[:min(room, len(b))]...)
}

// settle waits until the servers are through with the connections that clients have closed:
// a client may be gone before what it said last is read. It gives up on one that stays open.
func (p *Provider) settle() {
	for range 500 {
		p.mu.Lock()
		open := len(p.conns)
		p.mu.Unlock()
		if open == 0 || !pause(2*time.Millisecond, p.stop) {
			return
		}
	}
}

// Logins lists the login attempts on all paths in the order in which they came.
func (p *Provider) Logins() []Attempt {
	p.record.mu.Lock()
	defer p.record.mu.Unlock()
	return slices.Clone(p.record.logins)
}

// Commands lists the command lines that came on the path, as sent inside TLS, over
// all its connections. What follows AUTH, AUTHENTICATE with its mechanism, or LOGIN
// is left out, whatever shape it has.
func (p *Provider) Commands(path string) []string {
	p.settle()
	p.record.mu.Lock()
	defer p.record.mu.Unlock()
	return slices.Clone(p.record.commands[path])
}

// Connections counts the accepted connections by path id.
func (p *Provider) Connections() map[string]int {
	p.record.mu.Lock()
	defer p.record.mu.Unlock()
	return maps.Clone(p.record.connections)
}

// Received gives the first 64 KiB that came on the path as they were on the wire: what
// is readable here was sent without encryption.
func (p *Provider) Received(path string) []byte {
	p.settle()
	p.record.mu.Lock()
	defer p.record.mu.Unlock()
	return slices.Clone(p.record.received[path])
}

// Heard gives the first 64 KiB that came on the path as the server read them, those inside
// TLS in clear, logins included: what a client has told whoever answered.
func (p *Provider) Heard(path string) []byte {
	p.record.mu.Lock()
	defer p.record.mu.Unlock()
	return slices.Clone(p.record.heard[path])
}
