package checks_test

import (
	"mailmedic/probe"
	"mailmedic/probe/mailtest"
)

func tlsWorlds() []world {
	intercepted := func(i mailtest.Intercept) setting {
		return func(m *mailtest.Options, _ *probe.Options) { m.Intercept = i }
	}
	const avast = "Avast Web/Mail Shield Root"
	imap, smtp := []string{"imap-993", "imap-143", "imap-1143"}, []string{"smtp-587", "smtp-26", "smtp-25"}
	clear := []string{"imap-143", "imap-1143", "smtp-587", "smtp-26", "smtp-25"}
	return []world{
		{"tls-filtered-reset", "every TLS hello, on every port, is answered with a reset; clear text passes", onAll(mailtest.Fault{Hello: mailtest.HelloReset}), nil},
		{"tls-filtered-silent", "every TLS hello, on every port, gets no answer; clear text passes", onAll(mailtest.Fault{Hello: mailtest.HelloSilent}), nil},
		{"tls-reset-one-port", "the TLS hello on port 587 is answered with a reset", on(mailtest.Fault{Hello: mailtest.HelloReset}, "smtp-587"), nil},
		{"small-packets-only", "what a server sends in one piece of more than 1000 bytes vanishes, on every port", onAll(mailtest.Fault{Loses: 1000}), nil},
		{"large-hello-dropped", "TLS hellos of more than 1000 bytes vanish on every port", onAll(mailtest.Fault{HelloLimit: 1000}), nil},
		{"large-hello-dropped-587", "TLS hellos of more than 1000 bytes vanish on port 587", on(mailtest.Fault{HelloLimit: 1000}, "smtp-587"), nil},
		{"intercepted-trusted", "a program whose authority is Avast's, trusted here, opens every TLS connection", intercepted(mailtest.Intercept{Issuer: avast, Trusted: true}), nil},
		{"intercepted-untrusted", "a program whose authority is Avast's, not trusted here, opens every TLS connection", intercepted(mailtest.Intercept{Issuer: avast}), nil},
		{"intercepted-mail-ports", "a FortiGate, not trusted here, opens the connections to ports 993 and 587", intercepted(mailtest.Intercept{Issuer: "FortiGate CA", Paths: []string{"imap-993", "smtp-587"}}), nil},
		{"intercepted-unknown", "an authority that is in no list signs the certificates of all hosts, fresh", intercepted(mailtest.Intercept{Issuer: "Northwind Filter CA"}), nil},
		{"intercepted-and-blocked", "Avast, not trusted here, opens every TLS connection, and port 25 is dropped", both(intercepted(mailtest.Intercept{Issuer: avast}), on(mailtest.Fault{Reach: mailtest.Dropped}, "smtp-25")), nil},
		{"private-authority-one", "imap.runbox.com has a certificate from a private authority", on(mailtest.Fault{Certificate: mailtest.PrivateAuthority}, "imap-143", "imap-1143"), nil},
		{"other-name-serves", "the certificate of 993 is for mailbox.runbox.com, a name of the same address", both(on(mailtest.Fault{CertNames: []string{"mailbox.runbox.com", "secure2.runbox.com"}}, "imap-993"), answers(map[string]mailtest.NameFault{
			"mailbox.runbox.com": {A: []string{"192.0.2.10"}}, "secure2.runbox.com": {A: []string{"192.0.2.10"}},
		})), nil},
		{"self-signed-other-name", "port 993 shows a self-signed certificate for another name", on(mailtest.Fault{Certificate: mailtest.SelfSigned, CertNames: []string{"nas.local.example"}}, "imap-993"), nil},
		{"expired-and-private", "the certificate of 993 has ended, and its authority is private", func(m *mailtest.Options, o *probe.Options) {
			m.Faults = map[string]mailtest.Fault{"imap-993": {Certificate: mailtest.ExpiredPrivate}}
		}, nil},
		{"tls-1.1", "the receiving servers stop at TLS 1.1", on(mailtest.Fault{MaxTLS: 0x0302}, imap...), nil},
		{"rsa-key-exchange", "the sending server offers RSA key exchange only", on(mailtest.Fault{OldSuites: true}, smtp...), nil},
		{"starttls-stripped-25", "something takes STARTTLS out of the answer on port 25; the server accepts it all the same", both(on(mailtest.Fault{Stripped: true}, "smtp-25"), symptom("send")), nil},
		{"starttls-stripped-everywhere", "STARTTLS is missing on every port that should offer it, and refused when asked", on(mailtest.Fault{NoSTARTTLS: true}, clear...), nil},
		{"starttls-blocked-587", "port 587 offers STARTTLS and does not know the command", on(mailtest.Fault{Blocked: true}, "smtp-587"), nil},
		{"starttls-not-offered-26", "port 26 offers no STARTTLS, and less of everything else", on(mailtest.Fault{NoSTARTTLS: true, Plain: true}, "smtp-26"), nil},
		{"certificate-revoked", "the OCSP answer that comes with the certificate of 993 says revoked", on(mailtest.Fault{Staple: mailtest.StapleRevoked}, "imap-993"), nil},
		{"certificate-staple-forged", "an OCSP answer that somebody else signed says revoked", on(mailtest.Fault{Staple: mailtest.StapleForged}, "imap-993"), nil},
		{"healthy-stapled", "OCSP answers come with every certificate and say good", onAll(mailtest.Fault{Staple: mailtest.StapleGood}), nil},
		{"client-certificate", "port 993 demands a client certificate (TLS 1.3)", on(mailtest.Fault{WantCert: mailtest.CertDemanded}, "imap-993"), nil},
		{"client-certificate-tls12", "port 587 demands a client certificate (TLS 1.2)", on(mailtest.Fault{WantCert: mailtest.CertDemanded, MaxTLS: 0x0303}, "smtp-587"), nil},
		{"healthy-client-certificate-asked", "every port asks for a client certificate and goes on without one", onAll(mailtest.Fault{WantCert: mailtest.CertAsked}), nil},
		{"addresses-differ", "the second address of every host presents an expired certificate", twins(mailtest.Fault{Certificate: mailtest.Expired}), nil},
		{"ports-differ", "port 25 presents an expired certificate; the user cannot send", both(on(mailtest.Fault{Certificate: mailtest.Expired}, "smtp-25"), symptom("send")), nil},
		{"garbage-587", "port 587 answers the TLS hello with bytes that are no TLS", on(mailtest.Fault{Hello: mailtest.HelloGarbage}, "smtp-587"), nil},
		{"alert-unknown", "port 993 answers the TLS hello with alert 80", on(mailtest.Fault{Alert: 80}, "imap-993"), nil},
	}
}
