package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// interceptedTrusted is MM401: security software or a company's proxy opens the
// connection, and this computer trusts it to. Programs with a store of their own do not.
var interceptedTrusted = Check{Code: "MM401", Stage: StageTLS, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		p := s.Secure.Interceptor()
		if p == nil || !s.Secure.Judged.Verified {
			return nil
		}
		return &Finding{
			Text: say.With("%s opens the encrypted connection to the mail server. This computer trusts it, but it reads along, and mail programs with their own list of authorities refuse it.", p.Name),
			Facts: []Fact{
				seen(s, StageTLS, s.Secure.Step, "the certificate for %s was issued by %s", s.Path.Host, s.Secure.Chain[0].Issuer),
				seen(s, StageTLS, s.Secure.Step, "the password was not sent there"),
			},
			Advice: Unscan(p),
			Params: map[string]string{"product": p.Name, "issuer": s.Secure.Chain[0].Issuer},
		}
	})
}}

// Unscan says how to get a product out of the way of mail, and of nothing else.
func Unscan(p *evidence.Product) []say.Text {
	if p.Kind == evidence.OnNetwork {
		return []say.Text{
			say.With("Ask who runs your network to exempt the mail servers from inspection by %s.", p.Name),
			"Until then, read mail in the provider's Webmail, or from another network, for example with your phone's mobile data.",
		}
	}
	return []say.Text{
		say.With("In %s, switch off the scanning of encrypted mail connections (in some versions: mail protection, SSL/TLS scanning). Leave its other protection on.", p.Name),
		"Run mailmedic again.",
	}
}
