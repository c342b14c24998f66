package report

import (
	"net/netip"
	"slices"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// moved tells whether two runs were made in different places. They were where the network
// and the name servers are others. They were not where nothing at all differs: thousands of
// homes have the same private addresses, so equal ones prove nothing, and a computer gets
// another address in the same home.
func moved(a, b *Report) evidence.Seen {
	if a.Evidence == nil || b.Evidence == nil {
		return evidence.Unknown
	}
	x, y := &a.Evidence.Host, &b.Evidence.Host
	switch {
	case otherNetwork(x, y) == evidence.Yes && otherResolvers(x, y) == evidence.Yes:
		return evidence.Yes
	case otherNetwork(x, y) == evidence.No && otherResolvers(x, y) == evidence.No && alike(x, y) && oneName(a, b):
		return evidence.No
	}
	return evidence.Unknown
}

// alike tells whether two runs saw one and the same computer.
func alike(x, y *evidence.Host) bool {
	return x.OS == y.OS && x.Arch == y.Arch && x.LinkV4 == y.LinkV4 && x.LinkV6 == y.LinkV6 && slices.Equal(x.Resolvers, y.Resolvers)
}

// otherNetwork compares the networks that the two computers were in, as far as their own
// addresses tell. One that was hidden tells nothing.
func otherNetwork(x, y *evidence.Host) evidence.Seen {
	for _, pair := range [][2]string{{x.LinkV4.Address, y.LinkV4.Address}, {x.LinkV6.Address, y.LinkV6.Address}} {
		p, q := networkOf(pair[0]), networkOf(pair[1])
		if p.IsValid() && q.IsValid() {
			return evidence.Saw(p != q)
		}
	}
	return evidence.Unknown
}

// networkOf is the network that a computer's address is in, of the size that is customary;
// invalid where the address is not known.
func networkOf(address string) netip.Prefix {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}
	}
	bits := 24
	if a.Is6() {
		bits = 64
	}
	network, _ := a.Prefix(bits) // no error with a size that fits
	return network
}

// otherResolvers tells whether two runs asked name servers of which none is the same.
func otherResolvers(x, y *evidence.Host) evidence.Seen {
	if !allKnown(x.Resolvers) || !allKnown(y.Resolvers) {
		return evidence.Unknown
	}
	return evidence.Saw(!slices.ContainsFunc(x.Resolvers, func(s string) bool { return slices.Contains(y.Resolvers, s) }))
}

// allKnown tells whether there are addresses, and none of them was hidden.
func allKnown(servers []string) bool {
	return len(servers) > 0 && !slices.ContainsFunc(servers, func(s string) bool {
		_, err := netip.ParseAddrPort(s)
		return err != nil
	})
}

// otherAccount tells whether two runs were of different accounts. Names that were hidden, or
// in one of the two only, do not tell.
func otherAccount(a, b *Report) evidence.Seen {
	x, y := strings.ToLower(address(a)), strings.ToLower(address(b))
	switch {
	case x == "" || y == "" || numbered(x) || numbered(y):
		return evidence.Unknown
	case x != y && Hidden(x) == Hidden(y):
		return evidence.Yes
	case x != y || Hidden(x): // alice and anna are both a***
		return evidence.Unknown
	}
	return evidence.No
}

// oneName tells whether the accounts of two runs are called the same, as far as it shows.
func oneName(a, b *Report) bool {
	x := strings.ToLower(address(a))
	return x != "" && !numbered(x) && x == strings.ToLower(address(b))
}

// numbered tells whether an address is hidden so well that everybody's is the same.
func numbered(address string) bool { return Hidden(address) && !strings.Contains(address, "***") }

// loggedIn tells whether a login of a run was accepted. A support line without room for it
// does not say so.
func loggedIn(r *Report) bool {
	if r.Evidence == nil {
		return !slices.Contains(states(r), supportWord{"log", "?"})
	}
	return accepted(r, profile.IMAP) || accepted(r, profile.SMTP)
}
