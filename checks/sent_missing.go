package checks

import (
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// sentMissing is MM802: no Sent folder where the provider and NAMESPACE put it.
var sentMissing = Check{Code: "MM802", Stage: StageFolders, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onFolders(e, func(s *evidence.Session) *Finding {
		name := e.Profile.Folders.Sent.Name
		if name == "" || s.Folders.Cut || len(s.Folders.List) == 0 || len(playing(s, evidence.Sent)) > 0 || hasSelectable(s, prefixOf(s)+name) {
			return nil
		}
		if f := unselectable(s, prefixOf(s)+name); f != nil {
			return f
		}
		return &Finding{
			Sure:  sureOfNames(s),
			Text:  say.With("There is no folder %s%s, so a mail program cannot keep copies of what you send.", prefixOf(s), name),
			Facts: []Fact{listed(s, "%s", say.Count(len(s.Folders.List), "prefix %[2]q, %[1]d folder, none for sent mail", "prefix %[2]q, %[1]d folders, none for sent mail", prefixOf(s)))},
			Advice: []say.Text{
				say.With("Make a folder %s in your provider's Webmail, or let your mail program make it when it first sends. mailmedic makes none.", name),
				say.With("In your mail program, choose %s as the folder for sent messages.", name),
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

// unselectable tells of the folder for sent mail, in its place or marked by the server, that
// can hold no messages: it is only a level above others (\Noselect, RFC 9051 section 7.3.1).
func unselectable(s *evidence.Session, name string) *Finding {
	for _, f := range s.Folders.List {
		if f.Selectable() || !sameName(s, f.Name, name) && !f.Special(evidence.Sent) {
			continue
		}
		return &Finding{
			Text:   say.With("The folder %s is there and can hold no messages, so a mail program cannot keep copies of what you send in it.", f.Name),
			Facts:  []Fact{listed(s, "%s is marked %s", f.Name, say.List(f.Attributes))},
			Advice: []say.Text{"Choose another folder for sent messages in your mail program, or make one in your provider's Webmail. mailmedic makes none."},
		}
	}
	return nil
}

func hasSelectable(s *evidence.Session, name string) bool {
	return slices.ContainsFunc(s.Folders.List, func(f evidence.Folder) bool { return sameName(s, f.Name, name) && f.Selectable() })
}
