package probe

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

func TestUTC(t *testing.T) {
	zone := func(hours int) *time.Location { return time.FixedZone("", hours*3600) }
	for _, c := range []struct {
		told time.Time
		want string
	}{
		{time.Date(2026, 11, 23, 1, 10, 20, 0, zone(1)), "2026-11-23T00:10:20Z"},
		{time.Date(2060, 1, 1, 0, 0, 0, 0, zone(24)), "2059-12-31T00:00:00Z"}, // no RFC 3339 zone
		{time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), "9999-12-31T23:59:59Z"},
		{time.Date(9999, 12, 31, 23, 59, 59, 0, zone(-12)), "0001-01-01T00:00:00Z"},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, zone(12)), "9999-12-31T12:00:00Z"},
		{time.Date(1, 1, 1, 0, 0, 0, 0, zone(1)), "0001-01-01T00:00:00Z"},
		{time.Date(0, 6, 1, 0, 0, 0, 0, time.UTC), "0001-01-01T00:00:00Z"},
		{time.Time{}, "0001-01-01T00:00:00Z"},
	} {
		got, err := json.Marshal(utc(c.told))
		if string(got) != `"`+c.want+`"` || err != nil {
			t.Errorf("%s: got %s, %v; want %s", c.told, got, err, c.want)
		}
	}
}

// TestTimesThatNoReportCanHold has servers tell times whose UTC is in no year of four
// digits, or whose zone is longer than a day. The record has to be written all the same.
func TestTimesThatNoReportCanHold(t *testing.T) {
	script := func(path, script string) func(*testing.T) *evidence.Evidence {
		return func(t *testing.T) *evidence.Evidence {
			_, plan := hostile(t, path, script)
			return ends(t, plan)
		}
	}
	certificate := func(end string) func(*testing.T) *evidence.Evidence {
		return func(t *testing.T) *evidence.Evidence {
			p := listen(t, profile.TLS, speaks(&tls.Config{Certificates: []tls.Certificate{forged(t, end, nil)}}))
			return gather(t, onePath(x509.NewCertPool(), profile.TLS, p.address))
		}
	}
	message := listed + "< STATUS\n> * STATUS INBOX (MESSAGES 1)\n> $tag OK done\n< EXAMINE\n> $tag OK done\n< FETCH\n" +
		`>> "* 1 FETCH (UID 1 INTERNALDATE \"31-Dec-9999 23:59:59 -1200\" BODY[HEADER.FIELDS (Received)] {15}\r\nReceived: x\r\n\r\n)\r\n"` +
		"\n> $tag OK done\n< LOGOUT\n> $tag OK bye\nclose"
	for name, c := range map[string]struct {
		run   func(*testing.T) *evidence.Evidence
		heard func(*evidence.Session) bool // the server's words came so far
	}{
		"greeting, year 10000": {script("smtp-25", "> 220 x ESMTP Fri, 31 Dec 9999 23:59:59 -1200\nclose"),
			func(s *evidence.Session) bool { return s.Greeting.Step.Done() }},
		"certificate, zone of a day": {certificate("20600101000000+2400"), func(s *evidence.Session) bool { return len(s.Secure.Chain) == 1 }},
		"certificate, year 10000":    {certificate("99991231235959-1200"), func(s *evidence.Session) bool { return len(s.Secure.Chain) == 1 }},
		"message, year 10000": {script("imap-993", message),
			func(s *evidence.Session) bool { return len(s.Messages) == 1 && s.Messages[0].Examined == 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			e := c.run(t)
			if !c.heard(&e.Sessions[0]) {
				t.Errorf("the run did not come so far: %+v", e.Sessions[0])
			}
			if len(e.Clocks) != 0 {
				t.Errorf("clocks: got %v, want none", e.Clocks)
			}
			if _, err := json.Marshal(e); err != nil {
				t.Errorf("the record cannot be written: %v", err)
			}
		})
	}
}

// TestStapleTimes: an answer can write the time of a revocation in any zone.
func TestStapleTimes(t *testing.T) {
	ca := issued(t, 1, nil, authority)
	leaf := issued(t, 2, &ca, nil)
	answer, err := ocsp.CreateResponse(ca.cert, ca.cert, ocsp.Response{
		Status: ocsp.Revoked, SerialNumber: leaf.cert.SerialNumber, ThisUpdate: time.Now(),
		RevokedAt: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
	}, ca.key)
	if err != nil {
		t.Fatal(err)
	}
	odd := asn1.RawValue{Tag: asn1.TagGeneralizedTime, Bytes: []byte("20300102030405+2400")} // the library writes only UTC
	got := staple(exchanged(t, answer, "20300102030405Z", odd), []*x509.Certificate{leaf.cert, ca.cert}, nil, time.Now())
	if got.Status != "revoked" {
		t.Errorf("got %+v, want an answer that was read", got)
	}
	if _, err := json.Marshal(got); err != nil {
		t.Errorf("%+v cannot be written: %v", got, err)
	}
}

// exchanged is DER in which another value stands in the place of the one with the text.
func exchanged(t *testing.T, whole []byte, text string, other asn1.RawValue) []byte {
	t.Helper()
	var out []byte
	for len(whole) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(whole, &v)
		if err != nil {
			t.Fatal(err)
		}
		wraps := v.Tag == asn1.TagOctetString && len(v.Bytes) > 0 && v.Bytes[0] == 0x30 // a sequence as bytes
		switch {
		case string(v.Bytes) == text:
			v = other
		case v.IsCompound || wraps:
			v = asn1.RawValue{Class: v.Class, Tag: v.Tag, IsCompound: v.IsCompound, Bytes: exchanged(t, v.Bytes, text, other)}
		}
		out, whole = append(out, der(t, v)...), rest
	}
	return out
}
