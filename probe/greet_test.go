package probe

import (
	"testing"

	"mailmedic/probe/evidence"
)

// TestRecogniseTLS: a record of the wrong kind is still one of TLS, and no other program's.
func TestRecogniseTLS(t *testing.T) {
	for _, kind := range []byte{20, 21, 22, 23} {
		if got := recognise([]byte{kind, 3, 3, 0, 1, 1}); got != evidence.ServiceTLS {
			t.Errorf("record of kind %d: got %q, want %q", kind, got, evidence.ServiceTLS)
		}
	}
	if got := recognise([]byte{24, 3, 3, 0, 1, 1}); got != evidence.ServiceOther {
		t.Errorf("record of no kind: got %q, want %q", got, evidence.ServiceOther)
	}
}

// TestRecogniseMasked: what a firewall leaves of an SMTP greeting is still one.
func TestRecogniseMasked(t *testing.T) {
	for first, want := range map[string]evidence.Service{
		"220 ****************************************": evidence.ServiceSMTP,
		"220 ****":                           evidence.ServiceSMTP,
		"220 **0*2*":                         evidence.ServiceSMTP,
		"220-****":                           evidence.ServiceSMTP,
		"220 *** mail.example.org *** ESMTP": evidence.ServiceSMTP,
		"554 ****":                           evidence.ServiceSMTP,
		"220****":                            evidence.ServiceOther,
		"*** 220 ****":                       evidence.ServiceOther,
		"":                                   "",
	} {
		if got := recognise([]byte(first)); got != want {
			t.Errorf("%q: got %q, want %q", first, got, want)
		}
	}
}
