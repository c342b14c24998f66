package checks

import (
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// certificateDiffers is MM419: of several addresses of one host, some present a
// certificate that is right and some one that is not, so that it is a matter of luck
// which one a mail program meets. Two good certificates that differ are healthy.
var certificateDiffers = Check{Code: "MM419", Stage: StageTLS, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if !differs(s) {
			return nil
		}
		good, bad := byValidity(s)
		f := &Finding{
			Text:   say.With("%s has several addresses, and not all of them present a certificate that is right.", s.Path.Host),
			Advice: []say.Text{say.Join("Mail works now and then fails, by chance.", AskSupport(e))},
		}
		for _, b := range bad {
			f.Facts = append(f.Facts, seen(s, StageTLS, b.secure.Step, "%s: certificate for %s, valid until %s: %s", b.address, subject(b.secure.Chain[0]), minute(b.secure.Chain[0].NotAfter), wrongWith(b.secure.Judged)))
		}
		if !s.Secure.Judged.Verified {
			f.Severity = Fault // this time it was the wrong one
			f.Facts = append(f.Facts, seen(s, StageTLS, s.Secure.Step, "the password was not sent to %s", s.Address))
		}
		f.Facts = append(f.Facts, seen(s, StageTLS, good[0].secure.Step, "%s: certificate valid until %s", good[0].address, minute(good[0].secure.Chain[0].NotAfter)))
		return f
	})
}}

// shown is a certificate at one address.
type shown struct {
	address string
	secure  *evidence.Secure
}

// differs tells whether it depends on the address whether a path's certificate is right.
func differs(s *evidence.Session) bool {
	good, bad := byValidity(s)
	return len(good) > 0 && len(bad) > 0
}

// byValidity sorts the addresses of a path by whether their certificate is believed.
func byValidity(s *evidence.Session) (good, bad []shown) {
	list := []shown{{s.Address, &s.Secure}}
	for _, d := range s.Dials {
		if d.Secure != nil && d.Address != s.Address {
			list = append(list, shown{d.Address, d.Secure})
		}
	}
	list = slices.DeleteFunc(list, func(x shown) bool { return len(x.secure.Chain) == 0 })
	for _, x := range list {
		if x.secure.Judged.Verified {
			good = append(good, x)
		} else {
			bad = append(bad, x)
		}
	}
	return good, bad
}

// wrongWith says in a word what a judgement holds against a certificate.
func wrongWith(j evidence.Judgement) say.Text {
	switch {
	case j.Name == evidence.No:
		return "for another name"
	case j.Time == evidence.No:
		return map[string]say.Text{"expired": "expired", "not-yet-valid": "not valid yet"}[j.TimeWhy]
	}
	return say.With("no authority that is trusted here vouches for it (%s)", j.ChainWhy)
}
