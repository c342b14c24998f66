package clientconf

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// sealed is the password in the test files. No record and no error may have it.
const sealed = "K4nary-of-the-mine"

// bearable is the longest that a hostile file may take, on a computer that is busy besides.
// Each takes a second at most where it is not.
const bearable = 2 * time.Minute

// silent checks that what a reader gave says no password.
func silent(t *testing.T, clients []evidence.Client, err error) {
	t.Helper()
	text, failed := json.Marshal(clients)
	if failed != nil {
		t.Fatal(failed)
	}
	if all := fmt.Sprintf("%s %+v %v", text, clients, err); strings.Contains(all, sealed) {
		t.Errorf("the password is told in %s", strings.ReplaceAll(all, sealed, "(here)"))
	}
}

// fileCase is one file and what it means.
type fileCase struct {
	name, text string
	want       []evidence.Client
	fails      string // words of the error, empty where there is none
}

func readings(t *testing.T, read func(string, Origin) ([]evidence.Client, error), cases []fileCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := read(c.text, Origin{File: "/home/ann/f", Shown: "~/f", Home: "/home/ann"})
			silent(t, got, err)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("want (-) and got (+) differ:\n%s", diff)
			}
			if c.fails == "" && err != nil || !strings.Contains(fmt.Sprint(err), c.fails) {
				t.Errorf("got error %v, want one with %q", err, c.fails)
			}
		})
	}
}

// hushed is the body of a fuzz test: a password that stands in the file once, and that the
// reader knows to be one, is nowhere else.
func hushed(t *testing.T, text string, read func(string, Origin) ([]evidence.Client, error), secret func(string, string, profile.Protocol) (string, string)) {
	clients, err := read(text, Origin{Shown: "~/f"})
	if len(clients) > mostAccounts {
		t.Errorf("got %d accounts, want at most %d", len(clients), mostAccounts)
	}
	for _, c := range clients {
		for _, s := range []*evidence.ClientServer{c.Receiving, c.Sending} {
			if s != nil && (!s.Auth.Known() || s.Port < 0 || s.Port > 65535) {
				t.Errorf("got auth %q and port %d", s.Auth, s.Port)
			}
		}
		if c.Receiving == nil && c.Sending == nil {
			t.Error("got an account without a server")
		}
		for _, d := range []profile.Protocol{profile.IMAP, profile.SMTP} {
			plain, command := secret(text, c.Account, d)
			if strings.Count(text, sealed) == 1 && strings.Contains(plain+command, sealed) {
				silent(t, clients, err)
			}
		}
	}
}

func none(string, string, profile.Protocol) (string, string) { return "", "" }

// pointer is for the paths and minutes of a record.
func pointer[T any](v T) *T { return &v }

// tells compares what a file gives as the passwords of an account.
func tells(t *testing.T, secret func(string, string, profile.Protocol) (string, string), text, account string, want [4]string) {
	t.Helper()
	var got [4]string
	got[0], got[1] = secret(text, account, profile.IMAP)
	got[2], got[3] = secret(text, account, profile.SMTP)
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s: part %d of the secrets (plain and command of IMAP, then of SMTP) is not what was put into the file", account, i)
		}
	}
}
