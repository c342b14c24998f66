package wire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// talkConn plays chunks and keeps each Write.
type talkConn struct {
	fakeConn
	writes []string
}

func (c *talkConn) Write(p []byte) (int, error) {
	c.writes = append(c.writes, string(p))
	return len(p), nil
}

func newTalk(limits Limits, from ...string) (*Talk, *talkConn, *Log) {
	in := chunks(from)
	c := &talkConn{fakeConn: fakeConn{in: &in}}
	log := newLog()
	return NewTalk(c, log, limits, false), c, log
}

func TestTalkReadsLines(t *testing.T) {
	talk, _, log := newTalk(DefaultLimits(), "220-first\r", "\n220 sec", "ond\n", "\r\n", "a\rb\r\n", "cut o", "ff")
	var got []string
	var err error
	for err == nil {
		var line string
		line, err = talk.ReadLine()
		got = append(got, line)
	}
	want := []string{"220-first", "220 second", "", "a\rb", "cut off"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines: -want +got:\n%s", diff)
	}
	if err != io.ErrUnexpectedEOF {
		t.Errorf("inside a line: got %v, want %v", err, io.ErrUnexpectedEOF)
	}
	if _, err := talk.ReadLine(); err != io.EOF {
		t.Errorf("after it: got %v, want %v", err, io.EOF)
	}
	recorded := []string{"< 220-first", "< 220 second", "< ", "< a\rb", "< cut off"}
	if diff := cmp.Diff(recorded, texts(log)); diff != "" {
		t.Errorf("transcript: -want +got:\n%s", diff)
	}
}

func TestTalkLimits(t *testing.T) {
	limits := Limits{Line: 10, Responses: 3, Bytes: 30}
	tests := []struct {
		name  string
		in    string
		lines int // that are read before the limit
		want  LimitError
	}{
		{"a line of just the limit", "0123456789\r\n0123456789x\r\n", 1, LimitError{"line", 10}},
		{"bare LF", "0123456789\n0123456789x\n", 1, LimitError{"line", 10}},
		{"a line without end", strings.Repeat("x", 1<<20), 0, LimitError{"line", 10}},
		{"lines", strings.Repeat("a\r\n", 4), 3, LimitError{"responses", 3}},
		{"bytes", strings.Repeat("0123456789\r\n", 3), 2, LimitError{"bytes", 30}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			talk, _, _ := newTalk(limits, tt.in)
			for i := range tt.lines {
				if _, err := talk.ReadLine(); err != nil {
					t.Fatalf("line %d: %v", i, err)
				}
			}
			for range 2 {
				var got LimitError
				if _, err := talk.ReadLine(); !errors.As(err, &got) || got != tt.want {
					t.Errorf("got %v, want %v", err, tt.want)
				}
			}
		})
	}
}

func TestTalkWrites(t *testing.T) {
	talk, c, log := newTalk(DefaultLimits(), "334 VXNlcg==\r\n235 welcome\r\n")
	steps := []error{
		talk.WriteLine("AUTH LOGIN"),
		talk.WriteSecret("Y2FuYXJ5", "(name)"),
		talk.WriteLines("MAIL FROM:<a@b>", "RCPT TO:<a@b>"),
	}
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
	challenge, err := talk.ReadSecret("(challenge)")
	if challenge != "334 VXNlcg==" || err != nil {
		t.Errorf("challenge: got %q, %v", challenge, err)
	}
	want := []string{"AUTH LOGIN\r\n", "Y2FuYXJ5\r\n", "MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\n"}
	if diff := cmp.Diff(want, c.writes); diff != "" {
		t.Errorf("writes: -want +got:\n%s", diff)
	}
	recorded := []string{"> AUTH LOGIN", "> (name)", "> MAIL FROM:<a@b>", "> RCPT TO:<a@b>", "< (challenge)"}
	if diff := cmp.Diff(recorded, texts(log)); diff != "" {
		t.Errorf("transcript: -want +got:\n%s", diff)
	}
}

func TestTalkSendsNoSecondCommand(t *testing.T) {
	for _, text := range []string{"a LIST \"\" x\r\nb DELETE y", "a\nb", "a\rb", "a\x00b"} {
		talk, c, log := newTalk(DefaultLimits())
		err := talk.WriteSecret(text, "(secret)")
		if err == nil || strings.Contains(err.Error(), text) {
			t.Errorf("%q: got error %v, want one that does not show it", text, err)
		}
		if len(c.writes) > 0 || len(log.Lines()) > 0 {
			t.Errorf("%q: sent %q, recorded %q", text, c.writes, texts(log))
		}
	}
}

func TestTalkSeesWhatStandsBehindStartTLS(t *testing.T) {
	talk, _, log := newTalk(DefaultLimits(), "a OK go ahead\r\n* CAPABILITY EVIL\r\n* OK")
	if _, err := talk.ReadLine(); err != nil {
		t.Fatal(err)
	}
	const injected = "* CAPABILITY EVIL\r\n* OK"
	if got := talk.Buffered(); got != len(injected) {
		t.Errorf("buffered: got %d, want %d", got, len(injected))
	}
	if got := string(talk.Take()); got != injected {
		t.Errorf("taken: got %q, want %q", got, injected)
	}
	if got := talk.Buffered(); got != 0 {
		t.Errorf("after Take: got %d, want 0", got)
	}
	want := []string{"< a OK go ahead", "< * CAPABILITY EVIL", "< * OK"}
	if diff := cmp.Diff(want, texts(log)); diff != "" {
		t.Errorf("transcript: -want +got:\n%s", diff)
	}
}

func TestTalkHandsTheRestOver(t *testing.T) {
	talk, _, _ := newTalk(DefaultLimits(), "220 hi\r\n250-", "x\r\n")
	talk.ReadLine()
	rest, err := io.ReadAll(talk.Reader())
	if string(rest) != "250-x\r\n" || err != nil {
		t.Errorf("got %q, %v", rest, err)
	}
}

// FuzzTalk: whatever comes, lines are short, hold no LF, and end.
func FuzzTalk(f *testing.F) {
	for _, seed := range []string{
		"* OK hi\r\n", "220-a\n220 b\r\n", "\r\n\r\n", "\x16\x03\x01\x02\x00", "HTTP/1.1 400 Bad Request",
		strings.Repeat("x", 200), strings.Repeat("x\n", 60), "\xff\xfe\r\n", "a\rb\r\r\n",
	} {
		f.Add([]byte(seed))
	}
	limits := Limits{Line: 100, Responses: 50, Bytes: 2000}
	f.Fuzz(func(t *testing.T, in []byte) {
		log := newLog()
		talk := NewTalk(&fakeConn{in: bytes.NewReader(in)}, log, limits, true)
		for n := 0; ; n++ {
			line, err := talk.ReadLine()
			if len(line) > limits.Line+2 || err == nil && strings.Contains(line, "\n") {
				t.Fatalf("got line %q", line)
			}
			if err != nil {
				break
			}
			if n > limits.Responses {
				t.Fatalf("got more than %d lines", limits.Responses)
			}
		}
		if got := len(log.Lines()); got > limits.Responses+1 {
			t.Errorf("got %d recorded lines", got)
		}
	})
}
