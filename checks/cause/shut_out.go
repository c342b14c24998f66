package cause

import (
	"slices"
	"time"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// banned is how long servers remember rejected logins: from minutes to a day.
const banned = 48 * time.Hour

// shutOut is MM304: every port is closed to this computer, or accepts it and hangs up at
// once, after an earlier run was let in and had its logins rejected. Servers ban an address
// for that, and let it in again by themselves. Some close only the ports for mail programs,
// or only those of the program that counted: then it is possible, and no more.
var shutOut = Cause{Code: "MM304", Where: Provider, Fit: func(c Case) *Fit {
	e := c.Evidence
	closed := append(c.unreached(), slices.DeleteFunc(c.With("MM510"), func(f checks.Finding) bool { return f.Addr != "" })...)
	if len(closed) < 2 || !receivingClosed(e, closed) {
		return nil
	}
	before := rejectedBefore(e)
	if before == nil || before.At.Before(e.Run.At.Add(-banned)) {
		return nil
	}
	text := say.Text("The provider seems to have shut this computer out after rejected logins: %s its servers answered and rejected %d of them, now every mail port is closed.")
	if len(closed) != len(e.Sessions) {
		text = "The provider seems to have shut this computer out after rejected logins: %s its servers answered and rejected %d of them, now the ports for receiving are closed."
	}
	fit := &Fit{
		Explains: closed,
		Sure:     checks.Possible,
		Text:     say.With(text, ago(e.Run.At.Sub(before.At)), before.Rejected),
		For:      []checks.Fact{{Stage: checks.StageLogin, Text: say.Count(before.Rejected, "run of %[2]s: connected, %[1]d login rejected", "run of %[2]s: connected, %[1]d logins rejected", utc(before.At))}},
		Advice: []say.Text{
			"Stop every mail program on every device that uses this account, phones and tablets too: each try makes it last longer.",
			"Wait an hour. Then enter the right password everywhere before you start them again.",
			"If mail works with your phone's mobile data meanwhile, it is this. The provider's Webmail may show a page to unblock your address.",
		},
	}
	if web := reached(e); web != nil && !anyConnected(e) && len(closed) == len(e.Sessions) {
		fit.Sure = checks.Likely
		fit.For = append(fit.For, at("", checks.StageTCP, web.Step, "the provider's web server answers"))
		fit.Against = []RuledOut{{"MM101", "this computer reaches the internet"}}
	}
	return fit
}}

// rejectedBefore is the newest earlier run that was let in and had logins rejected, unless
// a later one went well.
func rejectedBefore(e *evidence.Evidence) *evidence.Earlier {
	for i := range e.Run.Earlier {
		r := &e.Run.Earlier[i]
		if r.Connected && r.Rejected > 0 {
			return r
		}
		if r.Connected {
			return nil
		}
	}
	return nil
}

func ago(d time.Duration) say.Text {
	if d < 2*time.Hour {
		return say.Count(int(d.Minutes()), "%d minute ago", "%d minutes ago")
	}
	return say.Count(int(d.Hours()), "%d hour ago", "%d hours ago")
}

// receivingClosed tells whether no port for receiving, of which there is one, is open.
func receivingClosed(e *evidence.Evidence, closed []checks.Finding) bool {
	shut := checks.Paths(closed)
	receiving := sessions(e, func(s *evidence.Session) bool { return s.Path.Protocol == profile.IMAP })
	return len(receiving) > 0 && !slices.ContainsFunc(receiving, func(s *evidence.Session) bool { return !slices.Contains(shut, s.ID()) })
}
