package pages

import (
	"slices"
	"strings"
	"testing"
)

func handPage(text string) Page {
	return Page{Code: "MM900", Sections: []Section{{Heading: byHand, Text: text}}, hints: english().hints}
}

// TestCommands: what confirms a case is for the path on which it was met.
func TestCommands(t *testing.T) {
	p := handPage(strings.Join([]string{
		"Look at it:", "",
		"    openssl s_client{starttls} -connect {host}:{port} </dev/null", "",
		"<!-- imap -->", `    curl --url "{imap}://{host}:{port}/" --user "{login}"`,
		"<!-- smtp -->", `    curl --url "{smtp}://{host}:{port}/" --user "{login}" -X NOOP`,
		"    swaks --server {host} {tls}",
		"<!-- clear -->", "    curl telnet://{host}:{port}",
		"<!-- -->", "    dig {host} MX {domain} {needed}",
	}, "\n"))
	for _, tt := range []struct {
		about string
		at    Place
		want  []string
	}{
		{"IMAP over TLS", Place{Host: "mail.example", Port: 993, Protocol: "imap", Encryption: "tls", Login: "alice", Address: "alice@mail.example"}, []string{
			"openssl s_client -connect mail.example:993 </dev/null",
			`curl --url "imaps://mail.example:993/" --user "alice"`,
			"dig mail.example MX mail.example NAME",
		}},
		{"SMTP with STARTTLS", Place{Host: "mail.example", Port: 587, Protocol: "smtp", Encryption: "starttls", Login: "bob%example.org", Params: map[string]string{"needed": "bob"}}, []string{
			"openssl s_client -starttls smtp -connect mail.example:587 </dev/null",
			`curl --url "smtp://mail.example:587/" --user "bob%example.org" -X NOOP`,
			"swaks --server mail.example --tls",
			"curl telnet://mail.example:587",
			"dig mail.example MX DOMAIN bob",
		}},
		{"SMTP over TLS", Place{Host: "mail.example", Port: 465, Protocol: "smtp", Encryption: "tls"}, []string{
			"openssl s_client -connect mail.example:465 </dev/null",
			`curl --url "smtps://mail.example:465/" --user "NAME" -X NOOP`,
			"swaks --server mail.example --tlsc",
			"dig mail.example MX DOMAIN NAME",
		}},
	} {
		if got := p.Commands(tt.at); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.about, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// TestCommandsAreHarmless: a report may come from anybody, and a helper will paste what
// it says into a shell.
func TestCommandsAreHarmless(t *testing.T) {
	p := handPage(`    curl --user "{login}" {host}:{port} {needed}`)
	for _, bad := range []string{"a; rm -rf ~", "$(reboot)", "`reboot`", `a"b`, "a'b", "a\nb", "a b", "-oProxyCommand=x", "a|b", "a>b", "a&b", `a\b`, "a*b", "a#b", "a!b", "a\u202eb", "{login}", strings.Repeat("a", 300)} {
		at := Place{Host: bad, Port: 1, Protocol: "imap", Encryption: "tls", Login: bad, Params: map[string]string{"needed": bad}}
		want := []string{`curl --user "NAME" HOST:1 NAME`}
		if got := p.Commands(at); !slices.Equal(got, want) {
			t.Errorf("with %q: got %q, want %q", bad, got, want)
		}
	}
}

// TestAtNoPlace: where no path is known, every kind is shown, with what to change.
func TestAtNoPlace(t *testing.T) {
	p := handPage("<!-- imap -->\n    openssl s_client{starttls} -connect {host}:{port}\n\n<!-- smtp -->\n    curl {smtp}://{host}")
	want := "    openssl s_client -connect HOST:PORT\n\n    curl smtp://HOST\n\n" +
		"For 143 and 1143 add `-starttls imap`, for 25, 26 and 587 add `-starttls smtp`.\nFor port 465 write `smtps` in place of `smtp`."
	if got := p.At(Place{}).Section(byHand); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if p.Section(byHand) == want {
		t.Error("At changed the page that it was asked of")
	}
}

// TestEveryPageHasCommandsForItsPaths: on whatever kind of path a code is met, one command
// at least is meant for it.
func TestEveryPageHasCommandsForItsPaths(t *testing.T) {
	for _, p := range mustAll(t) {
		met := 0
		for _, at := range []Place{{Protocol: "imap", Encryption: "tls"}, {Protocol: "imap", Encryption: "starttls"}, {Protocol: "smtp", Encryption: "starttls"}, {Protocol: "smtp", Encryption: "tls"}} {
			met += min(len(p.Commands(at)), 1)
		}
		if met < 2 {
			t.Errorf("%s has commands for %d of 4 kinds of path, want 2 or more", p.Code, met)
		}
	}
}
