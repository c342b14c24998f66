package probe

import (
	"strings"
	"testing"

	"mailmedic/probe/evidence"
)

func TestParseStatus(t *testing.T) {
	for _, c := range []struct {
		line  string
		reply evidence.Reply
		tag   string
		args  string
		ok    bool
	}{
		{"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready", evidence.Reply{Status: "OK", Code: "CAPABILITY", Text: "ready"}, "*", "IMAP4rev1 STARTTLS", true},
		{"m1 NO [AUTHENTICATIONFAILED] Authentication failed.", evidence.Reply{Status: "NO", Code: "AUTHENTICATIONFAILED", Text: "Authentication failed."}, "m1", "", true},
		{"* bye [unavailable] later", evidence.Reply{Status: "BYE", Code: "UNAVAILABLE", Text: "later"}, "*", "", true},
		{"* OK [ALERT never closed", evidence.Reply{Status: "OK", Text: "[ALERT never closed"}, "*", "", true},
		{"* OK", evidence.Reply{Status: "OK"}, "*", "", true},
		{"* CAPABILITY IMAP4rev1", evidence.Reply{}, "", "", false},
		{"+OK POP3 ready", evidence.Reply{}, "", "", false},
		{"220 mail.example ESMTP", evidence.Reply{}, "", "", false},
		{"", evidence.Reply{}, "", "", false},
	} {
		got, ok := parseStatus(c.line)
		if ok != c.ok || got.reply != c.reply || got.tag != c.tag || got.args != c.args {
			t.Errorf("parseStatus(%q): got %+v %v, want %+v tag %q args %q %v", c.line, got, ok, c.reply, c.tag, c.args, c.ok)
		}
	}
}

func TestParseReply(t *testing.T) {
	for _, c := range []struct {
		line, code, text string
		last, ok         bool
	}{
		{"250-SIZE 1000", "250", "SIZE 1000", false, true},
		{"250 OK", "250", "OK", true, true},
		{"220", "220", "", true, true},
		{"220*", "", "", false, false},
		{"199 no", "", "", false, false},
		{"OK", "", "", false, false},
		{"22", "", "", false, false},
	} {
		code, text, last, ok := parseReply(c.line)
		if code != c.code || text != c.text || last != c.last || ok != c.ok {
			t.Errorf("parseReply(%q): got %q %q %v %v, want %q %q %v %v", c.line, code, text, last, ok, c.code, c.text, c.last, c.ok)
		}
	}
}

func TestEnhancedCode(t *testing.T) {
	for _, c := range []struct {
		text, code, rest string
		ok               bool
	}{
		{"5.7.8 Error: authentication failed", "5.7.8", "Error: authentication failed", true},
		{"#5.1.0 no such address", "5.1.0", "no such address", true},
		{"mail.example.org greets you", "", "mail.example.org greets you", false},
		{"1.2 is no code", "", "1.2 is no code", false},
		{"", "", "", false},
	} {
		code, rest, ok := enhancedCode(c.text)
		if code != c.code || rest != c.rest || ok != c.ok {
			t.Errorf("enhancedCode(%q): got %q %q %v, want %q %q %v", c.text, code, rest, ok, c.code, c.rest, c.ok)
		}
	}
}

func TestRecognise(t *testing.T) {
	for first, want := range map[string]evidence.Service{
		"* OK hello":                         evidence.ServiceIMAP,
		"* preauth [CAPABILITY]":             evidence.ServiceIMAP,
		"220 mail ESMTP":                     evidence.ServiceSMTP,
		"220 (vsFTPd 3.0.5)":                 evidence.ServiceFTP,
		"220 ftpd.example.org ESMTP Postfix": evidence.ServiceSMTP,
		"554-go away":                        evidence.ServiceSMTP,
		"+OK POP":                            evidence.ServicePOP3,
		"HTTP/1.1 400":                       evidence.ServiceHTTP,
		"<html>":                             evidence.ServiceHTTP,
		"SSH-2.0-x":                          evidence.ServiceSSH,
		"\x15\x03\x01\x00\x02":               evidence.ServiceTLS,
		"2200":                               evidence.ServiceOther,
		"hello":                              evidence.ServiceOther,
		"":                                   "",
	} {
		if got := recognise([]byte(first)); got != want {
			t.Errorf("recognise(%q): got %q, want %q", first, got, want)
		}
	}
}

// FuzzOpening feeds the parsers of the opening whatever a server may send.
func FuzzOpening(f *testing.F) {
	for _, seed := range []string{"* OK [CAPABILITY A B] x", "m1 NO", "250-5.7.8 x", "* BYE", "+", "\x16\x03\x01", "334 VXNlcm5hbWU6"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if st, ok := parseStatus(line); ok && st.reply.Status != strings.ToUpper(st.reply.Status) {
			t.Errorf("parseStatus(%q): status %q is not in upper case", line, st.reply.Status)
		}
		if code, _, _, ok := parseReply(line); ok && (len(code) != 3 || !digits(code)) {
			t.Errorf("parseReply(%q): got code %q", line, code)
		}
		enhancedCode(line)
		recognise([]byte(line))
		decode(line)
	})
}
