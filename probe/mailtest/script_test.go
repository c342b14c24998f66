package mailtest

import (
	"errors"
	"io"
	"syscall"
	"testing"
	"time"
)

// scripted plays a script on a path.
func scripted(t *testing.T, path, script string) (*Provider, *client) {
	t.Helper()
	p := faulty(t, path, Fault{Script: script})
	return p, talk(t, dial(t, p, path))
}

func TestScriptTalks(t *testing.T) {
	p, c := scripted(t, "imap-143", `
		# a server that stumbles
		> * OK hi
		< CAPABILITY
		> * CAPABILITY IMAP4rev1 (X)
		>> "$tag\x00"
		> -
		> $tag OK done
		close
	`)
	c.want(c.line(), "* OK hi")
	c.say("x1 NOOP")
	c.want(c.ask("x2 capability"), "* CAPABILITY IMAP4rev1 (X)\n$tag\x00-\nx2 OK done")
	if _, err := c.in.ReadByte(); err != io.EOF {
		t.Errorf("read at the end = %v, want %v", err, io.EOF)
	}
	if got := p.Commands("imap-143"); len(got) != 2 || got[1] != "x2 capability" {
		t.Errorf("Commands() = %q", got)
	}
}

func TestScriptShakesHands(t *testing.T) {
	p, c := scripted(t, "imap-143", "> * OK hi\nstarttls\n< LOGIN\n> $tag NO [LIMIT] no")
	c.line()
	c.want(c.ask("a STARTTLS"), "a OK")
	c = c.secure(p, "imap.example.com")
	c.want(c.ask("b LOGIN alice opensesame-canary"), "b NO [LIMIT]")
	if got := p.Commands("imap-143"); len(got) != 2 || got[1] != "b LOGIN" {
		t.Errorf("Commands() = %q, want no password", got)
	}

	p, c = scripted(t, "smtp-465", "tls\n> 220-\n> 220 hi")
	c = c.secure(p, "smtp.example.com")
	c.want(c.line(), "220-")
	c.want(c.line(), "220 hi")
}

// After serve, the healthy server goes on from where the script has come to.
func TestScriptHandsOver(t *testing.T) {
	p, c := scripted(t, "imap-143", "wait 1ms\n> * OK an odd greeting\nserve")
	c.want(c.line(), "an odd greeting")
	c.want(c.ask("a STARTTLS"), "a OK")
	c = c.secure(p, "imap.example.com")
	c.want(c.ask("b LOGIN "+aliceName+" "+aliceWord), "b OK")

	p, c = scripted(t, "smtp-587", "> 220 hi\nstarttls\nserve")
	c.line()
	c.want(c.ask("STARTTLS"), "220 2.0.0")
	c = c.secure(p, "smtp.example.com")
	c.want(c.ask("EHLO client.example"), "AUTH PLAIN LOGIN")

	p, c = scripted(t, "imap-993", "tls\nserve")
	c = c.secure(p, "secure.example.com")
	c.want(c.line(), "* OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL- AUTH=PLAIN]")

	_, c = scripted(t, "smtp-25", "serve")
	c.want(c.line(), "220 smtp.example.com")
}

func TestScriptResets(t *testing.T) {
	_, c := scripted(t, "smtp-25", "< EHLO\nreset")
	c.say("EHLO client.example")
	if _, err := c.in.ReadByte(); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("read = %v, want %v", err, syscall.ECONNRESET)
	}
}

// A flood is as long as it says, whatever the size of its piece.
func TestScriptFloods(t *testing.T) {
	_, c := scripted(t, "imap-143", `repeat 100001 "* OK \r\n"`+"\n> end")
	for n := range 100001 {
		if line := c.line(); line != "* OK " {
			t.Fatalf("line %d: got %q, want * OK", n+1, line)
		}
	}
	c.want(c.line(), "end")
}

func TestScriptDrips(t *testing.T) {
	p, c := scripted(t, "imap-143", `drip 1ms "* OK hi\r\n"`)
	c.want(c.line(), "* OK hi")
	_, c = scripted(t, "imap-143", `drip 1h "* OK hi\r\n"`)
	if b, err := c.in.ReadByte(); b != '*' || err != nil {
		t.Errorf("first byte: got %q, %v, want an asterisk", b, err)
	}
	p.Close() // and whoever waits for the next byte ends with it
}

// Below TLS there is a place of its own: what is sent there breaks the connection above.
func TestScriptSpeaksBelowTLS(t *testing.T) {
	p, c := scripted(t, "imap-993", "tls\n> * OK hi\n< NOOP\nraw \"what is this?\"\nstall")
	c = c.secure(p, "secure.example.com")
	c.want(c.line(), "* OK hi")
	c.say("a NOOP")
	if _, err := c.in.ReadByte(); err == nil {
		t.Error("garbage below TLS was read as if it were sound")
	}

	_, c = scripted(t, "imap-993", "hello\nraw \"\\x15\\x03\\x03\\x00\\x02\\x02\\x28\"\nstall")
	c.say("\x16\x03\x01\x00\x01x")
	alert := make([]byte, 7)
	if _, err := io.ReadFull(c.in, alert); err != nil || alert[6] != 40 {
		t.Errorf("behind the hello: got %q, %v, want alert 40", alert, err)
	}
}

// Half closed, the server still hears; deaf, it neither hears nor goes.
func TestScriptStays(t *testing.T) {
	p, c := scripted(t, "smtp-25", "> 220 hi\nhalf")
	c.want(c.line(), "220 hi")
	if _, err := c.in.ReadByte(); err != io.EOF {
		t.Errorf("read from a half closed connection: %v, want %v", err, io.EOF)
	}
	c.say("QUIT")
	for end := time.Now().Add(patience); string(p.Received("smtp-25")) != "QUIT\r\n"; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("received behind the half close: %q, want QUIT", p.Received("smtp-25"))
		}
	}

	p, c = scripted(t, "smtp-25", "> 220 hi\ndeaf")
	c.want(c.line(), "220 hi")
	c.say("QUIT")
	p.Close()
	if got := string(p.Received("smtp-25")); got != "" {
		t.Errorf("received by a deaf server: %q, want nothing", got)
	}
}

func TestParseScriptRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"> hi\nshout":  `read script: line 2: unknown step "shout"`,
		"tls rusty":    `read script: line 1: unknown flaw "rusty"`,
		">> hi":        `read script: line 1: >> wants a string in quotes, not hi`,
		"raw 15":       `read script: line 1: raw wants a string in quotes, not 15`,
		`>> ""`:        `read script: line 1: >> wants a string in quotes, not ""`,
		"repeat \"x\"": `read script: line 1: repeat wants a number, not "\"x\""`,
		"repeat 3 x":   `read script: line 1: repeat wants a string in quotes, not x`,
		`drip 1 "x"`:   `read script: line 1: drip wants a duration: time: missing unit in duration "1"`,
		"wait a while": `read script: line 1: wait wants a duration: time: invalid duration "a while"`,
		"close it":     `read script: line 1: close takes nothing, not "it"`,
	} {
		if _, err := ParseScript(text); err == nil || err.Error() != want {
			t.Errorf("ParseScript(%q) = %v, want %s", text, err, want)
		}
	}
}
