package cause

import (
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// interceptedUntrusted is MM402: a known product opens the encrypted connections with an
// authority that this computer does not trust.
var interceptedUntrusted = Cause{Code: "MM402", Where: Computer, Fit: func(c Case) *Fit {
	e := c.Evidence
	hit := sessions(e, func(s *evidence.Session) bool {
		return s.Secure.Interceptor() != nil && !s.Secure.Judged.Verified
	})
	if len(hit) == 0 {
		return nil
	}
	product := hit[0].Secure.Interceptor()
	explained := c.on(ids(hit), "4")
	fit := &Fit{
		Explains: explained,
		Sure:     checks.Likely,
		Text:     say.With("%s opens the encrypted connections to the mail servers, and this computer does not trust it to.", product.Name),
		For: []checks.Fact{at(hit[0].ID(), checks.StageTLS, hit[0].Secure.Step, "the certificate for %s was issued by %s; so on %s",
			hit[0].Path.Host, hit[0].Secure.Chain[0].Issuer, strings.Join(ids(hit), ", "))},
		Advice: append(working(c, explained), checks.Unscan(product)...),
		Against: []RuledOut{
			{"MM412", "the issuer is a product that opens connections, not the provider's authority"},
			{"MM410", say.With("the certificate was issued by %s", product.Name)},
		},
		Params: map[string]string{"product": product.Name, "issuer": hit[0].Secure.Chain[0].Issuer},
	}
	if genuine := sessions(e, func(s *evidence.Session) bool { return s.Secure.Judged.Verified && s.Secure.Interceptor() == nil }); len(genuine) > 0 {
		fit.For = append(fit.For, at(genuine[0].ID(), checks.StageTLS, genuine[0].Secure.Step, "not so on %s: there the server itself proved who it is", strings.Join(ids(genuine), ", ")))
	}
	if product.Distrusts {
		fit.Text = say.With("%s opens the encrypted connections, and itself does not believe the server behind: it says so with a certificate that nobody trusts.", product.Name)
		fit.Sure = checks.Possible
		fit.Advice = append(append(working(c, explained),
			say.With("Look at the server first, from a device without %s, for example your phone with mobile data. If that warns too, your provider has to mend the certificate, and %s is right.", product.Name, product.Name),
			say.With("If it does not, update %s.", product.Name),
		), checks.Unscan(product)...)
	}
	return fit
}}
