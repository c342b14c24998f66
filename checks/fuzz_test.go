package checks_test

import (
	"encoding/json"
	"io"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/report"
)

// FuzzDiagnose feeds the whole pure half whatever a saved record may hold: parts
// missing, parts doubled, values that no probe writes. Nothing may panic, and every
// format must render.
func FuzzDiagnose(f *testing.F) {
	for _, seed := range []string{
		`{}`,
		`{"sessions":[{"path":{"protocol":"smtp","port":25},"dials":[{"address":"192.0.2.1:25","family":"4","step":{"state":"failed"}}]}]}`,
		`{"account":{"login":"a@b.c","address":"a@b.c"},"profile":{"domains":["b.c"],"login":[{"kind":"own","forms":["{user}"]}]},"logins":[{"path":"imap-993","name":"a@b.c","form":"typed","result":"rejected"},{"path":"nowhere","result":"temporary"}]}`,
		`{"lookups":[{"name":"h","type":"A","step":{"state":"failed","failure":{"kind":"not-found"}}}],"sessions":[{"path":{"protocol":"imap","port":993,"host":"h","encryption":"tls","role":"recommended"}}]}`,
		`{"sessions":[{"path":{"protocol":"imap","port":143,"encryption":"starttls"},"greeting":{"step":{"state":"failed","failure":{"kind":"rejected"}}},"secure":{"step":{"state":"failed","failure":{"kind":"not-offered"}},"chain":[{}],"judged":{"chain_why":"missing-intermediate"}},"folders":{"step":{"state":"done"},"prefix":"INBOX.","delimiter":".","list":[{"name":"INBOX.INBOX."},{"name":""}]},"messages":[{"imported":{"count":1}}],"envelope":{"mail_from":{"status":""}}}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var e evidence.Evidence
		if json.Unmarshal(data, &e) != nil {
			return
		}
		r := diagnose(&e)
		for _, render := range []func() error{
			func() error { return report.JSON(io.Discard, r) },
			func() error { return report.Text(io.Discard, r, report.TextOptions{Width: 40, Verbose: 3}) },
			func() error { return report.Short(io.Discard, r) },
			func() error { return report.JSONL(io.Discard, r) },
			func() error { return report.Markdown(io.Discard, r) },
			func() error { return report.HTML(io.Discard, r) },
			func() error { return report.JUnit(io.Discard, r) },
			func() error { return report.Prometheus(io.Discard, r, report.PrometheusOptions{}) },
		} {
			if err := render(); err != nil {
				t.Error(err)
			}
		}
	})
}
