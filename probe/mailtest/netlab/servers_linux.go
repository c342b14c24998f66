package netlab

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Serve takes connections until the listener is closed, each in its own goroutine.
func Serve(l net.Listener, serve func(net.Conn)) {
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
}

// To passes a connection on to a server outside of the net, byte by byte. The packets
// between client and provider are the kernel's, the conversation is the real server's.
func To(address string) func(net.Conn) {
	return func(c net.Conn) {
		server, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		defer server.Close()
		both(c, server)
	}
}

func both(a, b net.Conn) {
	var work sync.WaitGroup
	copy := func(to, from net.Conn) {
		io.Copy(to, from)
		if tcp, ok := to.(interface{ CloseWrite() error }); ok {
			tcp.CloseWrite()
		}
	}
	work.Go(func() { copy(a, b) })
	work.Go(func() { copy(b, a) })
	work.Wait()
}

// Edited passes a connection on line by line, with each line of the server's as edit
// wants it, until TLS begins.
func Edited(address string, edit func(line string) string) func(net.Conn) {
	return func(c net.Conn) {
		server, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		defer server.Close()
		go func() {
			io.Copy(server, c)
			server.(*net.TCPConn).CloseWrite()
		}()
		from := bufio.NewReader(server)
		for {
			line, err := from.ReadString('\n')
			if err != nil {
				return
			}
			edited := edit(line)
			if _, err := io.WriteString(c, edited); err != nil {
				return
			}
			if strings.HasPrefix(line, "220 ") && strings.Contains(strings.ToLower(line), "start tls") {
				io.Copy(c, from)
				return
			}
		}
	}
}

// ResetAtHello passes a connection on and resets it when the client says a TLS hello.
func ResetAtHello(address string) func(net.Conn) {
	return func(c net.Conn) {
		server, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		defer server.Close()
		go io.Copy(c, server)
		buffer := make([]byte, 4096)
		for {
			n, err := c.Read(buffer)
			if n > 0 && buffer[0] == 0x16 { // a TLS handshake record, RFC 8446 section 5.1
				c.(*net.TCPConn).SetLinger(0)
				return
			}
			if err != nil {
				return
			}
			server.Write(buffer[:n])
		}
	}
}

// Intercepted opens TLS with a certificate of one's own, and speaks TLS with the server.
func Intercepted(address string, own *tls.Config) func(net.Conn) {
	return func(c net.Conn) {
		opened := tls.Server(c, own)
		if opened.Handshake() != nil {
			return
		}
		server, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true}) // a product that opens everything
		if err != nil {
			return
		}
		defer server.Close()
		both(opened, server)
	}
}

// Names is what a name server answers.
type Names struct {
	Hosts  map[string]int   // number of the host whose addresses a name has
	V6     bool             // it gives AAAA records too
	RCode  dnsmessage.RCode // answered to everything, if it is not success
	Silent bool
	All    string // the IPv4 address of every name, if it is set
}

// Resolve runs a name server in the provider's namespace.
func (n *Net) Resolve(t testing.TB, names Names) {
	t.Helper()
	c := n.ListenPacket(t, Provider, Resolver+":53")
	go func() {
		buffer := make([]byte, 4096)
		for {
			size, from, err := c.ReadFrom(buffer)
			if err != nil {
				return
			}
			if reply, err := names.answer(buffer[:size]); err == nil && !names.Silent {
				c.WriteTo(reply, from)
			}
		}
	}()
}

func (x Names) answer(query []byte) ([]byte, error) {
	var parser dnsmessage.Parser
	header, err := parser.Start(query)
	if err != nil {
		return nil, err
	}
	q, err := parser.Question()
	if err != nil {
		return nil, err
	}
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: header.ID, Response: true, RecursionDesired: true, RecursionAvailable: true, RCode: x.RCode},
		Questions: []dnsmessage.Question{q},
	}
	host, known := x.Hosts[strings.TrimSuffix(strings.ToLower(q.Name.String()), ".")]
	switch {
	case x.RCode != dnsmessage.RCodeSuccess:
	case !known && x.All == "":
		reply.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeA && x.All != "":
		reply.Answers = record(q, &dnsmessage.AResource{A: netip.MustParseAddr(x.All).As4()})
	case q.Type == dnsmessage.TypeA:
		reply.Answers = record(q, &dnsmessage.AResource{A: netip.MustParseAddr(Address(host)).As4()})
	case q.Type == dnsmessage.TypeAAAA && x.V6:
		reply.Answers = record(q, &dnsmessage.AAAAResource{AAAA: netip.MustParseAddr(Address6(host)).As16()})
	}
	return reply.Pack()
}

func record(q dnsmessage.Question, body dnsmessage.ResourceBody) []dnsmessage.Resource {
	return []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 300}, Body: body}}
}

// Page answers as a web server that sends its visitors elsewhere. It waits for the
// client's first bytes, as web servers do.
func Page(location string) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := bufio.NewReader(c).Peek(1); err != nil && !errors.Is(err, io.EOF) {
			return
		}
		io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: "+location+"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	}
}
