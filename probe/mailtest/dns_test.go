package mailtest

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/dns/dnsmessage"
)

// question packs a query.
func question(t *testing.T, name string, kind dnsmessage.Type) []byte {
	t.Helper()
	message := dnsmessage.Message{
		Header: dnsmessage.Header{ID: 7, RecursionDesired: true},
		Questions: []dnsmessage.Question{{
			Name: dnsmessage.MustNewName(name), Type: kind, Class: dnsmessage.ClassINET,
		}},
	}
	packet, err := message.Pack()
	if err != nil {
		t.Fatalf("Pack() = %v", err)
	}
	return packet
}

// lookup asks over UDP, and gives the answer code and the data of the records.
func lookup(t *testing.T, p *Provider, name string, kind dnsmessage.Type) (dnsmessage.RCode, []string) {
	t.Helper()
	conn := resolve(t, p, "udp")
	if _, err := conn.Write(question(t, name, kind)); err != nil {
		t.Fatalf("Write() = %v", err)
	}
	buffer := make([]byte, 1500)
	n, err := conn.Read(buffer)
	if err != nil {
		t.Fatalf("Read() = %v", err)
	}
	return unpack(t, buffer[:n])
}

func unpack(t *testing.T, packet []byte) (dnsmessage.RCode, []string) {
	t.Helper()
	var reply dnsmessage.Message
	if err := reply.Unpack(packet); err != nil {
		t.Fatalf("Unpack() = %v", err)
	}
	if !reply.Response || reply.ID != 7 {
		t.Errorf("header = %+v, want a response with id 7", reply.Header)
	}
	var data []string
	for _, r := range reply.Answers {
		switch body := r.Body.(type) {
		case *dnsmessage.AResource:
			data = append(data, net.IP(body.A[:]).String())
		case *dnsmessage.AAAAResource:
			data = append(data, net.IP(body.AAAA[:]).String())
		case *dnsmessage.MXResource:
			data = append(data, body.MX.String())
		}
	}
	return reply.RCode, data
}

func resolve(t *testing.T, p *Provider, network string) net.Conn {
	t.Helper()
	conn, err := p.Dial(t.Context(), network, p.Resolver())
	if err != nil {
		t.Fatalf("Dial(%s, %s) = %v", network, p.Resolver(), err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatalf("SetDeadline() = %v", err)
	}
	return conn
}

func TestAnswers(t *testing.T) {
	ok, none := dnsmessage.RCodeSuccess, dnsmessage.RCodeNameError
	for _, tt := range []struct {
		name string
		kind dnsmessage.Type
		v6   bool
		want dnsmessage.RCode
		data []string
	}{
		{"secure.example.com.", dnsmessage.TypeA, false, ok, []string{"192.0.2.10"}},
		{"IMAP.Example.com.", dnsmessage.TypeA, false, ok, []string{"192.0.2.11"}},
		{"smtp.example.com.", dnsmessage.TypeA, false, ok, []string{"192.0.2.12"}},
		{"smtp.example.com.", dnsmessage.TypeAAAA, false, ok, nil},
		{"smtp.example.com.", dnsmessage.TypeAAAA, true, ok, []string{"2001:db8::c"}},
		{"example.org.", dnsmessage.TypeMX, false, ok, []string{"mx.example.com."}},
		{"example.com.", dnsmessage.TypeMX, false, ok, []string{"mx.example.com."}},
		{"example.org.", dnsmessage.TypeA, false, ok, nil},
		{"smtp.example.com.", dnsmessage.TypeTXT, false, ok, nil},
		{"pop.example.com.", dnsmessage.TypeA, false, none, nil},
		{"example.net.", dnsmessage.TypeMX, false, none, nil},
	} {
		o := options()
		o.IPv6 = tt.v6
		code, data := lookup(t, start(t, o), tt.name, tt.kind)
		if code != tt.want || !cmp.Equal(data, tt.data) {
			t.Errorf("%v %s = %v %v, want %v %v", tt.kind, tt.name, code, data, tt.want, tt.data)
		}
	}
}

func TestAnswersOverTCP(t *testing.T) {
	conn := resolve(t, start(t, options()), "tcp")
	for range 2 {
		query := question(t, "imap.example.com.", dnsmessage.TypeA)
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(query))), query...)); err != nil {
			t.Fatalf("Write() = %v", err)
		}
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			t.Fatalf("read size: %v", err)
		}
		packet := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, packet); err != nil {
			t.Fatalf("read packet: %v", err)
		}
		if _, data := unpack(t, packet); !cmp.Equal(data, []string{"192.0.2.11"}) {
			t.Errorf("answer = %v, want [192.0.2.11]", data)
		}
	}
}

// The standard library's resolver gets what it needs.
func TestAnswersToNet(t *testing.T) {
	p := start(t, options())
	r := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return p.Dial(ctx, network, p.Resolver())
	}}
	got, err := r.LookupNetIP(t.Context(), "ip4", "imap.example.com.")
	if err != nil || len(got) != 1 || got[0].String() != "192.0.2.11" {
		t.Errorf("LookupNetIP() = %v, %v; want [192.0.2.11]", got, err)
	}
	_, err = r.LookupNetIP(t.Context(), "ip4", "pop.example.com.")
	var missing *net.DNSError
	if !errors.As(err, &missing) || !missing.IsNotFound {
		t.Errorf("LookupNetIP() = %v, want not found", err)
	}
}

func TestNameFaults(t *testing.T) {
	o := options()
	o.Names = map[string]NameFault{
		"secure.example.com": {RCode: NXDomain},
		"imap.example.com":   {A: []string{"192.0.2.80", "192.0.2.11"}},
		"smtp.example.com":   {A: []string{}},
		"example.org":        {MX: []string{"mx.elsewhere.example", "mx2.elsewhere.example"}},
		"*":                  {RCode: ServFail, Late: time.Millisecond},
	}
	p := start(t, o)
	for _, tt := range []struct {
		name string
		want dnsmessage.RCode
		data []string
	}{
		{"secure.example.com.", dnsmessage.RCodeNameError, nil},
		{"imap.example.com.", dnsmessage.RCodeSuccess, []string{"192.0.2.80", "192.0.2.11"}},
		{"smtp.example.com.", dnsmessage.RCodeSuccess, nil},
		{"example.com.", dnsmessage.RCodeServerFailure, nil},
	} {
		code, data := lookup(t, p, tt.name, dnsmessage.TypeA)
		if code != tt.want || !cmp.Equal(data, tt.data) {
			t.Errorf("%s = %v %v, want %v %v", tt.name, code, data, tt.want, tt.data)
		}
	}
	moved := []string{"mx.elsewhere.example.", "mx2.elsewhere.example."}
	if code, data := lookup(t, p, "example.org.", dnsmessage.TypeMX); code != dnsmessage.RCodeSuccess || !cmp.Equal(data, moved) {
		t.Errorf("MX of example.org. = %v %v, want %v", code, data, moved)
	}
	// An address that a false answer names leads to the servers, whatever they speak.
	conn, err := p.Dial(t.Context(), "tcp", "192.0.2.80:587")
	if err != nil {
		t.Fatalf("Dial(192.0.2.80:587) = %v", err)
	}
	_ = conn.Close()
}

func TestSilentNames(t *testing.T) {
	o := options()
	o.Names = map[string]NameFault{"*": {Silent: true}}
	conn := resolve(t, start(t, o), "udp")
	if _, err := conn.Write(question(t, "imap.example.com.", dnsmessage.TypeA)); err != nil {
		t.Fatalf("Write() = %v", err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatalf("SetReadDeadline() = %v", err)
	}
	var network net.Error
	if _, err := conn.Read(make([]byte, 100)); !errors.As(err, &network) || !network.Timeout() {
		t.Errorf("Read() = %v, want a timeout", err)
	}
}
