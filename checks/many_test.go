package checks_test

import (
	"fmt"
	"testing"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// BenchmarkFolders judges a mailbox of 5000 folders on two servers, one of which does not
// tell its prefix.
func BenchmarkFolders(b *testing.B) {
	p, err := profile.Load("runbox")
	if err != nil {
		b.Fatal(err)
	}
	e := &evidence.Evidence{Profile: p}
	for port, name := range map[int]string{143: "old", 1143: "new"} {
		s := evidence.Session{Path: profile.Path{Protocol: profile.IMAP, Port: port, Server: name}}
		s.Folders = evidence.Folders{Step: evidence.Step{State: evidence.Done}, Delimiter: "."}
		s.Folders.List = append(s.Folders.List, evidence.Folder{Name: "INBOX", Delimiter: "."})
		for i := range 5000 {
			s.Folders.List = append(s.Folders.List, evidence.Folder{Name: fmt.Sprintf("INBOX.Projects.%d.Sent", i), Delimiter: "."})
		}
		e.Sessions = append(e.Sessions, s)
	}
	e.Account.RootPath = new("INBOX")
	for b.Loop() {
		cause.Infer(cause.Case{Evidence: e, Findings: checks.Run(e, checks.All())}, cause.All())
	}
}
