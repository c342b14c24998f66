package probe

import (
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"mailmedic/probe/profile"
)

// kin is what a provider calls its own: names, and the domains that these are of.
type kin struct{ names, domains map[string]bool }

// kinOf gathers the names of a provider's instructions, those of the newer ones included.
func kinOf(p profile.Profile, next *profile.Profile) kin {
	k := kin{map[string]bool{}, map[string]bool{}}
	if next != nil {
		k = kinOf(*next, nil)
	}
	for _, name := range slices.Concat(p.Domains, []string{p.Web}, hosts(p)) {
		name = spelled(name)
		k.names[name], k.domains[registrable(name)] = true, true
	}
	delete(k.names, "")
	delete(k.domains, "")
	return k
}

// has tells whether a name is one of the provider's own, or of a domain that one of them
// is of. What a server says about itself must not make it the provider's: whoever answers
// in its place has a genuine certificate too, for a name of their own.
func (k kin) has(name string) bool {
	name = spelled(name)
	return k.names[name] || k.domains[registrable(name)]
}

// spelled brings a name, or a certificate's pattern for names, into one spelling.
func spelled(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(name), "*."), ".")
}

// registrable is the part of a name that somebody has registered as a whole, or "". How
// many labels that are differs: anybody may have a name under co.uk, or under github.io.
func registrable(name string) string {
	if _, err := netip.ParseAddr(name); err == nil || !profile.Plausible(name) {
		return ""
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil {
		return ""
	}
	return domain
}
