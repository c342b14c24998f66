package checks_test

import (
	"testing"

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
