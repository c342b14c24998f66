package report

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"mailmedic/probe/evidence"
)

// places hides where this computer is: its own address on the internet, by which a server
// calls it, and with strict those of the network that it is in. Addresses of servers are
// what the report is about.
type places struct {
	level   Level
	servers map[netip.Addr]bool
	hosts   []string              // names of servers, in small letters
	local   map[netip.Addr]string // by its new name
	asked   map[netip.Addr]bool   // name servers, which are not in the servers
	own     []netip.Addr          // as the record itself has them, public ones only
	hidden  map[string]int
}

func newPlaces(e *evidence.Evidence, level Level, hidden map[string]int) *places {
	p := &places{level: level, servers: map[netip.Addr]bool{}, local: map[netip.Addr]string{}, asked: map[netip.Addr]bool{}, hidden: hidden}
	p.note(e)
	for _, a := range addressesIn(e.Host.LinkV4.Address + " " + e.Host.LinkV6.Address) {
		if public(a) && !p.servers[a] {
			p.own = append(p.own, a)
		}
	}
	return p
}

// note takes the servers of a record, and the name servers that were asked.
func (p *places) note(e *evidence.Evidence) {
	for _, s := range e.Sessions {
		p.hosts = append(p.hosts, strings.ToLower(s.Path.Host))
		p.are(s.Override, s.Address)
		for _, d := range s.Dials {
			p.are(d.Address)
		}
		for _, l := range s.Looks {
			p.are(l.Address)
		}
		for _, c := range s.Secure.Chain {
			p.are(c.Names...)
		}
	}
	for _, l := range e.Lookups {
		p.are(l.Answers...)
		p.asks(l.Server)
	}
	for _, c := range e.Controls {
		p.are(c.Address)
	}
	p.asks(e.Host.Resolvers...)
	if e.Successor != nil {
		p.note(e.Successor)
	}
}

func (p *places) are(list ...string) {
	for _, a := range addressesIn(strings.Join(list, " ")) {
		p.servers[a] = true
	}
}

func (p *places) asks(list ...string) {
	for _, a := range addressesIn(strings.Join(list, " ")) {
		p.asked[a] = true
	}
}

// server tells whether a name is a server's, or the first part of one.
func (p *places) server(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(p.hosts, func(h string) bool { return h == name || strings.HasPrefix(h, name+".") })
}

// literals are what may be an address in a text: four numbers, or the groups of IPv6, with
// the mark of RFC 5321 section 4.1.3 in front of them or not.
var literals = pattern(`(?i)(?:ipv6:)?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.[0-9]{1,3}){0,3}|[0-9]{1,3}(?:\.[0-9]{1,3}){3}`)

// found is an address in a text.
type found struct {
	from, to int
	addr     netip.Addr
}

func find(s string) []found {
	var list []found
	for _, at := range literals().FindAllStringIndex(s, -1) {
		from := at[0]
		if len(s[from:at[1]]) > 5 && strings.EqualFold(s[from:from+5], "ipv6:") {
			from += 5
		}
		addr, err := netip.ParseAddr(s[from:at[1]])
		before := from == at[0] && from > 0 && (letterOrDigit(rune(s[from-1])) || s[from-1] == '.')
		after := at[1] < len(s) && letterOrDigit(rune(s[at[1]]))
		if err == nil && !before && !after {
			list = append(list, found{from, at[1], addr.Unmap()})
		}
	}
	return list
}

func addressesIn(s string) []netip.Addr {
	var list []netip.Addr
	for _, f := range find(s) {
		list = append(list, f.addr)
	}
	return list
}

// public tells whether an address is one that the whole internet knows.
func public(a netip.Addr) bool {
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10) // RFC 6598
	return a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}

// text hides addresses in a text that are neither a server's nor a name server's.
func (p *places) text(s string) string {
	if strings.Count(s, ".") < 3 && strings.Count(s, ":") < 2 && strings.Count(s, "-") < 3 {
		return s
	}
	var b strings.Builder
	done := 0
	for _, f := range find(s) {
		b.WriteString(s[done:f.from] + p.instead(s[f.from:f.to], s[f.to:], f.addr))
		done = f.to
	}
	return p.hyphens(b.String() + s[done:])
}

// instead is what stands for an address. In front of a name it is turned round, as block
// lists ask for it (RFC 5782 section 2.1).
func (p *places) instead(shown, behind string, a netip.Addr) string {
	switch {
	case p.servers[a] || a.IsLoopback() || a.IsUnspecified():
		return shown
	case p.asked[a] || !public(a):
		if p.level != Strict || !a.IsGlobalUnicast() && !a.IsLinkLocalUnicast() {
			return shown
		}
		return p.localName(a)
	}
	p.hidden[hiddenPublic]++
	turned := a.Is4() && len(behind) > 1 && behind[0] == '.' && letterOrDigit(rune(behind[1]))
	if turned {
		o := a.As4()
		a = netip.AddrFrom4([4]byte{o[3], o[2], o[1], o[0]})
	}
	if !slices.Contains(p.own, a) {
		p.own = append(p.own, a)
	}
	switch {
	case p.level == Strict:
		return "<public-ip>"
	case turned:
		o := a.As4()
		return "x.x." + itoa(int(o[1])) + "." + itoa(int(o[0]))
	}
	return half(a, ".")
}

// half is the first two parts of an address, which say no more than whose network it is.
func half(a netip.Addr, between string) string {
	if a.Is4() {
		o := a.As4()
		return itoa(int(o[0])) + between + itoa(int(o[1])) + between + "x" + between + "x"
	}
	o := a.As16()
	part := func(i int) string { return strconv.FormatUint(uint64(o[i])<<8|uint64(o[i+1]), 16) }
	return part(0) + ":" + part(2) + ":x:x"
}

func (p *places) localName(a netip.Addr) string {
	p.hidden[hiddenLocal]++
	if p.local[a] == "" {
		p.local[a] = "<lan-ip-" + itoa(len(p.local)+1) + ">"
	}
	return p.local[a]
}

// dashed are four numbers in the name that a provider gives to a customer's address.
var dashed = pattern(`[0-9]{1,3}(?:-[0-9]{1,3}){3}`)

// hyphens hides the own address in such a name.
func (p *places) hyphens(s string) string {
	return dashed().ReplaceAllStringFunc(s, func(shown string) string {
		a, err := netip.ParseAddr(strings.ReplaceAll(shown, "-", "."))
		if err != nil || !slices.Contains(p.own, a) {
			return shown
		}
		p.hidden[hiddenPublic]++
		if p.level == Strict {
			return "<public-ip>"
		}
		return half(a, "-")
	})
}
