package report

import (
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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
	own     map[netip.Addr]bool   // public ones that stand in the record and are nobody's of these
	hidden  map[string]int
}

// newPlaces takes every address of the record before the first is hidden: the name that a
// provider gives to a customer's address says it in other ways, and may come before it.
func newPlaces(e *evidence.Evidence, level Level, hidden map[string]int) *places {
	p := &places{level: level, servers: map[netip.Addr]bool{}, local: map[netip.Addr]string{}, asked: map[netip.Addr]bool{}, own: map[netip.Addr]bool{}, hidden: hidden}
	p.note(e)
	eachText(reflect.ValueOf(e).Elem(), member{}, func(s string, _ member) string {
		for _, a := range addressesIn(s) {
			if public(a) && !p.servers[a] && !p.asked[a] {
				p.own[a] = true
			}
		}
		return s
	})
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
	for _, c := range e.Clients {
		for _, server := range []*evidence.ClientServer{c.Receiving, c.Sending} {
			if server != nil {
				p.are(server.Host)
			}
		}
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

// found is an address in a text.
type found struct {
	from, to int
	addr     netip.Addr
}

// groups are what may be an address of IPv6, and numbers four or more in a row, which are
// one of IPv4 or a provider's name for it.
var (
	groups  = pattern(`(?i)(?:ipv6:)?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.[0-9]{1,3}){0,3}`)
	numbers = pattern(`[0-9]{1,3}(?:[-._][0-9]{1,3}){3,}`)
)

// find finds addresses that stand by themselves, with the mark of RFC 5321 section 4.1.3 in
// front of them or not.
func find(s string) []found {
	var list []found
	done := 0
	for _, at := range groups().FindAllStringIndex(s, -1) {
		f, is := six(s, at[0], at[1])
		if !is {
			continue // a word, a colon and one of IPv4, perhaps
		}
		list = append(append(list, four(s, done, f.from)...), f)
		done = f.to
	}
	return append(list, four(s, done, len(s))...)
}

// six reads an address of IPv6. What stands in front of it with a colon may be a word, and a
// colon behind it the sentence's.
func six(s string, from, to int) (found, bool) {
	second := from + strings.IndexByte(s[from:to], ':') + 1
	for _, span := range [][2]int{{from, to}, {second, to}, {from, to - 1}, {second, to - 1}} {
		from, to := span[0], span[1]
		addr, err := netip.ParseAddr(s[from:to])
		before := from > 0 && letterOrDigit(rune(s[from-1]))
		if err == nil && !before && !(to < len(s) && letterOrDigit(rune(s[to]))) {
			return found{from, to, addr.Unmap()}, true
		}
	}
	return found{}, false
}

// four finds those of IPv4 in a part of a text.
func four(s string, from, to int) []found {
	var list []found
	for _, at := range numbers().FindAllStringIndex(s[from:to], -1) {
		at[0], at[1] = at[0]+from, at[1]+from
		addr, err := netip.ParseAddr(s[at[0]:at[1]])
		if err == nil && !leads(s[:at[0]]) && !follows(s[at[1]:]) {
			list = append(list, found{at[0], at[1], addr})
		}
	}
	return list
}

// leads tells whether what stands in front of numbers is a part of the same name.
func leads(s string) bool {
	last, size := utf8.DecodeLastRuneInString(s)
	further, _ := utf8.DecodeLastRuneInString(s[:len(s)-size])
	return letterOrDigit(last) || strings.ContainsRune(".-_", last) && letterOrDigit(further)
}

// follows tells the same of what stands behind them.
func follows(s string) bool {
	first, size := utf8.DecodeRuneInString(s)
	further, _ := utf8.DecodeRuneInString(s[size:])
	return letterOrDigit(first) || strings.ContainsRune(".-_", first) && letterOrDigit(further)
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
	var b strings.Builder
	done := 0
	for _, f := range find(s) {
		b.WriteString(p.spelled(s[done:f.from]) + p.instead(s[f.from:f.to], f.addr))
		done = f.to
	}
	return b.String() + p.spelled(s[done:])
}

// instead is what stands for an address.
func (p *places) instead(shown string, a netip.Addr) string {
	switch {
	case p.servers[a] || a.IsLoopback() || a.IsUnspecified():
		return shown
	case p.asked[a] || !public(a):
		if p.level != Strict || !a.IsGlobalUnicast() && !a.IsLinkLocalUnicast() {
			return shown
		}
		return p.localName(a)
	}
	return p.public(half(a))
}

// public counts an address and gives what is shown of it, if anything of it may be.
func (p *places) public(shown string) string {
	p.hidden[hiddenPublic]++
	if p.level == Strict {
		return "<public-ip>"
	}
	return shown
}

// half is the first two parts of an address, which say no more than whose network it is.
func half(a netip.Addr) string {
	if a.Is4() {
		o := a.As4()
		return itoa(int(o[0])) + "." + itoa(int(o[1])) + ".x.x"
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
