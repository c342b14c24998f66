package probe

import (
	"crypto/x509"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"mailmedic/probe/evidence"
)

// FuzzCertificate reads whatever a server may present. What is kept of it has an end, can be
// written in a document, and never proves who the server is.
func FuzzCertificate(f *testing.F) {
	ca := issued(f, 1, nil, authority)
	f.Add(ca.cert.Raw)
	f.Add(issued(f, 2, &ca, func(c *x509.Certificate) {
		c.DNSNames = []string{mailHost, "*.example.org"}
		c.Subject.CommonName = "\u202e"
	}).cert.Raw)
	f.Add(forged(f, "99991231235959Z", nil).Certificate[0])
	f.Add(forged(f, "20600101000000Z", parts(f, 50)).Certificate[0])
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return
		}
		kept := certificate(c)
		if _, err := json.Marshal(kept); err != nil {
			t.Errorf("cannot be written: %v", err)
		}
		for _, text := range append(slices.Clone(kept.Names), kept.Subject, kept.Issuer, kept.IssuerURL) {
			if len(text) > longest || !utf8.ValidString(text) {
				t.Errorf("got a text of %d bytes: %.60q", len(text), text)
			}
		}
		if j := judge([]*x509.Certificate{c}, mailHost, x509.NewCertPool(), time.Now()); j.Verified {
			t.Errorf("verified without any authority: %+v", j)
		}
	})
}

// FuzzHeader reads whatever header fields a message may have. Each message is counted once,
// and nothing longer is kept than a person would read.
func FuzzHeader(f *testing.F) {
	for _, seed := range []string{
		"Received: from a by mx.runbox.com; Tue, 24 Nov 2026 10:00:00 +0000\r\nSubject: =?utf-8?q?it's?=\r\n",
		"Subject: =?utf-8?b?////?=\r\nFrom: =?x?y?z?=\r\n\r\n", "Received: ; ;;", " folded\r\n\tmore", "X-Mozilla-Keys: x\r\n", "\x00\xff:\r\n", "Received:(((((",
	} {
		f.Add(seed, int64(1790000000), true)
	}
	inbox, some := evidence.Folder{Name: "INBOX"}, uint32(1)
	inbox.Messages = &some
	home := kinOf(runbox(f), nil)
	f.Fuzz(func(t *testing.T, header string, received int64, shown bool) {
		y := newTally(inbox, home, shown)
		y.add(7, utc(time.Unix(received, 0)), fields(nil, strings.NewReader(header)))
		got := y.sum()
		if got.Examined != 1 || got.Imported.Count > 1 || got.Apostrophe.Count > got.Imported.Count {
			t.Errorf("%q: got %+v, want one message counted once", header, got)
		}
		for _, x := range []evidence.Example{got.Imported, got.Apostrophe} {
			if len(x.Subject) > longest || len(x.From) > longest || !shown && x.Subject+x.From != "" {
				t.Errorf("%q: kept %+v", header, x)
			}
		}
		if _, err := json.Marshal(got); err != nil {
			t.Errorf("%q: cannot be written: %v", header, err)
		}
	})
}
