package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// namesDiffer is MM604: receiving and sending each accept a name that the other rejects,
// with the same password. It is proven only when one direction accepted what the other rejected, and that one accepted another.
var namesDiffer = Check{Code: "MM604", Stage: StageName, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	receiving, sending, ok := apart(e)
	if !ok {
		return nil
	}
	return loginsWith(e, []evidence.Result{evidence.RejectedIn}, func(s *evidence.Session, l evidence.Login) *Finding {
		if l.Name != receiving && l.Name != sending {
			return nil
		}
		return &Finding{
			Text: say.With("Receiving accepts the login name %s, sending accepts %s, with the same password.", receiving, sending),
			Advice: []say.Text{
				say.With("In your mail program, set the user name for incoming mail to %s.", receiving),
				say.With("Set the user name for outgoing mail (SMTP) to %s.", sending),
			},
			Params: map[string]string{"receiving": receiving, "sending": sending},
		}
	})
}}

// apart finds the names when the directions disagree about them: one accepted what the
// other rejected, and that one accepted another name.
func apart(e *evidence.Evidence) (receiving, sending string, ok bool) {
	for _, l := range e.Logins {
		s := e.Session(l.Path)
		if s == nil || l.Result != evidence.RejectedIn {
			continue
		}
		there, here := acceptedName(e, other(s.Path.Protocol)), acceptedName(e, s.Path.Protocol)
		if there != l.Name || here == "" || here == l.Name {
			continue
		}
		if s.Path.Protocol == profile.IMAP {
			return here, there, true
		}
		return there, here, true
	}
	return "", "", false
}

// acceptedName is the first name that a direction accepted.
func acceptedName(e *evidence.Evidence, p profile.Protocol) string {
	for _, l := range e.Logins {
		if s := e.Session(l.Path); s != nil && s.Path.Protocol == p && l.Result == evidence.Accepted {
			return l.Name
		}
	}
	return ""
}
