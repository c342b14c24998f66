package checks_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// provider loads one of the providers of these tests.
func provider(t *testing.T, name string) profile.Profile {
	p, err := profile.Load(filepath.Join("testdata", "providers", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// at makes alice a customer of another provider.
func at(name string) setting {
	return func(m *mailtest.Options, o *probe.Options) {
		p, err := profile.Load(filepath.Join("testdata", "providers", name+".yaml"))
		if err != nil {
			panic(err)
		}
		m.Profile = p
		m.Profile.Paths = slices.Clone(p.Paths)
		o.Account.Address = "alice@" + p.Domains[0]
	}
}

func impatiently(_ *mailtest.Options, o *probe.Options) { o.Timeout = impatient }

func away(d time.Duration) setting {
	return func(m *mailtest.Options, _ *probe.Options) { m.Delay = d }
}

func allOf(p string) []string {
	return map[string][]string{
		"post": {"imap-993", "imap-143", "smtp-465", "smtp-587", "smtp-25"},
		"imap": {"imap-993", "imap-143", "imap-1143"},
		"smtp": {"smtp-587", "smtp-26", "smtp-25"},
	}[p]
}

// providerWorlds are of providers with one host or two, with several addresses, and of
// users who typed something that belongs elsewhere.
func providerWorlds() []world {
	dropped, refused := mailtest.Fault{Reach: mailtest.Dropped}, mailtest.Fault{Reach: mailtest.Refused}
	busy := mailtest.Fault{Greeting: mailtest.Busy}
	second := func(f mailtest.Fault) setting {
		return func(m *mailtest.Options, _ *probe.Options) {
			m.Twins = map[string]mailtest.Twin{"192.0.2.73": {Host: "smtp.runbox.com", Fault: f}}
		}
	}
	return []world{
		{"one-host-healthy", "a provider with one host for everything; nothing is wrong", at("post"), nil},
		{"one-host-sending-dropped", "every port for sending is dropped, and receiving at the same address works", both(at("post"), on(dropped, "smtp-465", "smtp-587", "smtp-25")), nil},
		{"one-host-receiving-dropped", "every port for receiving is dropped, and sending at the same address works", both(at("post"), on(dropped, "imap-993", "imap-143")), nil},
		{"one-host-sending-refused", "the server refuses every port for sending itself, and receiving works; it is 60 ms away", both(at("post"), on(refused, "smtp-465", "smtp-587", "smtp-25"), away(60*time.Millisecond)), nil},
		{"one-host-refused", "the one server refuses every port itself; it is 60 ms away, and the web server answers", both(at("post"), on(refused, allOf("post")...), away(60*time.Millisecond)), nil},
		{"one-host-dropped", "every port of the one server is dropped; the web server answers", both(at("post"), on(dropped, allOf("post")...)), nil},
		{"one-host-dead-address", "the one host has a second address that is dead", both(at("post"), impatiently, func(m *mailtest.Options, _ *probe.Options) {
			m.Twins = map[string]mailtest.Twin{"192.0.2.71": {Host: "mail.post.example", Fault: dropped}}
		}), nil},
		{"two-hosts-receiving-dropped", "a provider with two hosts; both ports for receiving are dropped", both(at("firm"), on(dropped, "imap-993", "imap-143")), nil},
		{"hosts-swapped", "the hosts for receiving and sending are typed in each other's place; the servers are 60 ms away", both(at("firm"), away(60*time.Millisecond), func(m *mailtest.Options, _ *probe.Options) {
			m.Profile.Paths = []profile.Path{m.Profile.Paths[0], m.Profile.Paths[2]}
			m.Profile.Paths[0].Host, m.Profile.Paths[1].Host = "smtp.firm.example", "imap.firm.example"
		}), nil},
		{"ports-mistyped", "ports 991 and 578 are typed in place of 993 and 587; the server is 60 ms away", both(at("post"), away(60*time.Millisecond), func(m *mailtest.Options, _ *probe.Options) {
			m.Profile.Paths = []profile.Path{m.Profile.Paths[0], m.Profile.Paths[3]}
			m.Profile.Paths[0].Port, m.Profile.Paths[1].Port = 991, 578
		}), nil},
		{"encryption-mistyped", "993 is set to STARTTLS and 587 to TLS", both(at("firm"), impatiently, func(m *mailtest.Options, _ *probe.Options) {
			m.Profile.Paths[0].Encryption, m.Profile.Paths[3].Encryption = profile.STARTTLS, profile.TLS
		}), nil},
		{"host-cyrillic", "the host of 993 is typed with a Cyrillic o", func(m *mailtest.Options, _ *probe.Options) { m.Profile.Paths[0].Host = "secure.runb\u043ex.com" }, nil},
		{"second-address-busy", "the SMTP host has a second address that answers 421", second(busy), nil},
		{"first-address-busy", "the nearer address of the SMTP host answers 421, the farther one is healthy", both(on(busy, allOf("smtp")...), func(m *mailtest.Options, _ *probe.Options) {
			m.Twins = map[string]mailtest.Twin{"192.0.2.73": {Host: "smtp.runbox.com", Farther: 40 * time.Millisecond}}
		}), nil},
		{"busy-everywhere", "every server answers 421 or BYE [UNAVAILABLE]", onAll(busy), nil},
		{"one-old-name-gone", "secure.runbox.com does not exist any more; the newer server works", both(answers(map[string]mailtest.NameFault{"secure.runbox.com": {RCode: mailtest.NXDomain}}), successor), nil},
		{"proxy-and-no-names", "a proxy is set, and no name of the internet exists here", both(answers(map[string]mailtest.NameFault{"*": {RCode: mailtest.NXDomain}}), func(_ *mailtest.Options, o *probe.Options) { o.Proxies = []string{"HTTPS_PROXY"} }), nil},
		{"names-lead-to-router", "the three mail names lead to 192.168.1.1, which refuses at once", both(allNames(mailtest.NameFault{A: []string{"192.168.1.1"}}), func(m *mailtest.Options, _ *probe.Options) {
			m.Addresses = map[string]mailtest.Reach{"192.168.1.1": mailtest.RefusedNearby}
		}), nil},
		{"one-name-silent", "secure.runbox.com is never answered", answers(map[string]mailtest.NameFault{"secure.runbox.com": {Silent: true}}), nil},
		{"healthy-ipv6-lookups-fail", "questions for IPv6 addresses get SERVFAIL or NXDOMAIN", answers(map[string]mailtest.NameFault{
			"secure.runbox.com": {Only: "AAAA", RCode: mailtest.ServFail}, "smtp.runbox.com": {Only: "AAAA", RCode: mailtest.NXDomain}, "imap.runbox.com": {Only: "AAAA", RCode: mailtest.NXDomain},
		}), nil},
		{"healthy-invented-answers", "the name server invents answers for names that nobody has; the provider's are right", func(m *mailtest.Options, _ *probe.Options) { m.Invented = "198.51.100.80" }, nil},
		{"port-25-refused-by-isp", "the internet provider's own relay answers port 25 with 554; the user cannot send", both(on(mailtest.Fault{Near: true, Script: "> 554 outbound.isp.example Direct SMTP from dynamic addresses is not allowed, use the relay of your ISP\n< \n> 221 outbound.isp.example bye\nclose"}, "smtp-25"), away(60*time.Millisecond), symptom("send")), nil},
		{"closed-after-rejections", "three logins were rejected ten minutes ago; now every port accepts and closes", both(onAll(mailtest.Fault{Script: "close"}), ago(10*time.Minute, 3)), nil},
		{"closed-everywhere", "every port accepts and closes; nothing is known of earlier runs", onAll(mailtest.Fault{Script: "close"}), nil},
		{"receiving-dropped-after-rejections", "three logins were rejected 15 minutes ago; now the ports for receiving are dropped", both(on(dropped, allOf("imap")...), ago(15*time.Minute, 3)), nil},
		{"rejections-long-ago", "three logins were rejected 30 days ago; every mail port is dropped, the web server answers", both(onAll(dropped), ago(30*24*time.Hour, 3)), nil},
		{"blocklisted-sending", "every port for sending refuses the computer's address because of a list", on(mailtest.Fault{Script: "> 554 5.7.1 Service unavailable; Client host [192.0.2.50] blocked using zen.spamhaus.org\n< QUIT\n> 221 bye\nclose"}, allOf("smtp")...), nil},
		{"blocklisted-receiving", "every port for receiving says BYE: listed", faults(map[string]mailtest.Fault{
			"imap-993":  {Script: "tls\n> * BYE Access from 192.0.2.50 denied: listed at bl.example\nclose"},
			"imap-143":  {Script: "> * BYE Access from 192.0.2.50 denied: listed at bl.example\nclose"},
			"imap-1143": {Script: "> * BYE Access from 192.0.2.50 denied: listed at bl.example\nclose"},
		}), nil},
		{"blocklisted-25-for-now", "port 25 answers 421 and names a list; the user cannot send", both(on(mailtest.Fault{Script: "> 421 4.7.1 Service unavailable; Client host [192.0.2.50] blocked using zen.spamhaus.org\n< QUIT\n> 221 bye\nclose"}, "smtp-25"), symptom("send")), nil},
		{"greeting-in-two-parts", "port 587 greets with a first line at once and the last one after 3.5 seconds", func(m *mailtest.Options, _ *probe.Options) {
			m.Faults = map[string]mailtest.Fault{"smtp-587": {Script: "> 220-smtp.runbox.com ESMTP please wait\nwait 3500ms\n> 220 smtp.runbox.com ESMTP Postfix\nserve"}}
		}, nil},
		{"pop3-and-ssh", "a POP3 server answers inside TLS on 993, an SSH server on 143", faults(map[string]mailtest.Fault{"imap-993": {Greeting: mailtest.POP3}, "imap-143": {Greeting: mailtest.SSH}}), nil},
		{"starttls-refused-sending", "every port for sending offers STARTTLS and refuses it", on(mailtest.Fault{Script: "> 220 smtp.runbox.com ESMTP\n< EHLO\n> 250-smtp.runbox.com\n> 250-PIPELINING\n> 250-8BITMIME\n> 250-SIZE 52428800\n> 250 STARTTLS\n< STARTTLS\n> 454 4.7.0 TLS not available due to local problem\n< QUIT\n> 221 bye\nclose"}, allOf("smtp")...), nil},
		{"starttls-missing-imap-host", "imap.runbox.com offers no STARTTLS; the user's program uses 143", both(on(mailtest.Fault{NoSTARTTLS: true}, "imap-143", "imap-1143"), func(_ *mailtest.Options, o *probe.Options) { o.Account.AppPort = "imap-143" }), nil},
		{"port-1143-in-use", "the trial server is not there; the user's program uses it, and no password was given", both(on(refused, "imap-1143"), func(_ *mailtest.Options, o *probe.Options) {
			o.NoLogin, o.Account.AppPort = "no password was given", "imap-1143"
		}), nil},
		{"vpn-sending-dropped", "the way out is a tunnel, and every port for sending is dropped", both(on(dropped, allOf("smtp")...), func(_ *mailtest.Options, o *probe.Options) {
			o.Link = &evidence.Link{Name: "tun0", Address: "10.8.0.2", Tunnel: evidence.Yes}
		}), nil},
	}
}

// nextDoorWorlds are those in which something answers in place of the provider from next
// door. They are told by single milliseconds, so that they want a machine that is not busy
// with others.
func nextDoorWorlds() []world {
	return []world{
		{"receiving-refused-nearby", "something near refuses every port for receiving at once; the servers are 150 ms away", both(on(mailtest.Fault{Reach: mailtest.RefusedNearby}, allOf("imap")...), away(150*time.Millisecond)), nil},
		{"sending-redirected", "another mail system answers on every port for sending, near by", both(on(mailtest.Fault{Elsewhere: "relay.wifi.example", Near: true}, allOf("smtp")...), away(60*time.Millisecond)), nil},
		{"sending-redirected-26-dropped", "another mail system answers on 587 and 25, near by, and 26 is dropped", both(faults(map[string]mailtest.Fault{
			"smtp-587": {Elsewhere: "relay.wifi.example", Near: true}, "smtp-25": {Elsewhere: "relay.wifi.example", Near: true}, "smtp-26": {Reach: mailtest.Dropped},
		}), away(60*time.Millisecond)), nil},
		{"sending-filtered", "a filter near by answers on every port for sending, without a name and without STARTTLS", both(on(mailtest.Fault{Near: true, Script: "> 220 box ESMTP Service ready\n< EHLO\n> 250-Requested mail action okay, completed\n> 250 SIZE 20971520\n< \n> 502 5.5.1 Command not implemented\n< \n> 221 bye\nclose"}, allOf("smtp")...), away(60*time.Millisecond)), nil},
		{"webhost-redirect", "a web hosting company's own server answers on every port for sending, near by", both(at("post"), away(70*time.Millisecond), adding(mailtest.Fault{Elsewhere: "server12.webhost.example", Near: true}, "smtp-465", "smtp-587", "smtp-25")), nil},
	}
}
