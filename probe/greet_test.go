package probe

import (
	"testing"

	"mailmedic/probe/evidence"
)

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
