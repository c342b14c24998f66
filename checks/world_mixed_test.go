package checks_test

import (
	"time"

	"mailmedic/probe"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// mixedWorlds are those with several things at once, or with a clock that is wrong.
func mixedWorlds() []world {
	const day = 24 * time.Hour
	bob := func(_ *mailtest.Options, o *probe.Options) {
		o.Account = profile.Account{Address: "bob@example.org", Kind: profile.Hosted}
	}
	login := func(name string) setting {
		return func(_ *mailtest.Options, o *probe.Options) { o.Account.Login = name }
	}
	noLogin := func(_ *mailtest.Options, o *probe.Options) { o.NoLogin = "no password was given" }
	intercepted := func(i mailtest.Intercept) setting {
		return func(m *mailtest.Options, _ *probe.Options) { m.Intercept = i }
	}
	dropped := mailtest.Fault{Reach: mailtest.Dropped}
	rejected := mailtest.Fault{Login: mailtest.Rejected}
	return []world{
		{"clock-and-one-ended", "the computer's clock is a year ahead, others tell the time; the certificate of 993 has ended by theirs too", both(elsewhere(-365*day), on(mailtest.Fault{Certificate: mailtest.Expired}, "imap-993"), dated), nil},
		{"clock-month-ahead", "the computer's clock is a month ahead, so that only an older certificate seems to have ended", both(elsewhere(-30*day), on(mailtest.Fault{CertAge: 80 * day}, "imap-993"), dated), nil},
		{"clock-day-behind", "the computer's clock is 20 hours behind, so that only a certificate of this hour seems not to have begun", both(elsewhere(20*time.Hour), on(mailtest.Fault{CertAge: time.Hour}, "imap-993"), dated), nil},
		{"clock-and-private-authority", "the computer's clock is a year ahead, and imap.runbox.com has a certificate from a private authority", both(elsewhere(-365*day), on(mailtest.Fault{Certificate: mailtest.PrivateAuthority}, "imap-143", "imap-1143"), dated), nil},
		{"clock-hours-and-ended", "the computer's clock is two hours ahead; the certificate of 993 has ended by every clock", both(elsewhere(-2*time.Hour), on(mailtest.Fault{Certificate: mailtest.Expired}, "imap-993"), dated), nil},
		{"clock-minutes", "the computer's clock is twelve minutes behind; everything works", both(elsewhere(12*time.Minute), dated), nil},
		{"clock-and-blocked", "the computer's clock is a year ahead, and port 25 is dropped; the user cannot send", both(elsewhere(-365*day), dated, plus(dropped, "smtp-25"), symptom("send")), nil},
		{"filtered-and-blocked", "every TLS hello is answered with a reset, and port 25 is dropped", both(onAll(mailtest.Fault{Hello: mailtest.HelloReset}), plus(dropped, "smtp-25")), nil},
		{"hello-silent-one-host", "the SMTP host alone does not answer a TLS hello", on(mailtest.Fault{Hello: mailtest.HelloSilent}, allOf("smtp")...), nil},
		{"small-packets-one-host", "what the SMTP host sends in one piece of more than 1000 bytes vanishes", on(mailtest.Fault{Loses: 1000}, allOf("smtp")...), nil},
		{"large-hello-receiving", "TLS hellos of more than 1000 bytes vanish on the way to the receiving hosts", on(mailtest.Fault{HelloLimit: 1000}, allOf("imap")...), nil},
		{"intercepted-one-closed", "Zscaler, not trusted here, opens every TLS connection, and 26 is closed", both(intercepted(mailtest.Intercept{Issuer: "Zscaler Intermediate Root CA (zscalertwo.net)"}), on(mailtest.Fault{Reach: mailtest.Refused}, "smtp-26")), nil},
		{"private-authority-everywhere", "every host has a certificate of 40 days from a private authority", onAll(mailtest.Fault{Certificate: mailtest.PrivateAuthority, CertAge: 40 * day}), nil},
		{"healthy-wildcard", "every certificate is for *.runbox.com", onAll(mailtest.Fault{CertNames: []string{"*.runbox.com"}}), nil},
		{"name-cyrillic", "the login name begins with a Cyrillic a", login("\u0430lice"), nil},
		{"name-in-quotes", "the login name stands in quotation marks", login(`"alice"`), nil},
		{"name-hidden-untested", "a no-break space hangs on the login name, and no password was given", both(noLogin, login("alice\u00a0")), nil},
		{"name-hidden-and-rejected", "a zero-width space hangs on the login name, and the password is wrong", both(onAll(rejected), login("alice\u200b")), nil},
		{"four-faults", "bob@example.org is typed, the certificate of 993 has ended, 587 offers no login, 25 is dropped", both(bob, login("bob@example.org"), faults(map[string]mailtest.Fault{
			"imap-993": {Certificate: mailtest.Expired}, "smtp-587": {NoAuth: true}, "smtp-25": dropped,
		})), nil},
		{"old-tls-and-blocked", "587 stops at TLS 1.1, 25 is dropped, no password was given; the user cannot send", both(noLogin, symptom("send"), faults(map[string]mailtest.Fault{"smtp-587": {MaxTLS: 0x0302}, "smtp-25": dropped})), nil},
		{"port-1143-rejects-in-use", "the user's program uses 1143, which refuses what 993 accepts", both(on(rejected, "imap-1143"), func(_ *mailtest.Options, o *probe.Options) { o.Account.AppPort = "imap-1143" }), nil},
	}
}
