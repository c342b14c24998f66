package probe

import (
	"testing"

	"mailmedic/probe/profile"
)

// TestKin: a name is the provider's if it is one of its own, or of a domain that only the
// provider can have registered.
func TestKin(t *testing.T) {
	next := profile.Profile{Paths: []profile.Path{{Host: "mail.provider.net"}}}
	own := kinOf(profile.Profile{
		Domains: []string{"provider.co.uk", "Mailhouse.example"},
		Paths:   []profile.Path{{Host: "IMAP.provider.co.uk."}, {Host: "provider.github.io"}, {Host: "192.0.2.7"}, {Host: "nas"}},
	}, &next)
	for _, c := range []struct {
		name string
		want bool
	}{
		{"imap.provider.co.uk", true},
		{"Other.Provider.co.uk", true},
		{"provider.co.uk.", true},
		{"*.provider.co.uk", true},
		{"mailhouse.example", true},
		{"mail.provider.net", true}, // the newer instructions'
		{"smtp.provider.net", true},
		{"x.provider.github.io", true},
		{"192.0.2.7", true},
		{"nas", true},

		{"mail.evil.example", false},
		{"evil.co.uk", false},
		{"co.uk", false},
		{"*.co.uk", false},
		{"*.uk", false},
		{"evil.github.io", false},
		{"github.io", false},
		{"provider.co.uk.evil.example", false},
		{"evilprovider.co.uk", false},
		{"evil.provider.com", false},
		{"198.51.2.7", false}, // no domain "2.7"
		{"x.nas", false},
		{"a b.provider.co.uk", false},
		{"x\x1b[31m.provider.co.uk", false},
		{"", false},
		{".", false},
		{"*.", false},
	} {
		if got := own.has(c.name); got != c.want {
			t.Errorf("%q: got %t, want %t", c.name, got, c.want)
		}
	}
}
