package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// sentMissing is MM802: no Sent folder where the provider and NAMESPACE put it.
var sentMissing = Check{Code: "MM802", Stage: StageFolders, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		name := e.Profile.Folders.Sent.Name
		if name == "" || s.Folders.Cut || len(s.Folders.List) == 0 || len(playing(s, evidence.Sent)) > 0 || has(s, s.Folders.Prefix+name) {
			return nil
		}
		return &Finding{
			Sure:  sureOfNames(s),
			Text:  fmt.Sprintf("There is no folder %s%s, so a mail program cannot keep copies of what you send.", s.Folders.Prefix, name),
			Facts: []Fact{listed(s, "prefix %q, %d folders, none for sent mail", s.Folders.Prefix, len(s.Folders.List))},
			Advice: []string{
				fmt.Sprintf("Make a folder %s in your provider's Webmail, or let your mail program make it when it first sends. mailmedic makes none.", name),
				fmt.Sprintf("In your mail program, choose %s as the folder for sent messages.", name),
			},
		}
	})
}}

// sureOfNames is certain where the server marks folders by their role (RFC 6154). Where
// it does not, a folder for sent mail may go by a name that nobody has thought of.
func sureOfNames(s *evidence.Session) Sure {
	for _, f := range s.Folders.List {
		if f.Special(evidence.Sent) || f.Special(evidence.Drafts) || f.Special(evidence.Trash) {
			return Certain
		}
	}
	return Likely
}
