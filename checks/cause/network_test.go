package cause

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// at443 is a connection to a web server that was made, or not.
func at443(host string, made bool) evidence.Control {
	x := evidence.Control{Purpose: evidence.WebTLS, Host: host, Step: evidence.Step{State: evidence.Done, Took: 40}}
	if !made {
		x.Step = evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Timeout}}
	}
	return x
}

// path is a session of a recommended path on a host.
func path(protocol profile.Protocol, port int, host string) evidence.Session {
	return evidence.Session{Path: profile.Path{Protocol: protocol, Port: port, Host: host, Encryption: profile.TLS, Role: profile.Recommended}}
}

func silentPath(protocol profile.Protocol, port int, host string) evidence.Session {
	s := path(protocol, port, host)
	s.Dials = []evidence.Dial{{Address: "192.0.2.1:1", Family: "4", Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Timeout}}}}
	return s
}

func verifiedPath(protocol profile.Protocol, port int, host string) evidence.Session {
	s := path(protocol, port, host)
	s.Address = "192.0.2.1:1"
	s.Dials = []evidence.Dial{{Address: s.Address, Family: "4", Step: evidence.Step{State: evidence.Done, Took: 20}}}
	s.Greeting = evidence.Greeting{Step: evidence.Step{State: evidence.Done}, Reply: &evidence.Reply{Status: "220", Text: host + " ESMTP"}}
	s.Secure = evidence.Secure{Step: evidence.Step{State: evidence.Done}, Chain: []evidence.Certificate{{}}, Judged: evidence.Judgement{Verified: true}}
	s.Capability = evidence.Capability{Step: evidence.Step{State: evidence.Done, Took: 20}, Final: []string{"AUTH PLAIN", "AUTH=PLAIN"}}
	return s
}

// selfSigned is a server that speaks and shows a certificate that nobody trusts.
func selfSigned(protocol profile.Protocol, port int, host string) evidence.Session {
	s := verifiedPath(protocol, port, host)
	s.Secure.Judged = evidence.Judgement{Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.No, ChainWhy: "self-signed"}
	return s
}

func cutOff(protocol profile.Protocol, port int, host string, looks ...evidence.Look) evidence.Session {
	s := path(protocol, port, host)
	s.Address = "192.0.2.1:1"
	s.Secure.Step = evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Timeout}}
	s.Looks = looks
	return s
}

// at25 is port 25 with what became of its one dial.
func at25(dial evidence.Step, host string) evidence.Session {
	return evidence.Session{
		Path:  profile.Path{Protocol: profile.SMTP, Port: 25, Host: host, Encryption: profile.STARTTLS, Role: profile.Optional},
		Dials: []evidence.Dial{{Address: "192.0.2.1:25", Family: "4", Step: dial}},
	}
}

// took makes a path's connection take some time.
func took(s evidence.Session, ms evidence.Millis) evidence.Session {
	s.Dials = []evidence.Dial{{Address: s.Address, Family: "4", Step: evidence.Step{State: evidence.Done, Took: ms}}}
	s.Capability.Step.Took = ms
	return s
}

// heldUp makes the connection take some time, and nothing behind it.
func heldUp(s evidence.Session, ms evidence.Millis) evidence.Session {
	s = took(s, ms)
	s.Capability.Step.Took = 0
	return s
}

// refusing is a port for receiving that is refused after some time.
func refusing(ip string, ms evidence.Millis, port int) evidence.Session {
	s := path(profile.IMAP, port, "imap.example.net")
	s.Dials = []evidence.Dial{{Address: fmt.Sprintf("%s:%d", ip, port), Family: "4", Step: evidence.Step{State: evidence.Failed, Took: ms, Failure: &evidence.Failure{Kind: evidence.Refused}}}}
	return s
}

// unreachable is a port to which there is no way over IPv6.
func unreachable(protocol profile.Protocol, port int, host string) evidence.Session {
	s := path(protocol, port, host)
	s.Dials = []evidence.Dial{{Address: "[2001:db8::1]:1", Family: "6", Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Unreachable}}}}
	return s
}

// alsoDead gives a path that works over IPv6 an IPv4 address that does not answer.
func alsoDead(s evidence.Session) evidence.Session {
	s.Address = "[2001:db8::1]:1"
	s.Dials = []evidence.Dial{
		{Address: s.Address, Family: "6", Step: evidence.Step{State: evidence.Done, Took: 20}},
		{Address: "192.0.2.1:1", Family: "4", Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Timeout}}},
	}
	return s
}

func over4(x evidence.Control) evidence.Control {
	x.Address = "192.0.2.13:443"
	return x
}

// hosted is a server for sending that shows a certificate for its own name.
func hosted(away evidence.Millis) evidence.Session {
	s := took(verifiedPath(profile.SMTP, 587, "smtp.example.net"), away)
	s.Greeting.Reply.Text = "mx1.hosting.example.com ESMTP"
	s.Secure.Chain[0].Names = []string{"mx1.hosting.example.com"}
	s.Secure.Judged = evidence.Judgement{Time: evidence.Yes, Chain: evidence.Yes, Name: evidence.No}
	return s
}

// onPort is a session on another port.
func onPort(port int, s evidence.Session) evidence.Session {
	s.Path.Port = port
	return s
}

func renamed(s evidence.Session, name string) evidence.Session {
	s.Greeting.Reply = &evidence.Reply{Status: "220", Text: name + " ESMTP"}
	return s
}

// stranger is a server on port 587 with a name of its own, some way off, that agrees to
// no encryption.
func stranger(away evidence.Millis) evidence.Session {
	s := took(verifiedPath(profile.SMTP, 587, "smtp.example.net"), away)
	s.Path.Encryption = profile.STARTTLS
	s.Greeting.Reply.Text = "mx7.example.org ESMTP"
	s.Secure = evidence.Secure{Offered: evidence.Yes, Answer: &evidence.Reply{Status: "454"}, Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Temporary}}}
	s.Capability = evidence.Capability{Name: "mx7.example.org", Clear: []string{"STARTTLS"}}
	return s
}

// page is a port on which a web server answers.
func page(protocol profile.Protocol, port int, host string) evidence.Session {
	s := took(path(protocol, port, host), 2)
	s.Address = "192.0.2.1:1"
	s.Greeting = evidence.Greeting{Service: evidence.ServiceHTTP, Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Protocol}}}
	return s
}

// over6 is a host whose handshake over IPv6 gets no answer, and over IPv4 succeeds or not.
func over6(protocol profile.Protocol, port int, host string, over4 bool) evidence.Session {
	s := verifiedPath(protocol, port, host)
	gone := evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Timeout}}
	if !over4 {
		s.Secure, s.Capability = evidence.Secure{Step: gone}, evidence.Capability{}
	}
	s.Dials = append(s.Dials, evidence.Dial{Address: "[2001:db8::1]:1", Family: "6", Step: evidence.Step{State: evidence.Done, Took: 20}, Secure: &evidence.Secure{Step: gone}})
	return s
}

// unnamed is a path whose host has no address.
func unnamed(protocol profile.Protocol, port int, host string) (evidence.Session, evidence.Lookup) {
	return path(protocol, port, host), noName(host, "")
}

// noName is a look-up of a name that does not exist.
func noName(name string, why evidence.Why) evidence.Lookup {
	return evidence.Lookup{Name: name, Type: "A", Why: why, RCode: "NXDOMAIN", Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.NotFound}}}
}

func small(works bool) evidence.Look {
	l := evidence.Look{Hello: evidence.HelloSmall, Step: evidence.Step{State: evidence.Done}}
	if !works {
		l.Step = evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Timeout}}
	}
	return l
}

// old is a hello of old versions that something came back for, and how that ended.
func old(kind evidence.Kind) evidence.Look {
	return evidence.Look{Hello: evidence.HelloOld, Answered: evidence.Yes, Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: kind}}}
}

func leads(name string, why evidence.Why, to ...string) evidence.Lookup {
	return evidence.Lookup{Name: name, Type: "A", Why: why, Step: evidence.Step{State: evidence.Done}, Answers: to}
}

func nobody() evidence.Lookup {
	return evidence.Lookup{Name: "qjzkvwxhgrtpbndm.com", Type: "A", Why: evidence.ForRandom, RCode: "NXDOMAIN",
		Step: evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.NotFound}}}
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// TestNetworkCauses: what each must not be taken for, on evidence as networks give it.
func TestNetworkCauses(t *testing.T) {
	imap, smtp := "imap.example.net", "smtp.example.net"
	own := profile.Profile{Title: "Example", Web: "example.net"}
	allSilent := []evidence.Session{silentPath(profile.IMAP, 993, imap), silentPath(profile.IMAP, 143, imap), silentPath(profile.SMTP, 587, smtp), silentPath(profile.SMTP, 465, smtp)}
	four := []string{"imap-993", "imap-143", "smtp-587", "smtp-465"}
	twoSelfSigned := []evidence.Session{selfSigned(profile.IMAP, 993, imap), selfSigned(profile.SMTP, 587, smtp)}
	decoy := evidence.Control{Purpose: evidence.Decoy, Address: "198.51.100.1:993", Step: evidence.Step{State: evidence.Done}}
	newer := &evidence.Evidence{Profile: profile.Profile{Name: "newer"}, Sessions: []evidence.Session{verifiedPath(profile.SMTP, 465, "mail.example.net")}}
	spare := verifiedPath(profile.SMTP, 26, smtp)
	spare.Path.Role = profile.Alternate
	refused25 := at25(evidence.Step{State: evidence.Failed, Took: 20, Failure: &evidence.Failure{Kind: evidence.Refused}}, smtp)
	refusedNear := at25(evidence.Step{State: evidence.Failed, Took: 2, Failure: &evidence.Failure{Kind: evidence.Refused}}, smtp)
	late := took(verifiedPath(profile.SMTP, 587, smtp), 1020)
	inside := []evidence.Lookup{leads(imap, "", "192.168.1.5"), leads(smtp, "", "192.168.1.5"), nobody()}
	rejectedAnHourAgo := evidence.Run{At: noon, Earlier: []evidence.Earlier{{At: noon.Add(-time.Hour), Connected: true, Rejected: 3}}}
	proxied := evidence.Host{Proxies: []string{"HTTPS_PROXY"}}
	lostIMAP, noIMAP := unnamed(profile.IMAP, 993, imap)
	lostSMTP, noSMTP := unnamed(profile.SMTP, 587, smtp)
	unasked := evidence.Control{Purpose: evidence.Web, Host: "example.net", Step: evidence.Step{State: evidence.Skipped}}
	for _, tt := range []struct {
		about string
		e     evidence.Evidence
		want  map[checks.Code][]string // the diagnosis and its paths
		never []checks.Code
	}{
		{"mail ports dead, the provider's web server answers",
			evidence.Evidence{Profile: own, Sessions: allSilent, Controls: []evidence.Control{at443("example.net", true)}},
			map[checks.Code][]string{"MM106": four}, nil},
		{"the provider's web server is dead too, another host answers: it is the provider",
			evidence.Evidence{Profile: own, Sessions: allSilent, Controls: []evidence.Control{at443("example.net", false), at443("control.example", true)}},
			map[checks.Code][]string{"MM306": four}, []checks.Code{"MM106"}},
		{"no web server is named, another host answers: mail alone is closed",
			evidence.Evidence{Sessions: allSilent, Controls: []evidence.Control{at443("control.example", true)}},
			map[checks.Code][]string{"MM106": four}, nil},
		{"a line that accepts for everybody, and servers that are reached behind it",
			evidence.Evidence{Sessions: twoSelfSigned, Controls: []evidence.Control{decoy}}, nil, []checks.Code{"MM104"}},
		{"one's own servers in a private network, with their own certificate",
			evidence.Evidence{Sessions: twoSelfSigned, Lookups: inside}, nil, []checks.Code{"MM204", "MM102"}},
		{"one's own servers in a private network, and they are down",
			evidence.Evidence{Sessions: allSilent, Lookups: inside}, map[checks.Code][]string{"MM306": four}, []checks.Code{"MM204"}},
		{"one name of several leads into a private network",
			evidence.Evidence{Sessions: []evidence.Session{silentPath(profile.IMAP, 993, imap), verifiedPath(profile.SMTP, 587, smtp)},
				Lookups: []evidence.Lookup{leads(imap, "", "192.168.1.5"), leads(smtp, "", "192.0.2.1"), nobody()}},
			map[checks.Code][]string{"MM204": {"imap-993"}}, nil},
		{"a company whose web server sends to its log-in, and whose mail has its own authority",
			evidence.Evidence{Profile: own, Sessions: twoSelfSigned, Lookups: append(slices.Clone(inside), leads("example.net", evidence.ForControl, "192.168.1.5")),
				Controls: []evidence.Control{{Purpose: evidence.Web, Host: "example.net", Status: "302", Location: "https://login.sso.example/", Step: evidence.Step{State: evidence.Done}}}},
			nil, []checks.Code{"MM102", "MM204"}},
		{"one port of a server that lives is closed, and the newer servers work",
			evidence.Evidence{Sessions: []evidence.Session{silentPath(profile.SMTP, 587, smtp), spare}, Successor: newer}, nil, []checks.Code{"MM205"}},
		{"the server is gone, and the newer ones work",
			evidence.Evidence{Sessions: []evidence.Session{silentPath(profile.SMTP, 587, smtp)}, Successor: newer},
			map[checks.Code][]string{"MM205": {"smtp-587"}}, nil},
		{"a small hello helps with one host and not with the other",
			evidence.Evidence{Sessions: []evidence.Session{cutOff(profile.IMAP, 993, imap, small(true)), cutOff(profile.SMTP, 465, smtp, small(false))}},
			map[checks.Code][]string{"MM110": {"imap-993"}}, nil},
		{"a small hello helps, and the other host was not tried again",
			evidence.Evidence{Sessions: []evidence.Session{cutOff(profile.IMAP, 993, imap, small(true)), cutOff(profile.SMTP, 465, smtp)}},
			map[checks.Code][]string{"MM110": {"imap-993", "smtp-465"}}, nil},
		{"hellos of any size are met by silence, and an old one by a refusal",
			evidence.Evidence{Sessions: []evidence.Session{cutOff(profile.IMAP, 993, imap, small(false), old(evidence.Alert))}},
			map[checks.Code][]string{"MM109": {"imap-993"}}, nil},
		{"a server that begins every answer and ends none: that is no short answer that arrives",
			evidence.Evidence{Sessions: []evidence.Session{cutOff(profile.IMAP, 993, imap, small(false), old(evidence.Timeout))}},
			nil, []checks.Code{"MM109"}},
		{"the server refuses port 25 after one round trip; a packet to 587 was lost",
			evidence.Evidence{Sessions: []evidence.Session{late, verifiedPath(profile.SMTP, 465, smtp), refused25}}, nil, []checks.Code{"MM303"}},
		{"something near refuses port 25, and both others are far",
			evidence.Evidence{Sessions: []evidence.Session{late, verifiedPath(profile.SMTP, 465, smtp), refusedNear}},
			map[checks.Code][]string{"MM303": {"smtp-25"}}, nil},
		{"something near refuses port 25, and 26 gives no answer: two faults",
			evidence.Evidence{Sessions: []evidence.Session{late, verifiedPath(profile.SMTP, 465, smtp), refusedNear, silentPath(profile.SMTP, 26, smtp)}},
			map[checks.Code][]string{"MM303": {"smtp-25"}}, nil},
		{"another machine of the provider refuses STARTTLS on 587; a packet to 465 was lost, not one to 26",
			evidence.Evidence{Sessions: []evidence.Session{stranger(20), took(verifiedPath(profile.SMTP, 465, smtp), 1020), spare}}, nil, []checks.Code{"MM305"}},
		{"another name, no encryption, and much nearer than any port on which the provider is",
			evidence.Evidence{Sessions: []evidence.Session{stranger(1), took(verifiedPath(profile.SMTP, 465, smtp), 1020), spare}},
			map[checks.Code][]string{"MM305": {"smtp-587"}}, nil},
		{"IPv6 alone was asked for, and there is no way for it",
			evidence.Evidence{Profile: own, Lookups: []evidence.Lookup{{Name: imap, Type: "AAAA", Answers: []string{"2001:db8::1"}}}, Sessions: []evidence.Session{unreachable(profile.IMAP, 993, imap), unreachable(profile.SMTP, 587, smtp)}, Controls: []evidence.Control{at443("example.net", false)}},
			map[checks.Code][]string{"MM105": {"imap-993", "smtp-587"}}, []checks.Code{"MM101"}},
		{"IPv4 packets to mail ports vanish, and the web server is reached over IPv4",
			evidence.Evidence{Profile: own, Sessions: []evidence.Session{alsoDead(verifiedPath(profile.IMAP, 993, imap)), alsoDead(verifiedPath(profile.SMTP, 587, smtp))}, Controls: []evidence.Control{over4(at443("example.net", true))}},
			nil, []checks.Code{"MM111"}},
		{"one's own server for receiving refuses inside the house, sending is far away",
			evidence.Evidence{Sessions: []evidence.Session{refusing("192.168.1.5", 1, 993), refusing("192.168.1.5", 1, 143), took(verifiedPath(profile.SMTP, 587, smtp), 60)}}, nil, []checks.Code{"MM106"}},
		{"the server for receiving refuses 8 ms away, sending is 90 ms away",
			evidence.Evidence{Sessions: []evidence.Session{refusing("192.0.2.9", 8, 993), refusing("192.0.2.9", 8, 143), took(verifiedPath(profile.SMTP, 587, smtp), 90)}}, nil, []checks.Code{"MM106"}},
		{"something next door refuses the ports for receiving, sending is 90 ms away",
			evidence.Evidence{Sessions: []evidence.Session{refusing("192.0.2.9", 2, 993), refusing("192.0.2.9", 2, 143), took(verifiedPath(profile.SMTP, 587, smtp), 90)}},
			map[checks.Code][]string{"MM106": {"imap-993", "imap-143"}}, nil},
		{"the same, and this computer was busy at one of them",
			evidence.Evidence{Sessions: []evidence.Session{refusing("192.0.2.9", 9, 993), refusing("192.0.2.9", 2, 143), took(verifiedPath(profile.SMTP, 587, smtp), 90)}},
			map[checks.Code][]string{"MM106": {"imap-993", "imap-143"}}, nil},
		{"all connections were held up in one moment, and the servers are near by their answers to EHLO",
			evidence.Evidence{Sessions: []evidence.Session{refusing("192.0.2.9", 0, 993), refusing("192.0.2.9", 0, 143), heldUp(verifiedPath(profile.SMTP, 587, smtp), 90)}}, nil, []checks.Code{"MM106"}},
		{"one is refused next door, and one from as far as the servers are",
			evidence.Evidence{Sessions: []evidence.Session{refusing("192.0.2.9", 80, 993), refusing("192.0.2.9", 2, 143), took(verifiedPath(profile.SMTP, 587, smtp), 90)}}, nil, []checks.Code{"MM106"}},
		{"the sending host is a hosting company's, 10 ms away, with its certificate",
			evidence.Evidence{Sessions: []evidence.Session{took(verifiedPath(profile.IMAP, 993, imap), 90), hosted(10)}}, nil, []checks.Code{"MM305"}},
		{"the same, next door",
			evidence.Evidence{Sessions: []evidence.Session{took(verifiedPath(profile.IMAP, 993, imap), 90), hosted(1)}},
			map[checks.Code][]string{"MM305": {"smtp-587"}}, nil},
		{"the same on two ports, and this computer was busy at one of them",
			evidence.Evidence{Sessions: []evidence.Session{took(verifiedPath(profile.IMAP, 993, imap), 90), onPort(25, hosted(8)), hosted(1)}},
			map[checks.Code][]string{"MM305": {"smtp-25", "smtp-587"}}, nil},
		{"two servers of different names, of which one is next door",
			evidence.Evidence{Sessions: []evidence.Session{took(verifiedPath(profile.IMAP, 993, imap), 90), renamed(onPort(25, hosted(20)), "mx2.hosting.example.com"), hosted(1)}},
			map[checks.Code][]string{"MM305": {"smtp-587"}}, nil},
		{"a proxy port that is silent near a server that refuses",
			evidence.Evidence{Profile: own, Sessions: []evidence.Session{silentPath(profile.IMAP, 993, imap), refusing("192.0.2.9", 1, 143)}, Controls: []evidence.Control{at443("example.net", true)}},
			map[checks.Code][]string{"MM106": {"imap-993", "imap-143"}}, nil},
		{"sending is closed after rejected logins, and a port for receiving is open",
			evidence.Evidence{Run: rejectedAnHourAgo, Sessions: []evidence.Session{verifiedPath(profile.IMAP, 993, imap), silentPath(profile.IMAP, 143, imap), silentPath(profile.SMTP, 587, smtp), silentPath(profile.SMTP, 465, smtp)}},
			nil, []checks.Code{"MM304"}},
		{"all is closed after rejected logins",
			evidence.Evidence{Run: rejectedAnHourAgo, Sessions: allSilent}, map[checks.Code][]string{"MM304": four}, nil},
		{"web servers answer on two hosts' mail ports",
			evidence.Evidence{Sessions: []evidence.Session{page(profile.IMAP, 993, imap), page(profile.SMTP, 587, smtp)}},
			map[checks.Code][]string{"MM102": {"imap-993", "smtp-587"}}, nil},
		{"web servers answer on two hosts' mail ports, and a mail server on a third",
			evidence.Evidence{Sessions: []evidence.Session{page(profile.IMAP, 993, imap), page(profile.SMTP, 587, smtp), selfSigned(profile.IMAP, 143, imap)}},
			nil, []checks.Code{"MM102"}},
		{"a proxy is set, and no name of the provider exists here",
			evidence.Evidence{Host: proxied, Lookups: []evidence.Lookup{noIMAP, noSMTP, noName("example.net", evidence.ForControl)}, Sessions: []evidence.Session{lostIMAP, lostSMTP}, Controls: []evidence.Control{unasked}},
			map[checks.Code][]string{"MM104": {"imap-993", "smtp-587"}}, nil},
		{"a proxy is set, the mail names are gone, and the web server's is not",
			evidence.Evidence{Host: proxied, Lookups: []evidence.Lookup{noIMAP, noSMTP, leads("example.net", evidence.ForControl, "192.0.2.13")}, Sessions: []evidence.Session{lostIMAP, lostSMTP}, Controls: []evidence.Control{unasked}},
			nil, []checks.Code{"MM104"}},
		{"what is sent over IPv6 gets lost, over IPv4 it does not",
			evidence.Evidence{Sessions: []evidence.Session{over6(profile.IMAP, 993, imap, true), over6(profile.SMTP, 465, smtp, true)}},
			map[checks.Code][]string{"MM105": {"imap-993", "smtp-465"}}, nil},
		{"what is sent over IPv6 gets lost, and from one host over IPv4 too",
			evidence.Evidence{Sessions: []evidence.Session{over6(profile.IMAP, 993, imap, true), over6(profile.SMTP, 465, smtp, false)}},
			nil, []checks.Code{"MM105"}},
	} {
		found := checks.Run(&tt.e, checks.All())
		why, _ := Infer(Case{Evidence: &tt.e, Findings: found}, All())
		got := map[checks.Code][]string{}
		for _, d := range why {
			got[d.Cause.Code] = checks.Paths(d.Explains)
		}
		for code, paths := range tt.want {
			if !slices.Equal(got[code], paths) {
				t.Errorf("%s: got %v, want %s on %v", tt.about, got, code, paths)
			}
		}
		for _, code := range tt.never {
			if _, named := got[code]; named {
				t.Errorf("%s: got %v, want no %s", tt.about, got, code)
			}
		}
	}
}

// TestClocksOfMinutes: clocks that differ by minutes are all right, and none makes a
// certificate valid that has just ended.
func TestClocksOfMinutes(t *testing.T) {
	for ahead, named := range map[time.Duration]bool{-3 * time.Minute: false, 0: false, -30 * 24 * time.Hour: true} {
		s := verifiedPath(profile.IMAP, 993, "imap.example.net")
		s.Secure.Chain = []evidence.Certificate{{NotBefore: noon.Add(-60 * 24 * time.Hour), NotAfter: noon.Add(-2 * time.Minute)}}
		s.Secure.Judged = evidence.Judgement{Time: evidence.No, TimeWhy: "expired", Name: evidence.Yes, Chain: evidence.Yes}
		e := &evidence.Evidence{Run: evidence.Run{At: noon}, Sessions: []evidence.Session{s}, Clocks: []evidence.Clock{{Source: evidence.ClockHTTP, Path: "example.net", Theirs: noon.Add(ahead), Ours: noon}}}
		why, _ := Infer(Case{Evidence: e, Findings: checks.Run(e, checks.All())}, All())
		got := slices.ContainsFunc(why, func(d Diagnosis) bool { return d.Cause.Code == "MM103" })
		if got != named {
			t.Errorf("others' clocks %v ahead, the certificate ended two minutes ago: MM103 named: got %t, want %t", ahead, got, named)
		}
	}
}
