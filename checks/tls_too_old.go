package checks

import (
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// tlsTooOld is MM405: the handshake fails with today's versions of TLS, and one with the
// withdrawn ones succeeds (RFC 8996).
var tlsTooOld = Check{Code: "MM405", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEachHandshake(e, func(s *evidence.Session) *Finding {
		look := onlyOld(e, s)
		if look == nil {
			return nil
		}
		f := &Finding{
			Text:   say.With("Port %d of %s speaks nothing newer than %s. Mail programs of today refuse that, because it can be broken.", s.Path.Port, s.Path.Host, look.Version),
			Facts:  []Fact{seen(s, StageTLS, s.Secure.Step, "with TLS 1.2 and 1.3: %s", ending(s.Secure.Step.Failure)), seen(s, StageTLS, look.Step, "with older versions only: %s", look.Version)},
			Advice: []say.Text{UseInstead(e, s.Path.Protocol), AskSupport(e)},
			Params: map[string]string{"version": look.Version},
		}
		if failure(s.Secure.Step, evidence.Alert, evidence.TLS) == nil {
			f.Sure = Likely // the server did not say why
		}
		return f
	})
}}

// onlyOld finds the handshake that succeeds with the withdrawn versions alone. Where one
// with today's versions does, in smaller packets, versions are not the matter.
func onlyOld(e *evidence.Evidence, s *evidence.Session) *evidence.Look {
	old := looked(e, s, evidence.HelloOld)
	if old == nil || !old.Step.Done() {
		return nil
	}
	for _, h := range []evidence.Hello{evidence.HelloSmall, evidence.HelloClamped} {
		if l := looked(e, s, h); l != nil && l.Step.Done() {
			return nil
		}
	}
	return old
}

// looked finds the look with a hello that tells why a path's handshake failed: its own, or
// that of another path of the host which failed in the same way.
func looked(e *evidence.Evidence, s *evidence.Session, h evidence.Hello) *evidence.Look {
	f := s.Secure.Step.Failure
	if f == nil {
		return nil
	}
	for i := range e.Sessions {
		o := &e.Sessions[i]
		g := o.Secure.Step.Failure
		if o.Path.Host != s.Path.Host || g == nil || g.Kind != f.Kind || g.Alert != f.Alert {
			continue
		}
		at := slices.IndexFunc(o.Looks, func(l evidence.Look) bool {
			return l.Hello == h && l.Step.State != evidence.Skipped && failure(l.Step, evidence.Cancelled) == nil
		})
		if at >= 0 {
			return &o.Looks[at]
		}
	}
	return nil
}
