package debian

import (
	"io"
	"strings"
	"sync"
	"time"
)

// journal keeps what a server wrote to its log.
type journal struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{} // closed and replaced at each write
	ended   chan struct{} // closed at the end of the log
}

func newJournal() *journal {
	return &journal{changed: make(chan struct{}), ended: make(chan struct{})}
}

// read follows the log until the last process that could write to it is gone.
func (j *journal) read(log io.ReadCloser) {
	defer close(j.ended)
	defer log.Close()
	// An error here is the end of the log: nothing more can be learned from it.
	io.Copy(j, log)
}

// Write appends to the log.
func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text.Write(p)
	close(j.changed)
	j.changed = make(chan struct{})
	return len(p), nil
}

// String returns the log so far.
func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// await tells whether the text came up in the log before the log ended and before
// the limit passed.
func (j *journal) await(text string, limit time.Duration) bool {
	late := time.After(limit)
	for {
		j.mu.Lock()
		found, changed := strings.Contains(j.text.String(), text), j.changed
		j.mu.Unlock()
		if found {
			return true
		}
		select {
		case <-changed:
		case <-j.ended:
			return strings.Contains(j.String(), text)
		case <-late:
			return false
		}
	}
}

// drained waits for the end of the log, at most for the limit.
func (j *journal) drained(limit time.Duration) {
	select {
	case <-j.ended:
	case <-time.After(limit):
	}
}
