package checks_test

import (
	"context"
	"net"
	"time"

	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
)

// setting is one world's change to provider and user.
type setting = func(*mailtest.Options, *probe.Options)

// both makes one change of several.
func both(changes ...setting) setting {
	return func(m *mailtest.Options, o *probe.Options) {
		for _, c := range changes {
			c(m, o)
		}
	}
}

func symptom(what string) setting {
	return func(_ *mailtest.Options, o *probe.Options) { o.Account.Symptom = what }
}

func successor(m *mailtest.Options, o *probe.Options) { m.Successor = o.Successor }

// on puts one fault on some paths, and makes the user impatient.
func on(f mailtest.Fault, ids ...string) setting {
	some := map[string]mailtest.Fault{}
	for _, id := range ids {
		some[id] = f
	}
	return faults(some)
}

func answers(n map[string]mailtest.NameFault) setting {
	return func(m *mailtest.Options, o *probe.Options) { m.Names, o.Timeout = n, impatient }
}

// onAll puts one fault on every path.
func onAll(f mailtest.Fault) setting { return faults(everywhere(f)) }

// ago makes a world remember an earlier run.
func ago(d time.Duration, rejected int) setting {
	return func(_ *mailtest.Options, o *probe.Options) {
		o.Earlier = []evidence.Earlier{{At: time.Now().Add(-d), Connected: true, Rejected: rejected}}
	}
}

const (
	year = 365 * 24 * time.Hour
	webs = mailtest.Dropped
)

// oldHosts are the hosts of the old instructions.
func oldHosts() []string { return []string{"secure.runbox.com", "imap.runbox.com", "smtp.runbox.com"} }

func allNames(fault mailtest.NameFault) setting {
	some := map[string]mailtest.NameFault{}
	for _, h := range oldHosts() {
		some[h] = fault
	}
	return answers(some)
}

// elsewhere is the provider's clock, d ahead of the computer's.
func elsewhere(d time.Duration) setting {
	return func(m *mailtest.Options, o *probe.Options) { m.Now = time.Now().Add(d) }
}

// dated makes every SMTP greeting carry the provider's date.
func dated(m *mailtest.Options, _ *probe.Options) {
	now := m.Now
	if now.IsZero() {
		now = time.Now()
	}
	fs := map[string]mailtest.Fault{}
	for id, f := range m.Faults {
		fs[id] = f
	}
	for _, id := range []string{"smtp-587", "smtp-26", "smtp-25"} {
		f := fs[id]
		f.Banner = "smtp.runbox.com ESMTP Exim 4.96 " + now.Format(time.RFC1123Z)
		fs[id] = f
	}
	m.Faults = fs
}

func networkWorlds() []world {
	portal := func(p mailtest.Portal) setting { return func(m *mailtest.Options, _ *probe.Options) { m.Portal = p } }
	accepts := func(a mailtest.Accepts) setting {
		return func(m *mailtest.Options, o *probe.Options) { m.Accepts, o.Timeout = a, impatient }
	}
	proxied := func(_ *mailtest.Options, o *probe.Options) { o.Proxies = []string{"HTTPS_PROXY"} }
	webless := func(m *mailtest.Options, _ *probe.Options) { m.Web = webs }
	far := func(d time.Duration) setting { return func(m *mailtest.Options, _ *probe.Options) { m.Delay = d } }
	dropped, refused := mailtest.Fault{Reach: mailtest.Dropped}, mailtest.Fault{Reach: mailtest.Refused}
	return []world{
		{"sign-in-page", "every name leads to one private address that speaks HTTP on every port", portal(mailtest.PortalHTTP), nil},
		{"sign-in-page-tls", "every name leads to one private address with a log-in page, in TLS with its own certificate where a port wants that", portal(mailtest.PortalTLS), nil},
		{"clock-behind", "the computer's clock is nine years behind, also behind the day on which mailmedic was made", both(elsewhere(9*year), func(_ *mailtest.Options, o *probe.Options) { o.Built = time.Now().Add(8 * year) }), nil},
		{"clock-ahead", "the computer's clock is three years ahead; greetings and web server carry the right date", both(elsewhere(-3*year), dated), nil},
		{"clock-ahead-unproven", "the computer's clock is three years ahead; nobody tells the time", both(elsewhere(-3*year), webless), nil},
		{"clock-right-all-expired", "every certificate ended three days ago; greetings and web server agree with the computer's clock", both(onAll(mailtest.Fault{Certificate: mailtest.Expired}), dated), nil},
		{"accepts-all", "something near accepts every connection and closes it", accepts(mailtest.AcceptsClosed), nil},
		{"accepts-all-silent", "something near accepts every connection and says nothing", accepts(mailtest.AcceptsSilent), nil},
		{"proxy-only", "a proxy is set, and every direct connection is dropped", both(onAll(dropped), webless, proxied), nil},
		{"proxy-set-healthy", "a proxy is set, and everything works", proxied, nil},
		{"mail-ports-dropped", "every mail port is dropped; the web server answers", onAll(dropped), nil},
		{"mail-ports-rejected", "every mail port is refused at once by something near; the web server answers; the provider is 150 ms away", both(onAll(mailtest.Fault{Reach: mailtest.RefusedNearby}), far(150*time.Millisecond)), nil},
		{"all-dead-web-too", "every mail port and the web server are dropped", both(onAll(dropped), webless), nil},
		{"slow-link", "a round trip takes 900 ms; everything works", far(900 * time.Millisecond), nil},
		{"names-rewritten", "the name server invents answers, also for secure.runbox.com, which does not exist any more", both(answers(map[string]mailtest.NameFault{"secure.runbox.com": {A: []string{"198.51.100.80"}}}), func(m *mailtest.Options, _ *probe.Options) { m.Invented = "198.51.100.80" }), nil},
		{"name-sinkholed", "smtp.runbox.com leads to 0.0.0.0, where connections are refused at once", both(answers(map[string]mailtest.NameFault{"smtp.runbox.com": {A: []string{"0.0.0.0"}}}), func(m *mailtest.Options, _ *probe.Options) {
			m.Addresses = map[string]mailtest.Reach{"0.0.0.0": mailtest.RefusedNearby}
		}), nil},
		{"name-private", "imap and secure lead to 10.0.0.7, where nothing answers", both(answers(map[string]mailtest.NameFault{"imap.runbox.com": {A: []string{"10.0.0.7"}}, "secure.runbox.com": {A: []string{"10.0.0.7"}}}), func(m *mailtest.Options, _ *probe.Options) {
			m.Addresses = map[string]mailtest.Reach{"10.0.0.7": mailtest.Dropped}
		}), nil},
		{"old-names-gone", "none of the old names exists; the newer servers work", both(allNames(mailtest.NameFault{RCode: mailtest.NXDomain}), successor), nil},
		{"old-ports-closed", "the old servers refuse every port; the newer ones work", both(onAll(refused), successor), nil},
		{"old-certificate-new-name", "the old names lead to a server with a certificate for mail.runbox.com only; the newer instructions work", both(onAll(mailtest.Fault{CertNames: []string{"mail.runbox.com"}}), successor), nil},
		{"old-receiving-down-newer-works", "the old receiving servers refuse every port, sending works; the newer servers work", both(on(refused, "imap-993", "imap-143", "imap-1143"), successor), nil},
		{"newer-works-unneeded", "everything old works; the newer servers work too", successor, nil},
		{"slow-lookup", "questions for IPv6 addresses are answered after 3.5 seconds", func(m *mailtest.Options, _ *probe.Options) {
			m.Names = map[string]mailtest.NameFault{"*": {Only: "AAAA", Late: 3500 * time.Millisecond}}
		}, nil},
		{"lookup-ipv6-silent", "questions for IPv6 addresses are never answered", answers(map[string]mailtest.NameFault{"*": {Only: "AAAA", Silent: true}}), nil},
		{"shut-out", "ten minutes ago a run was let in and two logins were rejected; now every mail port is dropped, and the web server answers", both(onAll(dropped), ago(10*time.Minute, 2)), nil},
		{"shut-out-refused", "an hour ago four logins were rejected; now the servers refuse every port, and the web server answers", both(onAll(refused), ago(time.Hour, 4)), nil},
		{"was-fine-now-dropped", "yesterday a run went well; now every mail port is dropped, and the web server answers", both(onAll(dropped), ago(24*time.Hour, 0)), nil},
		{"port-25-redirected", "another mail system answers on port 25, near by; the user cannot send", both(on(mailtest.Fault{Elsewhere: "relay.wifi.example", Near: true}, "smtp-25"), far(60*time.Millisecond), symptom("send")), nil},
		{"port-25-and-587-redirected", "another mail system answers on ports 25 and 587; 26 is the provider's", both(on(mailtest.Fault{Elsewhere: "relay.wifi.example", Near: true}, "smtp-25", "smtp-587"), far(60*time.Millisecond)), nil},
		{"port-25-other-banner", "port 25 greets with other words than 587, and is the same otherwise", on(mailtest.Fault{Banner: "mx3.runbox.com ESMTP come in"}, "smtp-25"), nil},
		{"two-dead-spare-ports", "only ports 26 and 25 are tested, and both are dropped", both(on(dropped, "smtp-26", "smtp-25"), func(_ *mailtest.Options, o *probe.Options) {
			o.Only, o.Account.Symptom = []string{"smtp-26", "smtp-25"}, "send"
		}), nil},
		{"ipv6-and-password", "IPv6 packets vanish, and the password is wrong", both(onAll(mailtest.Fault{Login: mailtest.Rejected}), func(m *mailtest.Options, _ *probe.Options) { m.IPv6 = true }), dropIPv6},
		{"blocked-and-expired", "port 25 is dropped, and the certificate of 993 and 143 has ended; the user cannot send", both(faults(map[string]mailtest.Fault{
			"smtp-25": dropped, "imap-993": {Certificate: mailtest.Expired}, "imap-143": {Certificate: mailtest.Expired},
		}), symptom("send")), nil},
		{"dead-587-and-no-sent", "packets to port 587 vanish, and the old server has no Sent folder", both(on(dropped, "smtp-587"), func(m *mailtest.Options, _ *probe.Options) {
			m.Stores = map[string]mailtest.Store{"old": mailtest.OldStore(time.Now()).Without("INBOX.Sent")}
		}), nil},
		{"healthy-vpn", "the way out is a tunnel; everything works", func(_ *mailtest.Options, o *probe.Options) {
			o.Link = &evidence.Link{Name: "tun0", Address: "10.8.0.2", Tunnel: evidence.Yes}
		}, nil},
		{"healthy-300ms", "the provider is 300 ms away; everything works", far(300 * time.Millisecond), nil},
		{"healthy-two-addresses", "every host has two addresses, and both work", twins(mailtest.Fault{}), nil},
		{"healthy-ipv6-no-route", "the hosts have IPv6 addresses and this computer has no way there", func(m *mailtest.Options, _ *probe.Options) { m.IPv6 = true }, withoutIPv6},
	}
}

// twins gives every host a second address, farther away, with a fault.
func twins(f mailtest.Fault) setting {
	return func(m *mailtest.Options, _ *probe.Options) {
		m.Twins = map[string]mailtest.Twin{}
		for i, h := range oldHosts() {
			m.Twins[[]string{"192.0.2.71", "192.0.2.72", "192.0.2.73"}[i]] = mailtest.Twin{Host: h, Fault: f, Farther: 40 * time.Millisecond}
		}
	}
}

// withoutIPv6 is a computer that has no route for IPv6.
func withoutIPv6(dial probe.DialFunc) probe.DialFunc {
	none := noRoute(dial)
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if evidence.Family(address) == "6" {
			return none(ctx, network, address)
		}
		return dial(ctx, network, address)
	}
}
