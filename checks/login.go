package checks

import (
	"fmt"
	"slices"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// The codes that a permanent refusal can mean; each is a check in its own file.
const (
	codeRejected    Code = "MM701"
	codeAppPassword Code = "MM704"
	codeClosed      Code = "MM705"
	codeMechanism   Code = "MM711"
)

// refusals looks at the logins that a server answered with anything but yes.
func refusals(e *evidence.Evidence, result evidence.Result, look func(*evidence.Session, evidence.Login) *Finding) []Finding {
	var found []Finding
	for _, l := range e.Logins {
		s := e.Session(l.Path)
		if l.Result != result || s == nil || result == evidence.ForNow && l.Reply == nil {
			continue
		}
		f := look(s, l)
		if f == nil {
			continue
		}
		f.Path = l.Path
		f.Facts = append(f.Facts, Fact{Path: l.Path, Stage: StageLogin, Text: verdictOn(l), At: l.At + l.Took})
		found = append(found, *f)
	}
	return found
}

// verdictOn states what a server said to a login.
func verdictOn(l evidence.Login) string {
	said := "no answer"
	if l.Reply != nil {
		said = quoted(l.Reply)
	} else if l.Failure != nil {
		said = string(l.Failure.Kind)
	}
	return fmt.Sprintf("login as %s (%s) on %s: %s", l.Name, l.Mechanism, l.Path, said)
}

// meaning sorts a permanent refusal by its response code (RFC 5530) or enhanced status
// code (RFC 3463, RFC 4954). Most servers give the same code for every reason.
func meaning(l evidence.Login) Code {
	r := l.Reply
	if r == nil {
		return codeRejected
	}
	switch {
	case slices.Contains([]string{"EXPIRED", "CONTACTADMIN", "AUTHORIZATIONFAILED"}, r.Code), r.Status == "525":
		return codeClosed
	case r.Enhanced == "5.7.9", r.Status == "534" && r.Enhanced == "":
		return codeAppPassword
	case r.Status == "BAD", r.Code == "PRIVACYREQUIRED", slices.Contains([]string{"500", "501", "502", "503", "504", "530", "538"}, r.Status):
		return codeMechanism
	}
	return codeRejected
}

// ownWords tells whether a refusal carries a code that says: read my text. Then name and
// password are no more suspected than anything else.
func ownWords(r *evidence.Reply) bool {
	return r != nil && (r.Code == "ALERT" || r.Code == "WEBALERT" || r.Code == "REFERRAL" ||
		r.Enhanced == "5.7.14" || r.Enhanced == "5.7.139" || r.Status == "550")
}

// acceptedIn tells whether a direction accepted a name.
func acceptedIn(e *evidence.Evidence, p profile.Protocol, name string) bool {
	return slices.ContainsFunc(e.Logins, func(l evidence.Login) bool {
		s := e.Session(l.Path)
		return s != nil && s.Path.Protocol == p && l.Name == name && l.Result == evidence.Accepted
	})
}

func other(p profile.Protocol) profile.Protocol {
	if p == profile.IMAP {
		return profile.SMTP
	}
	return profile.IMAP
}

// blamedOnName tells whether a rejection is explained by the name that was typed:
// MM601, MM602 or MM603 speaks for it, and nothing is known about the password.
func blamedOnName(e *evidence.Evidence, l evidence.Login) bool {
	if l.Form != evidence.Typed {
		return false
	}
	n, ok := typedName(e)
	return ok && n.typed == l.Name && (!n.rightForm() || n.looksWrong() || foreign(n.typed) || n.proven(e)) || !known(e, l.Name)
}
