package mailtest

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// names is what the name server knows. It is fixed before the first question.
type names struct {
	hosts  map[string]place
	v6     bool
	mx     map[string][]string // mail hosts by domain
	faults map[string]NameFault

	everywhere string                  // the address of every name; empty for the right ones
	invented   string                  // the address of names that do not exist; empty for none
	more       map[string][]netip.Addr // further addresses by host
}

// ttl of every answer, in seconds.
const ttl = 300

func newNames(o Options, hosts map[string]place) *names {
	n := &names{hosts: hosts, v6: o.IPv6, mx: map[string][]string{}, faults: map[string]NameFault{}, invented: o.Invented, more: map[string][]netip.Addr{}}
	if o.Portal != "" {
		n.everywhere = portalAddress
	}
	for text, twin := range o.Twins {
		if ip, err := netip.ParseAddr(text); err == nil {
			host := strings.ToLower(twin.Host)
			n.more[host] = append(n.more[host], ip)
		}
	}
	target := o.Profile.MX[:min(1, len(o.Profile.MX))]
	for _, domain := range append(append([]string(nil), o.Profile.Domains...), o.Hosted...) {
		n.mx[strings.ToLower(domain)] = target
	}
	for name, fault := range o.Names {
		n.faults[strings.ToLower(name)] = fault
	}
	return n
}

// answer makes the reply to one packet, and says what is wrong with it. A packet that
// cannot be read gets none.
func (n *names) answer(query []byte) ([]byte, NameFault) {
	var parser dnsmessage.Parser
	header, err := parser.Start(query)
	if err != nil {
		return nil, NameFault{}
	}
	question, err := parser.Question()
	if err != nil {
		return nil, NameFault{}
	}
	name := strings.ToLower(strings.TrimSuffix(question.Name.String(), "."))
	fault, ok := n.faults[name]
	if !ok {
		fault = n.faults["*"]
	}
	if fault.Only != "" && fault.Only != strings.TrimPrefix(question.Type.String(), "Type") {
		fault = NameFault{}
	}
	reply := dnsmessage.Message{
		Header: dnsmessage.Header{
			ID: header.ID, Response: true,
			RecursionDesired: header.RecursionDesired, RecursionAvailable: true,
			RCode: n.rcode(name, fault),
		},
		Questions: []dnsmessage.Question{question},
	}
	if reply.RCode == dnsmessage.RCodeSuccess {
		reply.Answers = n.records(question, name, fault)
	}
	packet, err := reply.Pack()
	if err != nil {
		return nil, NameFault{}
	}
	return packet, fault
}

func (n *names) rcode(name string, fault NameFault) dnsmessage.RCode {
	switch fault.RCode {
	case NXDomain:
		return dnsmessage.RCodeNameError
	case ServFail:
		return dnsmessage.RCodeServerFailure
	case DNSRefused:
		return dnsmessage.RCodeRefused
	}
	_, host := n.hosts[name]
	_, domain := n.mx[name]
	if n.everywhere != "" || n.invented != "" {
		return dnsmessage.RCodeSuccess
	}
	if host || domain || fault.A != nil || fault.AAAA != nil || fault.MX != nil {
		return dnsmessage.RCodeSuccess
	}
	return dnsmessage.RCodeNameError
}

func (n *names) records(q dnsmessage.Question, name string, fault NameFault) []dnsmessage.Resource {
	var bodies []dnsmessage.ResourceBody
	switch q.Type {
	case dnsmessage.TypeA:
		for _, ip := range n.v4(name, fault) {
			bodies = append(bodies, &dnsmessage.AResource{A: ip.As4()})
		}
	case dnsmessage.TypeAAAA:
		for _, ip := range n.v6Of(name, fault) {
			bodies = append(bodies, &dnsmessage.AAAAResource{AAAA: ip.As16()})
		}
	case dnsmessage.TypeMX:
		targets := n.mx[name]
		if fault.MX != nil {
			targets = fault.MX
		}
		for i, target := range targets {
			// A name that is too long for DNS is left out.
			if packed, err := dnsmessage.NewName(target + "."); err == nil {
				bodies = append(bodies, &dnsmessage.MXResource{Pref: uint16(10 * (i + 1)), MX: packed})
			}
		}
	}
	var list []dnsmessage.Resource
	for _, body := range bodies {
		list = append(list, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: ttl},
			Body:   body,
		})
	}
	return list
}

func (n *names) v4(name string, fault NameFault) []netip.Addr {
	if n.everywhere != "" {
		return parsed([]string{n.everywhere}, netip.Addr.Is4)
	}
	if fault.A != nil {
		return parsed(fault.A, netip.Addr.Is4)
	}
	if at, ok := n.hosts[name]; ok {
		return append([]netip.Addr{at.v4}, ofFamily(n.more[name], netip.Addr.Is4)...)
	}
	if _, domain := n.mx[name]; n.invented != "" && !domain {
		return parsed([]string{n.invented}, netip.Addr.Is4)
	}
	return nil
}

func (n *names) v6Of(name string, fault NameFault) []netip.Addr {
	if fault.AAAA != nil {
		return parsed(fault.AAAA, netip.Addr.Is6)
	}
	if at, ok := n.hosts[name]; ok && n.v6 && n.everywhere == "" {
		return append([]netip.Addr{at.v6}, ofFamily(n.more[name], netip.Addr.Is6)...)
	}
	return nil
}

// parsed leaves out what is not of the family.
func parsed(list []string, family func(netip.Addr) bool) []netip.Addr {
	var ips []netip.Addr
	for _, text := range list {
		if ip, err := netip.ParseAddr(text); err == nil {
			ips = append(ips, ip)
		}
	}
	return ofFamily(ips, family)
}

func ofFamily(ips []netip.Addr, family func(netip.Addr) bool) []netip.Addr {
	var list []netip.Addr
	for _, ip := range ips {
		if family(ip) {
			list = append(list, ip)
		}
	}
	return list
}

func (p *Provider) startNames() error {
	var err error
	if p.dnsUDP, err = net.ListenPacket("udp4", "127.0.0.1:0"); err != nil {
		return fmt.Errorf("name server: %w", err)
	}
	if p.dnsTCP, err = net.Listen("tcp4", "127.0.0.1:0"); err != nil {
		return fmt.Errorf("name server: %w", err)
	}
	p.running.Go(p.answerUDP)
	p.running.Go(func() { p.accept(p.dnsTCP, p.answerTCP) })
	return nil
}

// answerUDP takes the whole round trip here, because a datagram has no connection
// that could take it.
func (p *Provider) answerUDP() {
	buffer := make([]byte, 64<<10)
	for {
		n, from, err := p.dnsUDP.ReadFrom(buffer)
		if err != nil {
			return
		}
		reply, fault := p.names.answer(buffer[:n])
		if reply == nil || fault.Silent {
			continue
		}
		p.running.Go(func() {
			if pause(p.delay+fault.Late, p.stop) {
				_, _ = p.dnsUDP.WriteTo(reply, from)
			}
		})
	}
}

// answerTCP speaks with two octets of length before each message, RFC 1035 section 4.2.2.
func (p *Provider) answerTCP(conn net.Conn) {
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, query); err != nil {
			return
		}
		reply, fault := p.names.answer(query)
		if reply == nil || fault.Silent {
			continue
		}
		if !pause(fault.Late, p.stop) {
			return
		}
		packet := binary.BigEndian.AppendUint16(nil, uint16(len(reply)))
		if _, err := conn.Write(append(packet, reply...)); err != nil {
			return
		}
	}
}
