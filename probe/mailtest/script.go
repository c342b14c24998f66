package mailtest

import (
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailmedic/probe/profile"
)

// Script is what a scripted server does with each connection, step by step.
type Script []step

type step struct {
	verb  string
	text  string        // what to send, or the word to wait for
	flaw  Flaw          // of the certificate
	pause time.Duration // of wait, and of drip
	times int           // of repeat
}

// The verbs, and which argument they take.
const (
	verbSend     = ">"        // text: sends it and a line end; $tag is the first word of the line last waited for
	verbBytes    = ">>"       // a Go string in quotes: sends exactly its bytes
	verbRaw      = "raw"      // a Go string in quotes: sends its bytes below TLS
	verbRepeat   = "repeat"   // number, Go string in quotes: sends its bytes so many times
	verbDrip     = "drip"     // duration, Go string in quotes: sends a byte, waits, sends the next
	verbExpect   = "<"        // word: reads lines until one contains it in any case; none: any line
	verbHello    = "hello"    // reads one TLS record, as a ClientHello is
	verbTLS      = "tls"      // flaw or none: handshake now, with a certificate that has the flaw
	verbSTARTTLS = "starttls" // flaw or none: waits for STARTTLS, agrees, then as tls
	verbWait     = "wait"     // duration
	verbServe    = "serve"    // goes on as the healthy server, from where the script has come to
	verbStall    = "stall"    // says nothing more, and stays
	verbDeaf     = "deaf"     // reads nothing more either
	verbHalf     = "half"     // closes its own direction, and stays
	verbClose    = "close"
	verbReset    = "reset" // ends the connection with a TCP reset
)

// ParseScript reads a script: one step a line, blank lines and lines that begin with
// "#" left out.
//
//	> * OK hi               send a line
//	>> "* OK [" (in quotes) send these bytes, with Go's escapes
//	raw "\x15\x03\x03"       send these bytes below TLS
//	repeat 1000 "* OK\r\n"  send these bytes a thousand times
//	drip 1s "* OK hi\r\n"   send them one by one, a second apart
//	< CAPABILITY            wait for a line with the word
//	hello                   wait for a ClientHello
//	> $tag OK done          answer it
//	starttls expired        wait for STARTTLS, agree, shake hands with an expired certificate
//	tls                     shake hands at once
//	wait 200ms              pause
//	serve                   go on as the healthy server
//	stall | deaf | half | close | reset   the end
//
// A script that ends otherwise closes the connection.
func ParseScript(text string) (Script, error) {
	var script Script
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s, err := parseStep(line)
		if err != nil {
			return nil, fmt.Errorf("read script: line %d: %w", i+1, err)
		}
		script = append(script, s)
	}
	return script, nil
}

func parseStep(line string) (step, error) {
	verb, rest, _ := strings.Cut(line, " ")
	s := step{verb: verb, text: rest}
	var err error
	switch verb {
	case verbSend, verbExpect:
	case verbBytes, verbRaw:
		s.text, err = unquoted(verb, rest)
	case verbRepeat:
		number, text, _ := strings.Cut(rest, " ")
		if s.times, err = strconv.Atoi(number); err != nil || s.times < 1 {
			return step{}, fmt.Errorf("repeat wants a number, not %q", number)
		}
		s.text, err = unquoted(verb, text)
	case verbDrip:
		between, text, _ := strings.Cut(rest, " ")
		if s.pause, err = time.ParseDuration(between); err != nil {
			return step{}, fmt.Errorf("drip wants a duration: %w", err)
		}
		s.text, err = unquoted(verb, text)
	case verbWait:
		if s.pause, err = time.ParseDuration(rest); err != nil {
			return step{}, fmt.Errorf("wait wants a duration: %w", err)
		}
	case verbTLS, verbSTARTTLS:
		s.flaw = Flaw(rest)
		if !s.flaw.known() {
			return step{}, fmt.Errorf("unknown flaw %q", rest)
		}
	case verbHello, verbServe, verbStall, verbDeaf, verbHalf, verbClose, verbReset:
		if rest != "" {
			return step{}, fmt.Errorf("%s takes nothing, not %q", verb, rest)
		}
	default:
		return step{}, fmt.Errorf("unknown step %q", verb)
	}
	return s, err
}

// unquoted reads the Go string of a step.
func unquoted(verb, quoted string) (string, error) {
	text, err := strconv.Unquote(strings.TrimSpace(quoted))
	if err != nil || text == "" {
		return "", fmt.Errorf("%s wants a string in quotes, not %s", verb, quoted)
	}
	return text, nil
}

func (f Flaw) known() bool {
	return f == "" || slices.Contains([]Flaw{
		Expired, EndsSoon, NotYetValid, OtherName, SelfSigned, Incomplete, PrivateAuthority, WeakKey, ExpiredPrivate,
	}, f)
}

// play runs the script on one connection.
func (script Script) play(s *server, conn *tap) {
	p := player{server: s, socket: conn, conn: conn}
	p.heard = &transcript{Conn: conn, server: s}
	for _, step := range script {
		if !p.do(step) {
			return
		}
	}
	_ = p.conn.Close()
}

type player struct {
	server *server
	socket *tap
	conn   net.Conn    // the socket, or TLS on it
	heard  *transcript // conn, with what comes noted
	tag    string
	at     stage
}

// do reports false when the connection has come to its end.
func (p *player) do(s step) bool {
	switch s.verb {
	case verbSend:
		return p.send(strings.ReplaceAll(s.text, "$tag", p.tag) + "\r\n")
	case verbBytes:
		return p.send(s.text)
	case verbRaw:
		_, err := p.socket.Write([]byte(s.text))
		return err == nil
	case verbRepeat:
		return p.repeat(s.text, s.times)
	case verbDrip:
		return p.drip(s.text, s.pause)
	case verbExpect:
		return p.expect(s.text)
	case verbHello:
		return p.hello()
	case verbTLS:
		return p.secure(s.flaw)
	case verbSTARTTLS:
		return p.expect("STARTTLS") && p.send(p.agreement()) && p.secure(s.flaw)
	case verbWait:
		return pause(s.pause, p.server.stop)
	case verbServe:
		p.server.talk(p.conn, p.at)
	case verbStall:
		stall(p.heard)
	case verbDeaf:
		<-p.server.stop
	case verbHalf:
		if tcp, ok := p.socket.Conn.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		stall(p.heard)
	case verbClose:
		_ = p.conn.Close()
	case verbReset:
		// Without lingering, closing a socket sends RST in place of FIN.
		if tcp, ok := p.socket.Conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = p.socket.Close()
	}
	return false
}

func (p *player) send(text string) bool {
	p.at.greeted = true
	_, err := p.heard.Write([]byte(text))
	return err == nil
}

// repeat writes in larger pieces, because a write for each line of a flood takes longer
// than reading it. No more than a piece is ever in memory.
func (p *player) repeat(text string, times int) bool {
	const piece = 32 << 10
	most := max(1, piece/len(text))
	for times > 0 {
		n := min(times, most)
		if !p.send(strings.Repeat(text, n)) {
			return false
		}
		times -= n
	}
	return true
}

func (p *player) drip(text string, between time.Duration) bool {
	for i := range len(text) {
		if !p.send(text[i:i+1]) || !pause(between, p.server.stop) {
			return false
		}
	}
	return true
}

func (p *player) hello() bool {
	header := make([]byte, recordHeader)
	if _, err := io.ReadFull(p.conn, header); err != nil {
		return false
	}
	_, err := io.CopyN(io.Discard, p.conn, int64(binary.BigEndian.Uint16(header[3:])))
	return err == nil
}

func (p *player) expect(word string) bool {
	for {
		line, err := readLine(p.heard)
		if err != nil {
			return false
		}
		if strings.Contains(strings.ToUpper(line), strings.ToUpper(word)) {
			p.tag, _, _ = strings.Cut(line, " ")
			return true
		}
	}
}

func (p *player) agreement() string {
	if p.server.path.Protocol == profile.IMAP {
		return p.tag + " OK Begin TLS negotiation now\r\n"
	}
	return "220 2.0.0 Ready to start TLS\r\n"
}

func (p *player) secure(flaw Flaw) bool {
	config := p.server.tls
	if flaw != "" {
		var err error
		if config, err = p.server.config(flaw); err != nil {
			return false
		}
	}
	secured := tls.Server(p.conn, config)
	if err := secured.Handshake(); err != nil {
		return false
	}
	p.conn = secured
	p.heard = &transcript{Conn: secured, server: p.server}
	p.at.secured = true
	return true
}
