package clientconf

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/evidence"
)

// readerTest is one file of a mail program and what a reader makes of it.
type readerTest struct {
	name, text, err string
	want            []evidence.Client
}

func runReader(t *testing.T, read func(string, Origin) ([]evidence.Client, error), at Origin, tests []readerTest) {
	t.Helper()
	for _, tt := range tests {
		for ending, text := range map[string]string{"": tt.text, " with Windows' line ends": strings.ReplaceAll(tt.text, "\n", "\r\n")} {
			t.Run(tt.name+ending, func(t *testing.T) {
				got, err := read(text, at)
				if said := message(err); said != tt.err {
					t.Errorf("got error %q, want %q", said, tt.err)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestAuthOf(t *testing.T) {
	for list, want := range map[string]evidence.Auth{
		"":                          evidence.AuthUnknown,
		"*":                         evidence.AuthUnknown,
		"login":                     evidence.AuthPassword,
		"PLAIN LOGIN":               evidence.AuthPassword,
		"PLAIN CRAM-MD5":            evidence.AuthUnknown,
		"scram-sha-256 CRAM-MD5":    evidence.AuthEncrypted,
		"XOAUTH2 oauthbearer":       evidence.AuthOAuth,
		"GSSAPI":                    evidence.AuthOther,
		"XOAUTH2 something-of-ours": evidence.AuthUnknown,
	} {
		if got := authOf(strings.Fields(list)); got != want {
			t.Errorf("%q: got %q, want %q", list, got, want)
		}
	}
}

func TestBehind(t *testing.T) {
	for _, tt := range []struct{ root, path, want string }{
		{"INBOX", "INBOX/Sent", "Sent"},
		{"INBOX.", "INBOX.Sent", "Sent"},
		{"INBOX/", "INBOX", "INBOX"},
		{"INBOX", "INBOXES/Sent", "INBOXES/Sent"},
		{"", "INBOX/Sent", "INBOX/Sent"},
		{"Mail", "Sent", "Sent"},
	} {
		if got := behind(tt.root, tt.path); got != tt.want {
			t.Errorf("%q behind %q: got %q, want %q", tt.path, tt.root, got, tt.want)
		}
	}
}

func TestINI(t *testing.T) {
	var r reading
	got := r.ini("junk\n[a]\nx = 1\n  more\n\n; no\n# no\nX: 2\n[b\ny=%\n[ a ]\nz\n=v\n", true)
	want := []section{
		{"a", 2, []entry{{"x", "1\nmore", 3}, {"X", "2", 8}}},
		{"b", 9, []entry{{"y", "%", 10}}},
		{"a", 11, nil},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(section{}, entry{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := r.done(nil); message(err) != "line 1: this is neither a section nor a setting; line 9: a section's name has no closing bracket; line 12: this is neither a section nor a setting; and 1 more" {
		t.Errorf("got %q", message(err))
	}
	if e := got[0].get("x"); e.value != "2" {
		t.Errorf("got %q of the key that is there twice, want the last", e.value)
	}
}
