package leak

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"mime"
	"net/url"
	"strings"
	"testing"
)

// TestPassword asks that the password has what it is for.
func TestPassword(t *testing.T) {
	for c := byte('!'); c <= '~'; c++ {
		special := !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789", rune(c|0x20)) && (c < '0' || c > '9')
		if special && !strings.ContainsRune(Password, rune(c)) {
			t.Errorf("it lacks %q", c)
		}
	}
	if n := len(Password); n < 190 || n > 250 {
		t.Errorf("got %d bytes, want about 200", n)
	}
	if strings.ContainsAny(Password, "\r\n\x00") {
		t.Error("no protocol could send it")
	}
}

// TestFinderSeesEachForm writes the password down in every way that a program has, each
// made here anew, and whole, in part, in capitals, and folded. What would not be found here
// would not be found in any other test.
func TestFinderSeesEachForm(t *testing.T) {
	f := NewFinder(Password)
	b64 := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("login", "password", Password)
	marshalled, err := json.Marshal(map[string]any{"password": Password})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"as it is":            Password,
		"IMAP LOGIN":          `m1 LOGIN "alice" "` + strings.ReplaceAll(strings.ReplaceAll(Password, `\`, `\\`), `"`, `\"`) + `"`,
		"AUTH PLAIN":          "AUTH PLAIN " + b64("\x00alice\x00"+Password),
		"AUTH PLAIN, 2":       "AUTH PLAIN " + b64("\x00alice@\x00"+Password),
		"AUTH PLAIN, 3":       "AUTH PLAIN " + b64("\x00alice@r\x00"+Password),
		"AUTH LOGIN":          b64(Password),
		"in longer base64":    b64("you said " + Password + ", or not"),
		"base64 in base64url": base64.URLEncoding.EncodeToString([]byte("?" + Password)),
		"JSON":                string(marshalled),
		"JSON in JSON":        fmt.Sprintf("%q", marshalled),
		"a log":               logged.String(),
		"Go":                  fmt.Sprintf("%q", Password),
		"Go, ASCII":           fmt.Sprintf("%+q", Password),
		"Go bytes":            fmt.Sprintf("%v", []byte(Password)),
		"Go bytes, %d":        fmt.Sprintf("%d", []byte(Password)),
		"Go bytes, %#v":       fmt.Sprintf("%#v", []byte(Password)),
		"hex":                 hex.EncodeToString([]byte(Password)),
		"hex, capitals":       fmt.Sprintf("%X", Password),
		"hex dump":            fmt.Sprintf("% X", Password),
		"a query":             url.Values{"p": {Password}}.Encode(),
		"a path":              (&url.URL{Scheme: "imaps", Host: "mail.example", Path: Password}).String(),
		"a user":              (&url.URL{Scheme: "imaps", Host: "mail.example", User: url.UserPassword("alice", Password)}).String(),
		"every byte escaped":  percent(Password),
		"quoted-printable":    mime.QEncoding.Encode("utf-8", Password),
		"capitals":            strings.ToUpper(Password),
		"folded":              folded(Password, 30),
		"base64, folded":      folded(b64(Password), 20),
	} {
		if got := f.In("before " + text + " behind"); len(got) == 0 {
			t.Errorf("%s: nothing was found", name)
		}
	}
	for name, form := range forms(Password) {
		piece := part
		if name == numbersInGo {
			piece = partNumbers
		}
		for from := 0; from+piece <= len(form); from += piece {
			if got := f.In("-" + form[from:from+piece] + "-"); len(got) == 0 {
				t.Errorf("%s: the part from byte %d was not found", name, from)
			}
		}
	}
}

// TestFinderSeesNothingElse gives it what reports are made of.
func TestFinderSeesNothingElse(t *testing.T) {
	f := NewFinder(Password)
	for _, text := range []string{
		"", "password", "AUTH PLAIN (login, not recorded)", "the password was kept back", strings.Repeat("!\"#$%&", 2)[:11],
		fmt.Sprint(make([]byte, 1000)), hex.EncodeToString(make([]byte, 1000)), "abcdefghijklmnopqrstuvwxyz0123456789",
		"main.f(0xc000123456, 0x28, 0x29, 0x2a)\n\t/usr/f.go:1 +0x4b",
		base64.StdEncoding.EncodeToString([]byte("\x00alice\x00another password of about this length")),
	} {
		if got := f.In(text); len(got) > 0 {
			t.Errorf("%.40q: got %q, want nothing", text, got)
		}
	}
}

func percent(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&out, "%%%02X", b)
	}
	return out.String()
}

// folded breaks a text into lines, as a report does at the end of the screen.
func folded(text string, width int) string {
	var out strings.Builder
	for i, r := range []rune(text) {
		if i > 0 && i%width == 0 {
			out.WriteString("\n      ")
		}
		out.WriteRune(r)
	}
	return out.String()
}
