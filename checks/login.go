package checks

import (
	"slices"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// The codes that a refused login can mean; each is a check in its own file.
const (
	codeRejected    Code = "MM701"
	codeTries       Code = "MM702"
	codeAppPassword Code = "MM704"
	codeClosed      Code = "MM705"
	codeServiceDown Code = "MM708"
	codeConnections Code = "MM709"
	codeMechanism   Code = "MM711"
)

// loginsWith looks at the logins that had one of the results.
func loginsWith(e *evidence.Evidence, results []evidence.Result, look func(*evidence.Session, evidence.Login) *Finding) []Finding {
	var found []Finding
	for _, l := range e.Logins {
		s := e.Session(l.Path)
		if !slices.Contains(results, l.Result) || s == nil || l.Result == evidence.ForNow && l.Reply == nil {
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

// refusalsOf looks at the logins of which the refusal means one thing. What only the
// server's words tell is likely at most.
func refusalsOf(e *evidence.Evidence, code Code, look func(*evidence.Session, evidence.Login) *Finding) []Finding {
	return loginsWith(e, []evidence.Result{evidence.RejectedIn, evidence.ForNow}, func(s *evidence.Session, l evidence.Login) *Finding {
		meant, by := meaning(l)
		if meant != code {
			return nil
		}
		f := look(s, l)
		if f != nil && by == words {
			f.Sure = LessSure(f.Sure, Likely)
		}
		return f
	})
}

// verdictOn states what a server said to a login.
func verdictOn(l evidence.Login) say.Text {
	switch {
	case l.Reply != nil:
		return say.With("login as %s (%s) on %s: %s", l.Name, l.Mechanism, l.Path, quoted(l.Reply))
	case l.Failure != nil:
		return say.With("login as %s (%s) on %s: %s", l.Name, l.Mechanism, l.Path, l.Failure.Kind)
	}
	return say.With("login as %s (%s) on %s: no answer", l.Name, l.Mechanism, l.Path)
}

// basis is what a refusal was sorted by.
type basis int

const (
	codes basis = iota
	words
)

// meaning sorts a refusal: by a code that says one thing (RFC 5530, RFC 3463, RFC 4954),
// then by words that servers are known to use, then by a code that only says for now or
// for good. Most servers give the same code for every reason.
func meaning(l evidence.Login) (Code, basis) {
	r := l.Reply
	if r == nil {
		return codeRejected, codes
	}
	if code := byCode(l); code != "" {
		return code, codes
	}
	general := inGeneral(l)
	if code, told := inWords()[r.Reason()]; told && code != general && !plainly(r) {
		return code, words
	}
	return general, codes
}

// byCode is what a code that says one thing means, or nothing.
func byCode(l evidence.Login) Code {
	r := l.Reply
	switch {
	case slices.Contains([]string{"EXPIRED", "CONTACTADMIN", "AUTHORIZATIONFAILED"}, r.Code), r.Status == "525":
		return codeClosed
	case r.Enhanced == "5.7.9", r.Status == "534" && r.Enhanced == "", r.Code == "WEBALERT", r.Enhanced == "5.7.14":
		return codeAppPassword
	}
	return ""
}

// inGeneral is what a code that only says for now or for good means.
func inGeneral(l evidence.Login) Code {
	r := l.Reply
	switch {
	case l.Result == evidence.ForNow && (r.Code == "LIMIT" || r.Code == "INUSE"):
		return codeConnections
	case l.Result == evidence.ForNow && (r.Status == "421" || r.Status == "450") && !strings.HasPrefix(r.Enhanced, "4.3."):
		return codeTries // 4.3 is the state of the server, RFC 3463 section 3.4
	case r.Status == "BYE" && r.Code == "":
		return codeRejected // the end of the session is no verdict, RFC 9051 section 7.1.5; its words are all there is
	case l.Result == evidence.ForNow:
		return codeServiceDown
	case r.Status == "BAD", r.Code == "PRIVACYREQUIRED", slices.Contains([]string{"500", "501", "502", "503", "504", "530", "538"}, r.Status):
		return codeMechanism
	}
	return codeRejected
}

// inWords gives each reason that words tell its code.
func inWords() map[evidence.Reason]Code {
	return map[evidence.Reason]Code{
		evidence.Connections: codeConnections, evidence.Tries: codeTries,
		evidence.AppPassword: codeAppPassword, evidence.WebLogin: codeAppPassword,
		evidence.SwitchedOff: codeClosed, evidence.Expired: codeClosed, evidence.ServiceFails: codeServiceDown,
	}
}

// ownWords tells whether a refusal says why: it carries a code for that, or its text has
// more in it than that the login failed. Then name and password are no more suspected than
// anything else.
func ownWords(r *evidence.Reply) bool {
	switch {
	case r == nil:
		return false
	case r.Code == "ALERT", r.Code == "REFERRAL", r.Enhanced == "5.7.139", r.Status == "550", r.Status == "BYE":
		return true
	}
	return !plainly(r) && says(r, "please", "contact", "administrator", "required", "enable", "disabled", "expired",
		"suspended", "blocked", "locked", "not allowed", "not permitted", "browser", "webmail", "verify", "confirm", "upgrade")
}

// plainly tells whether a refusal says that name or password is wrong, whatever it goes on
// to say of what may follow from that.
func plainly(r *evidence.Reply) bool {
	return says(r, "password", "credentials", "login", "user") && says(r, "invalid", "incorrect", "wrong ", "bad user", "not accepted")
}

// says tells whether a reply has one of the words.
func says(r *evidence.Reply, words ...string) bool {
	said := strings.ToLower(r.Text)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(said, w) })
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
