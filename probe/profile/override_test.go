package profile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOverrideHosts(t *testing.T) {
	p := mustLoad(t, "runbox")
	before := mustLoad(t, "runbox")
	got, err := p.Override(Override{IMAPHost: "imap.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range got.Paths {
		want := "imap.example.org"
		if path.Protocol == SMTP {
			want = "smtp.runbox.com"
		}
		if path.Host != want {
			t.Errorf("%s: got host %q, want %q", path.ID(), path.Host, want)
		}
		if path.Protocol == IMAP && path.Origin != (Origin{}) {
			t.Errorf("%s keeps the origin %+v of the page's host", path.ID(), path.Origin)
		}
	}
	if got.Name != "runbox+custom" {
		t.Errorf("name: got %q, want runbox+custom", got.Name)
	}
	if got.Successor != "runbox-2015" {
		t.Errorf("successor: got %q, want runbox-2015 while the page's SMTP host stays", got.Successor)
	}
	if diff := cmp.Diff(before.Domains, got.Domains); diff != "" {
		t.Errorf("domains changed:\n%s", diff)
	}
	if diff := cmp.Diff(before, p); diff != "" {
		t.Errorf("the original changed:\n%s", diff)
	}
}

func TestOverridePaths(t *testing.T) {
	p := mustLoad(t, "runbox")
	got, err := p.Override(Override{Paths: []string{"IMAP:993:TLS:mail.example.org", "smtp:587:starttls:https://x:587"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Path{
		{Protocol: IMAP, Port: 993, Encryption: TLS, Host: "mail.example.org", Role: Recommended},
		{Protocol: SMTP, Port: 587, Encryption: STARTTLS, Host: "https://x:587", Role: Recommended},
	}
	if diff := cmp.Diff(want, got.Paths); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	if got.Successor != "" {
		t.Errorf("successor: got %q, want none for hosts that are not the provider's", got.Successor)
	}
	if diff := cmp.Diff(p.Login, got.Login); diff != "" {
		t.Errorf("login rules changed:\n%s", diff)
	}
	if diff := cmp.Diff(p.Folders, got.Folders); diff != "" {
		t.Errorf("folders changed:\n%s", diff)
	}
}

func TestOverrideWithNothingChangesNothing(t *testing.T) {
	p := mustLoad(t, "runbox")
	got, err := p.Override(Override{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, got); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
}

func TestOverrideErrors(t *testing.T) {
	tests := []struct {
		override Override
		want     string
	}{
		{Override{Paths: []string{"imap:993"}}, `path "imap:993": must be protocol, port, encryption and host, like imap:993:tls:mail.example.org`},
		{Override{Paths: []string{"imap:993:ssl:h"}}, `path "imap:993:ssl:h": encryption is "ssl", must be tls, starttls or none`},
		{Override{Paths: []string{"imap:993:tsl:h"}}, `path "imap:993:tsl:h": encryption is "tsl", must be tls, starttls or none (did you mean "tls"?)`},
		{Override{Paths: []string{"pop3:995:tls:h"}}, `path "pop3:995:tls:h": protocol is "pop3", must be imap or smtp`},
		{Override{Paths: []string{"imap:0:tls:h"}}, `path "imap:0:tls:h": port "0" must be a number from 1 to 65535`},
		{Override{Paths: []string{"imap:993:tls:"}}, `path "imap:993:tls:": host is empty`},
		{Override{Paths: []string{"imap:993:tls:a", "imap:993:tls:b"}}, `path "imap:993:tls:b": imap-993 is given twice`},
		{Override{IMAPHost: "h", Paths: []string{"smtp:587:tls:h"}}, `host "h": profile runbox+custom has no imap path`},
	}
	for _, tt := range tests {
		_, err := mustLoad(t, "runbox").Override(tt.override)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%+v:\n got %v\nwant %s", tt.override, err, tt.want)
		}
	}
}

func TestParsePathID(t *testing.T) {
	tests := []struct{ in, want, wantErr string }{
		{in: "imap:993", want: "imap-993"},
		{in: "imap-993", want: "imap-993"},
		{in: " SMTP:587 ", want: "smtp-587"},
		{in: "Imap-0143", want: "imap-143"},
		{in: "imap", wantErr: `read path "imap": must be protocol and port, like imap:993`},
		{in: "", wantErr: `read path "": must be protocol and port, like imap:993`},
		{in: "imaps:993", wantErr: `read path "imaps:993": protocol is "imaps", must be imap or smtp (did you mean "imap"?)`},
		{in: "imap:70000", wantErr: `read path "imap:70000": port "70000" must be a number from 1 to 65535`},
		{in: "imap:-1", wantErr: `read path "imap:-1": port "-1" must be a number from 1 to 65535`},
		{in: "imap:", wantErr: `read path "imap:": port "" must be a number from 1 to 65535`},
	}
	for _, tt := range tests {
		got, err := ParsePathID(tt.in)
		gotErr := ""
		if err != nil {
			gotErr = err.Error()
		}
		if got != tt.want || gotErr != tt.wantErr {
			t.Errorf("ParsePathID(%q): got %q, %q; want %q, %q", tt.in, got, gotErr, tt.want, tt.wantErr)
		}
	}
}
