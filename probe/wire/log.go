package wire

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"mailmedic/probe/evidence"
)

const (
	logLines = 2000      // a folder list of some hundred rows with its commands fits several times
	logRunes = 1000      // longer than any honest greeting or capability line
	logBytes = 256 << 10 // 2000 lines of 130 bytes; a report of all paths has to stay readable
)

// CutMark ends a text that was cut.
const CutMark = "…"

// Log collects the transcript of one session. It is safe for concurrent use,
// because a library's goroutine may still write when the session is over.
type Log struct {
	start time.Time
	now   func() time.Time

	mu     sync.Mutex
	lines  []evidence.Line
	bytes  int  // of their texts
	full   bool // what the server says from now on is left out
	sealed bool
}

// NewLog starts a transcript whose lines carry the time since start.
func NewLog(start time.Time, now func() time.Time) *Log { return &Log{start: start, now: now} }

// Sent records a line that goes to the server.
func (l *Log) Sent(text string, encrypted bool) { l.add(text, true, encrypted) }

// Received records a line that came from the server.
func (l *Log) Received(text string, encrypted bool) { l.add(text, false, encrypted) }

// Seal ends the transcript. What comes later is ignored.
func (l *Log) Seal() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sealed = true
}

// Lines copies the transcript. What came is cut after 2000 lines or 256 KiB, each line
// after 1000 characters, and each cut is marked with "…"; what was sent is there to the
// end. Bytes that are not UTF-8 read as U+FFFD, so that a saved transcript equals the
// one in memory.
func (l *Log) Lines() []evidence.Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.lines)
}

func (l *Log) add(text string, sent, encrypted bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sealed || l.full && !sent {
		return
	}
	text = cut(text, logRunes)
	if !l.full && !sent && (len(l.lines) >= logLines-1 || l.bytes+len(text) > logBytes) {
		text, l.full = CutMark, true
	}
	l.bytes += len(text)
	l.lines = append(l.lines, evidence.Line{
		At:        evidence.Since(l.now().Sub(l.start)),
		Sent:      sent,
		Encrypted: encrypted,
		Text:      text,
	})
}

// cut makes text valid UTF-8 of at most limit characters.
func cut(text string, limit int) string {
	if most := limit * utf8.UTFMax; len(text) > most {
		text = text[:most] // before the repair, which can triple a hostile line
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	runes := []rune(text)
	return string(runes[:limit-1]) + CutMark
}
