package checks_test

import (
	"strings"
	"testing"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// TestBrokenQuestions: a server that breaks off where the user wished it to be asked more is
// named, though its login works. "The connection works" was all that was said of it.
func TestBrokenQuestions(t *testing.T) {
	open := func(change func(*evidence.Session)) evidence.Evidence {
		s := evidence.Session{Path: profile.Path{Protocol: profile.SMTP, Port: 465, Encryption: profile.TLS, Role: profile.Recommended}}
		s.Greeting.Step.State, s.Secure.Step.State, s.Capability.Step.State = evidence.Done, evidence.Done, evidence.Done
		s.Capability.Final = []string{"AUTH PLAIN"}
		change(&s)
		return evidence.Evidence{Sessions: []evidence.Session{s}}
	}
	broke := func(k evidence.Kind) evidence.Step {
		return evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: k}}
	}
	for _, h := range []hands{
		{"the line breaks over a sender without a login", open(func(s *evidence.Session) { s.Anonymous = &evidence.Envelope{Step: broke(evidence.Closed)} }), []string{"MM511 smtp-465"}, nil},
		{"a login, and silence about the recipient", open(func(s *evidence.Session) { s.Envelope = &evidence.Envelope{Step: broke(evidence.Timeout)} }), []string{"MM511 smtp-465"}, nil},
		{"the run ended there", open(func(s *evidence.Session) { s.Envelope = &evidence.Envelope{Step: broke(evidence.Cancelled)} }), nil, []string{"MM511 smtp-465"}},
		{"both were answered", open(func(s *evidence.Session) { s.Anonymous, s.Envelope = &evidence.Envelope{}, &evidence.Envelope{} }), nil, []string{"MM511 smtp-465"}},
	} {
		h.judge(t)
	}
}

// TestBrokenIsNotAdvised: a port that breaks behind its login is no way out, however well
// the login went; another one that did not break is.
func TestBrokenIsNotAdvised(t *testing.T) {
	port := func(n int, role profile.Role, envelope evidence.Step) evidence.Session {
		s := evidence.Session{Path: profile.Path{Protocol: profile.SMTP, Port: n, Host: "mail.example.org", Encryption: profile.TLS, Role: role}}
		s.Greeting.Step.State, s.Secure.Step.State, s.Capability.Step.State, s.Login.State = evidence.Done, evidence.Done, evidence.Done, evidence.Done
		s.Secure.Judged.Verified, s.Capability.Final, s.Envelope = true, []string{"AUTH PLAIN"}, &evidence.Envelope{Step: envelope}
		s.Dials = []evidence.Dial{{Step: evidence.Step{State: evidence.Done}}}
		return s
	}
	broke := evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Closed}}
	for about, c := range map[string]struct {
		sessions []evidence.Session
		advised  bool
	}{
		"the only port":  {[]evidence.Session{port(465, profile.Recommended, broke)}, false},
		"the lesser one": {[]evidence.Session{port(465, profile.Recommended, evidence.Step{State: evidence.Done}), port(587, profile.Alternate, broke)}, true},
	} {
		e := &evidence.Evidence{Sessions: c.sessions}
		for i := range c.sessions {
			e.Logins = append(e.Logins, evidence.Login{Path: c.sessions[i].ID(), Result: evidence.Accepted})
		}
		found := false
		for _, f := range checks.Run(e, checks.All()) {
			if f.Code != "MM511" {
				continue
			}
			found = true
			if advised := strings.Contains(say.Join(f.Advice...).String(), "port 465"); advised != c.advised {
				t.Errorf("%s: got advice %q, want port 465 in it: %t", about, f.Advice, c.advised)
			}
		}
		if !found {
			t.Errorf("%s: MM511 was not found", about)
		}
	}
}

// TestMessagesUnreadable: a folder that opens and whose messages break the line is named.
// A slow line, on which some of them came, is not, nor a folder that may not be opened.
func TestMessagesUnreadable(t *testing.T) {
	reading := func(f evidence.Failure, examined int) evidence.Evidence {
		s := evidence.Session{Path: profile.Path{Protocol: profile.IMAP, Port: 993, Encryption: profile.TLS, Role: profile.Recommended}}
		s.Folders = evidence.Folders{Step: evidence.Step{State: evidence.Done}, Inbox: evidence.Step{State: evidence.Done}, List: []evidence.Folder{{Name: "INBOX"}}}
		s.Messages = []evidence.Messages{{Folder: "INBOX", Examined: examined, Step: evidence.Step{State: evidence.Failed, Failure: &f}}}
		return evidence.Evidence{Sessions: []evidence.Session{s}}
	}
	named := []string{"MM810 imap-993"}
	for _, h := range []hands{
		{"a flood", reading(evidence.Failure{Kind: evidence.TooMuch}, 7), named, nil},
		{"hung up", reading(evidence.Failure{Kind: evidence.Closed}, 0), named, nil},
		{"silence", reading(evidence.Failure{Kind: evidence.Timeout}, 0), named, nil},
		{"a slow line", reading(evidence.Failure{Kind: evidence.Timeout}, 7), nil, named},
		{"refused", reading(evidence.Failure{Kind: evidence.Rejected, Reply: &evidence.Reply{Status: "NO"}}, 0), nil, named},
		{"the run ended there", reading(evidence.Failure{Kind: evidence.Cancelled}, 0), nil, named},
	} {
		h.judge(t)
	}
}
