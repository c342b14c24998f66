package report

import (
	"time"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/checks/pages"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// titles stands in for the catalogue's pages, so that these tests hold whatever
// the pages come to say.
func titles(code checks.Code) pages.Page {
	known := map[checks.Code][2]string{
		"MM001": {"internal-error", "A part of mailmedic failed"},
		"MM101": {"no-network", "This computer has no network connection"},
		"MM301": {"port-silent", "One port gives no answer"},
		"MM303": {"smtp-port-blocked", "Port 25 is blocked on this network"},
		"MM401": {"intercepted-trusted", "A security program on this computer opens your mail traffic"},
		"MM408": {"certificate-ends-soon", "A certificate ends soon"},
		"MM601": {"name-form-wrong", "The login name has the wrong form"},
		"MM701": {"login-rejected", "The server does not accept this name and password"},
		"MM801": {"prefix-doubled", "Your sent mail lands in two folders"},
		"MM805": {"drafts-unsupported", "The server keeps no Drafts folder"},
		"MM809": {"servers-differ", "The two servers name your folders differently"},
	}
	return pages.Page{Slug: known[code][0], Title: known[code][1]}
}

// provider6 is a provider with six paths in all four roles and two mail stores.
func provider6() profile.Profile {
	path := func(p profile.Protocol, port int, host string, enc profile.Encryption, role profile.Role, server string) profile.Path {
		return profile.Path{Protocol: p, Port: port, Host: host, Encryption: enc, Role: role, Server: server}
	}
	return profile.Profile{
		Name: "example", Title: "Example Mail", Domains: []string{"example.net"},
		Paths: []profile.Path{
			path(profile.IMAP, 993, "secure.example.net", profile.TLS, profile.Recommended, "old"),
			path(profile.IMAP, 143, "imap.example.net", profile.STARTTLS, profile.Alternate, "old"),
			path(profile.IMAP, 1143, "imap.example.net", profile.STARTTLS, profile.Trial, "new"),
			path(profile.SMTP, 587, "smtp.example.net", profile.STARTTLS, profile.Recommended, ""),
			path(profile.SMTP, 26, "smtp.example.net", profile.STARTTLS, profile.Alternate, ""),
			path(profile.SMTP, 25, "smtp.example.net", profile.STARTTLS, profile.Optional, ""),
		},
		Login: []profile.LoginRule{{Kind: profile.Own, Forms: []string{"{user}"}}},
		Folders: profile.Folders{
			Root: profile.Folder{Name: "INBOX"}, Sent: profile.Folder{Name: "Sent", Optional: true},
			Drafts: profile.Folder{Name: "Drafts", Unsupported: true},
		},
	}
}

func done(took evidence.Millis) evidence.Step { return evidence.Step{State: evidence.Done, Took: took} }

// doneAt is a step that began at some time of the run.
func doneAt(at, took evidence.Millis) evidence.Step {
	return evidence.Step{State: evidence.Done, At: at, Took: took}
}

// healthy is a run on which everything worked, with one login each way.
func healthy() *evidence.Evidence {
	e := &evidence.Evidence{
		Schema: evidence.Schema, Profile: provider6(),
		Account: profile.Account{Address: "joe@example.net", Kind: profile.Own},
		Host:    evidence.Host{OS: "linux", Arch: "amd64", RouteV4: evidence.Yes, RouteV6: evidence.No, Resolvers: []string{"192.0.2.53:53"}},
		Run: evidence.Run{
			ID: "K7Q-294-M", At: time.Date(2026, 9, 30, 14, 5, 0, 0, time.FixedZone("", 7200)),
			Took: 1900, Version: "1.0.0", Mode: "interactive", ProfileBecause: "domain", Connections: 6,
		},
	}
	for _, host := range []string{"secure.example.net", "imap.example.net", "smtp.example.net"} {
		e.Lookups = append(e.Lookups,
			evidence.Lookup{Name: host, Type: "A", Step: doneAt(2, 12), Answers: []string{"198.51.100.7"}, RCode: "NOERROR", Server: "192.0.2.53:53"},
			evidence.Lookup{Name: host, Type: "AAAA", Step: evidence.Step{State: evidence.Failed, Took: 11, Failure: &evidence.Failure{Kind: evidence.NoData}}})
	}
	for _, p := range e.Profile.Paths {
		e.Sessions = append(e.Sessions, open(p))
	}
	logIn(e, "imap-993", "joe", evidence.Needed)
	logIn(e, "smtp-587", "joe", evidence.Needed)
	e.Session("imap-993").Folders = evidence.Folders{
		Step: doneAt(209, 40), Namespace: evidence.Yes, Prefix: "INBOX.", Delimiter: ".",
		List: []evidence.Folder{{Name: "INBOX", Delimiter: "."}, {Name: "INBOX.Sent", Delimiter: "."}, {Name: "INBOX.Trash", Delimiter: "."}},
	}
	return e
}

// open is a session that got as far as a login could.
func open(p profile.Path) evidence.Session {
	s := evidence.Session{
		Path: p, Address: "198.51.100.7:1", Took: 240,
		Dials:    []evidence.Dial{{Address: "198.51.100.7:1", Family: "4", Step: doneAt(14, 21)}},
		Greeting: evidence.Greeting{Step: doneAt(36, 23), Line: "* OK ready", Reply: &evidence.Reply{Status: "OK", Text: "ready"}},
		Secure: evidence.Secure{
			Step: doneAt(80, 44), Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Group: "X25519",
			Chain: []evidence.Certificate{{
				Subject: "CN=" + p.Host, Issuer: "CN=Example CA", Names: []string{p.Host},
				NotBefore: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
			}},
			Judged: evidence.Judgement{Verified: true, Time: evidence.Yes, Name: evidence.Yes, Chain: evidence.Yes},
		},
		Login:    evidence.Step{State: evidence.Skipped, Reason: "one login each way is enough"},
		Farewell: done(20),
		Wire: []evidence.Line{
			{At: 30, Text: "* OK ready"}, {At: 31, Sent: true, Text: "a1 CAPABILITY"},
			{At: 90, Sent: true, Encrypted: true, Text: "a2 CAPABILITY"}, {At: 112, Encrypted: true, Text: "* CAPABILITY IMAP4rev1"},
		},
	}
	s.Capability = evidence.Capability{Step: doneAt(125, 22), Final: []string{"IMAP4rev1", "AUTH=PLAIN"}}
	if p.Protocol == profile.SMTP {
		s.Capability.Final = []string{"AUTH PLAIN LOGIN"}
	}
	return s
}

func logIn(e *evidence.Evidence, path, name string, form evidence.Form) {
	e.Session(path).Login = doneAt(148, 60)
	e.Logins = append(e.Logins, evidence.Login{Path: path, Name: name, Form: form, Mechanism: "PLAIN", Result: evidence.Accepted})
}

func rejectLogin(e *evidence.Evidence, path, name string, form evidence.Form) {
	reply := &evidence.Reply{Status: "NO", Code: "AUTHENTICATIONFAILED", Text: "no such login"}
	e.Logins = append(e.Logins, evidence.Login{Path: path, Name: name, Form: form, Mechanism: "PLAIN", Result: evidence.RejectedIn, Reply: reply})
	e.Session(path).Login = evidence.Step{State: evidence.Failed, Took: 60, Failure: &evidence.Failure{Kind: evidence.Rejected, Reply: reply}}
}

// kill makes paths silent.
func kill(e *evidence.Evidence, ids ...string) {
	for _, id := range ids {
		s := e.Session(id)
		s.Address = ""
		s.Dials = []evidence.Dial{{Address: "198.51.100.7:25", Family: "4", Step: evidence.Step{
			State: evidence.Failed, At: 14, Took: 10000, Failure: &evidence.Failure{Kind: evidence.Timeout, Text: "i/o timeout"},
		}}}
		s.Greeting, s.Secure, s.Capability = evidence.Greeting{}, evidence.Secure{}, evidence.Capability{}
		s.Login, s.Folders, s.Farewell, s.Wire = evidence.Step{}, evidence.Folders{}, evidence.Step{}, nil
		s.Took = 10000
	}
}

func noLogins(e *evidence.Evidence) {
	e.Logins = nil
	for i := range e.Sessions {
		e.Sessions[i].Login = evidence.Step{State: evidence.Skipped}
		e.Sessions[i].Folders = evidence.Folders{}
	}
	e.Run.NoLogin = "you asked for none"
}

func silent(path string) checks.Finding {
	return checks.Finding{Code: "MM301", Severity: checks.Fault, Stage: checks.StageTCP, Path: path, Text: "Nothing answered."}
}

// blocked25 is a silent port 25 with its diagnosis.
func blocked25(symptom string) (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
	e := healthy()
	e.Account.Symptom = symptom
	kill(e, "smtp-25")
	found := []checks.Finding{silent("smtp-25")}
	why := []cause.Diagnosis{{
		Cause: cause.Cause{Code: "MM303", Where: cause.Network},
		Fit: cause.Fit{
			Explains: found, Sure: checks.Likely,
			Text: "Nothing answered on port 25 for 10 seconds, while the same server answered at once on ports 587 and 26.",
			For: []checks.Fact{
				{Path: "smtp-25", Stage: checks.StageTCP, Text: "198.51.100.7 gave no answer on port 25 for 10.0 s", At: 40},
				{Path: "smtp-587", Stage: checks.StageTCP, Text: "198.51.100.7 answered on port 587 after 0.02 s", At: 41},
			},
			Advice: []say.Text{
				"In your mail program, open the settings for outgoing mail (SMTP) and change the port from 25 to 587.",
				"Set the security to STARTTLS. Leave the server name smtp.example.net and your login as they are.",
			},
			Against: []cause.RuledOut{{Code: "MM306", Because: "the same server answers on ports 587 and 26."}},
			Params:  map[string]string{"port": "25"},
		},
		Rivals: []checks.Code{"MM302"},
	}}
	return e, found, why
}

// wrongName is a typed login name that was refused while the needed form got in.
func wrongName() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
	e := healthy()
	e.Account.Login = "joe@example.net"
	rejected := evidence.Login{Path: "imap-993", Name: "joe@example.net", Form: evidence.Typed, Mechanism: "PLAIN", Result: evidence.RejectedIn}
	e.Logins = append([]evidence.Login{rejected}, e.Logins...)
	found := []checks.Finding{{Code: "MM701", Severity: checks.Fault, Stage: checks.StageLogin, Path: "imap-993", Text: "The server refused the login."}}
	why := []cause.Diagnosis{{
		Cause: cause.Cause{Code: "MM601", Where: cause.Input},
		Fit: cause.Fit{
			Explains: found, Sure: checks.Certain, Text: "You gave joe@example.net. Example Mail wants joe.",
			Advice: []say.Text{"In your mail program, change the user name to joe, for incoming and for outgoing mail."},
		},
	}}
	return e, found, why
}

// antivirus is a program on this computer that opens the encrypted connections to four of
// the ports, with a certificate that the system trusts. No login is tried through it.
func antivirus() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
	e := healthy()
	noLogins(e)
	e.Run.NoLogin = ""
	var found []checks.Finding
	for _, id := range []string{"imap-993", "imap-143", "smtp-587", "smtp-25"} {
		s := e.Session(id)
		s.Secure.Chain[0].Issuer = `CN=Avast Web/Mail Shield Root,O=Avast "trusted" <root>`
		s.Login.Reason = "the connection is opened by another program"
		found = append(found, checks.Finding{
			Code: "MM401", Severity: checks.Warning, Stage: checks.StageTLS, Sure: checks.Certain, Path: id,
			Text:   "A program on this computer shows its own certificate, issued by Avast Web/Mail Shield Root.",
			Facts:  []checks.Fact{{Path: id, Stage: checks.StageTLS, Text: "shown: issued by Avast Web/Mail Shield Root", At: 60}},
			Advice: []say.Text{"Open your antivirus program and switch off the scanning of encrypted (SSL/TLS) mail.", "Then run mailmedic again."},
		})
	}
	return e, found, nil
}

// sentDoubled is a program that puts the prefix in front of names that have it already.
func sentDoubled() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
	e := healthy()
	f := &e.Session("imap-993").Folders
	f.List = append(f.List, evidence.Folder{Name: "INBOX.INBOX.Sent", Delimiter: "."})
	found := []checks.Finding{{
		Code: "MM801", Severity: checks.Warning, Stage: checks.StageFolders, Sure: checks.Certain, Path: "imap-993",
		Text:   "There is INBOX.Sent, and beside it INBOX.INBOX.Sent, which your mail program made.",
		Facts:  []checks.Fact{{Path: "imap-993", Stage: checks.StageFolders, Text: "the server puts every folder below INBOX by itself", At: 210}},
		Advice: []say.Text{"In your mail program, leave the root folder path of this account empty.", "Then move what lies in INBOX.INBOX.Sent to INBOX.Sent."},
	}}
	return e, found, nil
}

// offline is a computer without a network.
func offline() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
	e := healthy()
	noLogins(e)
	e.Run.NoLogin = ""
	e.Host.RouteV4 = evidence.No
	for i := range e.Lookups {
		e.Lookups[i].Answers = nil
		e.Lookups[i].Step = evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Unreachable}}
	}
	var found []checks.Finding
	for i := range e.Sessions {
		s := &e.Sessions[i]
		*s = evidence.Session{Path: s.Path}
		found = append(found, checks.Finding{Code: "MM202", Severity: checks.Fault, Stage: checks.StageDNS, Path: s.ID()})
	}
	why := []cause.Diagnosis{{
		Cause: cause.Cause{Code: "MM101", Where: cause.Computer},
		Fit: cause.Fit{
			Explains: found, Sure: checks.Certain, Text: "This computer knows no way to any other network.",
			Advice: []say.Text{"Check Wi-Fi, the network cable and flight mode.", "Run mailmedic again."},
		},
	}}
	return e, found, why
}
