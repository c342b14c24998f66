package report

import (
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// TestMessage: a sentence that differs in its port or server alone is said once.
func TestMessage(t *testing.T) {
	path := func(protocol profile.Protocol, port int, host string) evidence.Session {
		return evidence.Session{Path: profile.Path{Protocol: protocol, Port: port, Host: host}}
	}
	e := &evidence.Evidence{Sessions: []evidence.Session{
		path(profile.IMAP, 993, "in.example"), path(profile.IMAP, 143, "in.example"), path(profile.SMTP, 587, "out.example"),
	}}
	for _, tt := range []struct {
		about string
		texts []said
		want  string
	}{
		{"none", nil, ""},
		{"one", []said{{"Port 993 is silent.", "imap-993"}}, "Port 993 is silent."},
		{"ports", []said{{"Port 993 is silent.", "imap-993"}, {"Port 143 is silent.", "imap-143"}, {"Port 587 is silent.", "smtp-587"}}, "Port 993 is silent. The same holds for ports 143 and 587."},
		{"ports and servers", []said{{"Nothing answers on port 993 of in.example.", "imap-993"}, {"Nothing answers on port 587 of out.example.", "smtp-587"}}, "Nothing answers on port 993 of in.example. The same holds for port 587."},
		{"servers", []said{{"in.example does not exist.", "imap-993"}, {"in.example does not exist.", "imap-143"}, {"out.example does not exist.", "smtp-587"}}, "in.example does not exist. The same holds for out.example."},
		{"they differ in more", []said{{"Port 993 is silent.", "imap-993"}, {"Port 143 is closed.", "imap-143"}}, "Port 993 is silent. Port 143 is closed."},
		{"a diagnosis speaks for all", []said{{"The network is off.", ""}}, "The network is off."},
	} {
		if got := message(nil, e, tt.texts); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.about, got, tt.want)
		}
	}
}
