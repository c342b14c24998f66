package checks

import (
	"cmp"
	"slices"

	"mailmedic/checks/program"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Published gives the settings that the provider's own page has for an address, its first
// choice where it has several. Nothing of it was tested.
func Published(p profile.Profile, address string) program.Settings {
	s := program.Settings{
		Address: address, Provider: p.Title,
		RootPath: p.Folders.Root.Name, SentPath: p.Folders.Sent.Name, DraftsPath: p.Folders.Drafts.Name,
		NoDrafts: p.Folders.Drafts.Unsupported, CheckMinutes: rarer(p.Checking.MinMinutes),
		Spare: slices.ContainsFunc(p.Issues, func(i profile.Issue) bool { return i.Code == "MM959" }),
	}
	login := address
	if names := p.LoginNames(address); len(names) > 0 {
		login = names[0]
	}
	for _, role := range []profile.Role{profile.Recommended, profile.Alternate, profile.Optional, profile.Trial} {
		for _, path := range p.Paths {
			into := direction(&s, path.Protocol)
			if path.Role == role && into.Host == "" {
				*into = server(path, login, program.NotTested)
			}
		}
	}
	return s
}

// rarer is a time between two checks that is longer than the least which the provider asks
// for, and a number that mail programs offer.
func rarer(minutes int) int {
	if minutes <= 0 {
		return 0
	}
	return (minutes/5 + 1) * 5
}

func direction(s *program.Settings, p profile.Protocol) *program.Server {
	if p == profile.SMTP {
		return &s.Sending
	}
	return &s.Receiving
}

func server(p profile.Path, login string, tested program.Tested) program.Server {
	return program.Server{Host: p.Host, Port: p.Port, Encryption: p.Encryption, Login: login, Tested: tested}
}

// Advised gives the settings that a run saw working: for each direction the best path, with
// the login name that the server accepted, and the folder paths of that server. The
// sentences say why a direction has none; what is there is not to be used then. Where only
// the provider's newer instructions worked, it is those.
func Advised(e *evidence.Evidence) (program.Settings, []say.Text) {
	s, missing := working(e)
	if len(missing) == 0 || e.Successor == nil || len(e.Logins) > 0 {
		return s, missing
	}
	next := *e.Successor
	next.Run, next.Account.Address = e.Run, cmp.Or(next.Account.Address, e.Account.Address)
	if newer, none := working(&next); len(none) == 0 {
		return newer, nil
	}
	return s, missing
}

func working(e *evidence.Evidence) (program.Settings, []say.Text) {
	s := Published(e.Profile, e.Account.Address)
	s.Seen = program.Seen{Report: e.Run.ID, At: e.Run.At, Simulated: e.Run.Simulated != ""}
	var missing []say.Text
	for _, p := range []profile.Protocol{profile.IMAP, profile.SMTP} {
		into, best := direction(&s, p), Best(e, p)
		*into = program.Server{}
		switch {
		case !slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool { return s.Path.Protocol == p }):
			missing = append(missing, ForDirection(p,
				"No setting for incoming mail (IMAP) was tested.",
				"No setting for outgoing mail (SMTP) was tested."))
		case best == nil:
			missing = append(missing, UseInstead(e, p))
		case unaccepted(e, p):
			missing = append(missing, ForDirection(p,
				"No login for incoming mail (IMAP) was accepted, so nobody knows whether its settings are right.",
				"No login for outgoing mail (SMTP) was accepted, so nobody knows whether its settings are right."))
		case best.LoggedIn():
			*into = server(best.Path, nameFor(e, best), program.LoggedIn)
		default:
			*into = server(best.Path, nameFor(e, best), program.Answered)
		}
	}
	if box := mailbox(e, Best(e, profile.IMAP)); box != nil {
		paths := ToType(box, e.Profile)
		s.RootPath, s.SentPath, s.DraftsPath = paths.Root, paths.Sent, paths.Drafts
		s.Delimiter = box.Folders.Delimiter
		s.NoDrafts = s.NoDrafts && paths.Drafts == ""
	}
	if len(tooManyConnections.Run(e)) > 0 {
		s.Connections = fewConnections
	}
	return s, missing
}

// fewConnections leaves room for a second program with the same account.
const fewConnections = 2

// unaccepted tells whether logins were tried for a direction, and none was accepted. A path
// on which none was tried proves nothing then.
func unaccepted(e *evidence.Evidence, p profile.Protocol) bool {
	tried := false
	for _, l := range e.Logins {
		if s := e.Session(l.Path); s == nil || s.Path.Protocol != p {
			continue
		}
		if l.Result == evidence.Accepted {
			return false
		}
		tried = true
	}
	return tried
}

// nameFor is the login name for a path: the one that was accepted there, else for the
// direction, else anywhere; else the one that the user or the profile says.
func nameFor(e *evidence.Evidence, s *evidence.Session) string {
	here, direction, anywhere := "", "", ""
	for _, l := range e.Logins {
		if l.Result != evidence.Accepted {
			continue
		}
		anywhere = cmp.Or(anywhere, l.Name)
		if at := e.Session(l.Path); at != nil && at.Path.Protocol == s.Path.Protocol {
			direction = cmp.Or(direction, l.Name)
		}
		if l.Path == s.ID() {
			here = l.Name
		}
	}
	said := ""
	if names := e.Profile.LoginNames(e.Account.Address); len(names) > 0 {
		said = names[0]
	}
	return cmp.Or(here, direction, anywhere, e.Account.Login, said, e.Account.Address)
}

// mailbox is a session that saw all folders of the server that a path leads to, or nil.
func mailbox(e *evidence.Evidence, best *evidence.Session) *evidence.Session {
	if best == nil {
		return nil
	}
	whole := func(s *evidence.Session) bool { return s.Folders.Step.Done() && !s.Folders.Cut }
	if whole(best) {
		return best
	}
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if s.Path.Protocol == profile.IMAP && s.Path.Host == best.Path.Host && s.Path.Server == best.Path.Server && whole(s) {
			return s
		}
	}
	return nil
}
