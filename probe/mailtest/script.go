package mailtest

import (
	"crypto/tls"
	"fmt"
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
	pause time.Duration // of wait
}

// The verbs, and which argument they take.
const (
	verbSend     = ">"        // text: sends it and a line end; $tag is the first word of the line last waited for
	verbBytes    = ">>"       // a Go string in quotes: sends exactly its bytes
	verbExpect   = "<"        // word: reads lines until one contains it in any case; none: any line
	verbTLS      = "tls"      // flaw or none: handshake now, with a certificate that has the flaw
	verbSTARTTLS = "starttls" // flaw or none: waits for STARTTLS, agrees, then as tls
	verbWait     = "wait"     // duration
	verbServe    = "serve"    // goes on as the healthy server, from where the script has come to
	verbStall    = "stall"    // says nothing more, and stays
	verbClose    = "close"
	verbReset    = "reset" // ends the connection with a TCP reset
)

// ParseScript reads a script: one step a line, blank lines and lines that begin with
// "#" left out.
//
//	> * OK hi               send a line
//	>> "* OK [" (in quotes) send these bytes, with Go's escapes
//	< CAPABILITY            wait for a line with the word
//	> $tag OK done          answer it
//	starttls expired        wait for STARTTLS, agree, shake hands with an expired certificate
//	tls                     shake hands at once
//	wait 200ms              pause
//	serve                   go on as the healthy server
//	stall | close | reset   the end
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
	case verbBytes:
		if s.text, err = strconv.Unquote(strings.TrimSpace(rest)); err != nil {
			return step{}, fmt.Errorf("%s wants a string in quotes, not %s", verb, rest)
		}
	case verbWait:
		if s.pause, err = time.ParseDuration(rest); err != nil {
			return step{}, fmt.Errorf("wait wants a duration: %w", err)
		}
	case verbTLS, verbSTARTTLS:
		s.flaw = Flaw(rest)
		if !s.flaw.known() {
			return step{}, fmt.Errorf("unknown flaw %q", rest)
		}
	case verbServe, verbStall, verbClose, verbReset:
		if rest != "" {
			return step{}, fmt.Errorf("%s takes nothing, not %q", verb, rest)
		}
	default:
		return step{}, fmt.Errorf("unknown step %q", verb)
	}
	return s, nil
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
	case verbExpect:
		return p.expect(s.text)
	case verbTLS:
		return p.secure(s.flaw)
	case verbSTARTTLS:
		return p.expect("STARTTLS") && p.send(p.agreement()) && p.secure(s.flaw)
	case verbWait:
		return pause(s.pause, p.server.stop)
	case verbServe:
		p.server.talk(p.conn, p.at)
	case verbStall:
		stall(p.conn)
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
