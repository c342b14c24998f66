package profile

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	keys := []string{"protocol", "port", "host", "encryption", "role"}
	flags := []string{"--login", "--login-attempts", "--no-login", "--paths", "-q", "-v"}
	tests := []struct {
		word  string
		known []string
		want  string
	}{
		{"prot", keys, "port"},
		{"prto", keys, ""},
		{"hots", keys, "host"},
		{"Encryption", keys, "encryption"},
		{"encyption", keys, "encryption"},
		{"protokoll", keys, "protocol"},
		{"rol", keys, "role"},
		{"password", keys, ""},
		{"", keys, ""},
		{"x", keys, ""},
		{"port", nil, ""},
		{"chekc", []string{"explain", "check"}, "check"},
		{"--lgoin", flags, "--login"},
		{"--path", flags, "--paths"},
		{"--password", flags, ""},
		{"a", []string{"b"}, ""},
		{"starttsl", []string{"tls", "starttls"}, "starttls"},
		{"ab", []string{"ac", "ad"}, "ac"},
		{"größe", []string{"grösse", "große"}, "große"},
		{strings.Repeat("a", 5000), []string{"aaaa"}, ""},
		{"aaaa", []string{strings.Repeat("a", 5000)}, ""},
	}
	for _, tt := range tests {
		if got := Nearest(tt.word, tt.known); got != tt.want {
			t.Errorf("Nearest(%.20q, %.40q): got %q, want %q", tt.word, tt.known, got, tt.want)
		}
	}
}

func TestSlip(t *testing.T) {
	known := []string{"runbox.com", "gmail.com", "gmx.de", "protonmail.com"}
	for _, c := range []struct{ word, want string }{
		{"rubnox.com", "runbox.com"},
		{"runbx.com", "runbox.com"},
		{"Runbox.con", "runbox.com"},
		{"gmial.com", "gmail.com"},
		{"protnmial.com", "protonmail.com"}, // two slips in a long word
		{"gmx.dd", "gmx.de"},
		{"runbox.com", ""}, // nothing slipped
		{"GMAIL.COM", ""},
		{"rnbx.com", ""}, // two slips in a short word
		{"mail.com", "gmail.com"},
		{"me.de", ""},
		{"example.org", ""},
		{"", ""},
	} {
		if got := Slip(c.word, known); got != c.want {
			t.Errorf("Slip(%q): got %q, want %q", c.word, got, c.want)
		}
	}
}
