package report

import (
	"slices"
	"strings"
	"unicode"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// unknown is written out in the document, where evidence leaves a fact empty.
const unknown evidence.Seen = "unknown"

// settle weighs the entry: as its heaviest place.
func (en *entry) settle(e *evidence.Evidence) checks.Severity {
	heaviest := checks.Note
	for _, m := range en.marks {
		if w := weigh(e, en.stage, m, en.paths()); gravity(w) > gravity(heaviest) {
			heaviest = w
		}
	}
	return heaviest
}

// weigh says what a finding in one place means to this user, who needs one way to
// receive and one to send. hit is every path that the same finding hits: none of
// them counts as the way that still works.
func weigh(e *evidence.Evidence, stage checks.Stage, m mark, hit []string) checks.Severity {
	role, known := roleOf(e, m.path)
	if !known || m.severity == checks.Note || stage == checks.StageRun {
		return m.severity
	}
	if m.path == e.Account.AppPort {
		return m.severity
	}
	weight := byRole(e, role, m.path, hit)
	if gravity(weight) > gravity(m.severity) {
		return m.severity
	}
	return weight
}

// byRole is the weight of a fault on a path that the user's own program is not set to.
func byRole(e *evidence.Evidence, role profile.Role, path string, hit []string) checks.Severity {
	switch role {
	case profile.Alternate:
		if othersWork(e, path, hit, profile.Recommended) {
			return checks.Warning
		}
	case profile.Optional:
		if othersWork(e, path, hit, "") && suffers(e, path) {
			return checks.Warning
		}
		if othersWork(e, path, hit, "") {
			return checks.Note
		}
	case profile.Trial:
		if othersWork(e, path, hit, "") {
			return checks.Note
		}
	}
	return checks.Fault
}

// roleOf finds the role of a path. A profile that gives none means it in full.
func roleOf(e *evidence.Evidence, id string) (profile.Role, bool) {
	path, ok := pathByID(e, id)
	if ok && path.Role == "" {
		return profile.Recommended, true
	}
	return path.Role, ok
}

func pathByID(e *evidence.Evidence, id string) (profile.Path, bool) {
	if s := e.Session(id); s != nil {
		return s.Path, true
	}
	return e.Profile.Path(id)
}

// othersWork tells whether another path of the same protocol works; role narrows
// the search unless it is empty.
func othersWork(e *evidence.Evidence, id string, hit []string, role profile.Role) bool {
	path, _ := pathByID(e, id)
	return slices.ContainsFunc(e.Usable(path.Protocol), func(s *evidence.Session) bool {
		other, _ := roleOf(e, s.ID())
		return s.ID() != id && !slices.Contains(hit, s.ID()) && (role == "" || other == role)
	})
}

// suffers tells whether the user complained about the path's direction.
func suffers(e *evidence.Evidence, id string) bool {
	path, _ := pathByID(e, id)
	direction := "receive"
	if path.Protocol == profile.SMTP {
		direction = "send"
	}
	return e.Account.Symptom == direction || e.Account.Symptom == "both"
}

// judge reaches the verdict, without its headline.
func judge(e *evidence.Evidence, entries []entry, failOn string) Verdict {
	v := Verdict{
		CanReceive: can(e, profile.IMAP), CanSend: can(e, profile.SMTP),
		Codes: []checks.Code{}, Notes: []checks.Code{}, Ignored: []checks.Code{},
	}
	for _, en := range entries {
		list := &v.Codes
		switch {
		case !en.root():
			continue
		case en.ignored:
			list = &v.Ignored
		case en.weight == checks.Note:
			list = &v.Notes
		}
		if !slices.Contains(*list, en.code) {
			*list = append(*list, en.code)
		}
	}
	v.Status = status(e, v, entries)
	v.ExitCode = exitCode(v.Status, e.Run.Ended, failOn)
	return v
}

// status is the first of these rules that holds.
func status(e *evidence.Evidence, v Verdict, entries []entry) Status {
	var fault, account, app, broken, warning bool
	for _, en := range entries {
		if !en.counts() {
			continue
		}
		warning = warning || en.weight == checks.Warning
		if en.weight != checks.Fault {
			continue
		}
		fault = true
		account = account || en.stage == checks.StageName || en.stage == checks.StageLogin
		app = app || brokenApp(e, en.paths())
		broken = broken || en.stage == checks.StageRun
	}
	switch {
	case v.CanReceive == evidence.No, v.CanSend == evidence.No, account, app:
		return Problem
	case e.Run.Ended != evidence.Finished, broken:
		return Unknown
	case fault, warning:
		return Warning
	}
	return OK
}

// brokenApp tells whether the path that the user's program is set to is among those of
// a fault, and does not work. A fault of the mailbox behind a working port is another
// matter.
func brokenApp(e *evidence.Evidence, paths []string) bool {
	s := e.Session(e.Account.AppPort)
	return s != nil && slices.Contains(paths, s.ID()) && !s.Usable()
}

// can tells whether mail goes in a protocol's direction for this user.
func can(e *evidence.Evidence, p profile.Protocol) evidence.Seen {
	if dead(e, p) || p == profile.SMTP && unsendable(e) {
		return evidence.No
	}
	var tried, accepted, typedAccepted, refused bool
	for _, l := range attempts(e, p) {
		tried = true
		ok := l.Result == evidence.Accepted
		accepted = accepted || ok
		typedAccepted = typedAccepted || ok && l.Form == evidence.Typed
		refused = refused || l.Result == evidence.RejectedIn || l.Result == evidence.ForNow
	}
	switch {
	case typedAccepted:
		return evidence.Yes
	case accepted && typedRejected(e):
		// mailmedic got in with the name that the profile asks for. The user's
		// program sends the typed name and will be refused.
		return evidence.No
	case accepted:
		return evidence.Yes
	case tried && refused:
		return evidence.No
	}
	return unknown
}

// unsendable tells whether the server refused the user's own address for good, on every
// path on which it was asked.
func unsendable(e *evidence.Evidence) bool {
	asked := false
	for i := range e.Sessions {
		v := e.Sessions[i].Envelope
		if v == nil || v.MailFrom == nil {
			continue
		}
		asked = true
		if !v.Refused() {
			return false
		}
	}
	return asked
}

// dead tells whether every path of the protocol is known not to work.
func dead(e *evidence.Evidence, p profile.Protocol) bool {
	tested := false
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if s.Path.Protocol != p {
			continue
		}
		tested = true
		if s.Usable() || undecided(e, s) {
			return false
		}
	}
	return tested
}

// luckless tells whether the session went on at a bad address while there is a good one.
func luckless(s *evidence.Session) bool {
	return !s.Greeting.Step.Done() && s.GreetsElsewhere() || s.Secure.Step.Failed() && s.SecuresElsewhere()
}

// undecided tells whether nothing is known against a path: mailmedic did not finish it,
// could not test it, never began, or met a bad address where there is a good one.
func undecided(e *evidence.Evidence, s *evidence.Session) bool {
	if s.Broken != "" || luckless(s) || s.Untestable() || s.Path.Encryption == profile.None && s.Capability.Step.Done() || untouched(e, s) {
		return true
	}
	return e.Run.Ended != evidence.Finished && !slices.Contains(stepsOf(e, s).all(), stepProblem)
}

// untouched tells whether nothing at all was observed on a path.
func untouched(e *evidence.Evidence, s *evidence.Session) bool {
	return len(s.Dials) == 0 && e.Lookup(s.Path.Host, "A") == nil && e.Lookup(s.Path.Host, "AAAA") == nil
}

func attempts(e *evidence.Evidence, p profile.Protocol) []evidence.Login {
	var list []evidence.Login
	for _, l := range e.Logins {
		if path, ok := pathByID(e, l.Path); ok && path.Protocol == p {
			list = append(list, l)
		}
	}
	return list
}

// typedRejected tells whether the server refused the name that the user typed.
func typedRejected(e *evidence.Evidence) bool {
	return e.Account.Login != "" && slices.ContainsFunc(e.Logins, func(l evidence.Login) bool {
		return l.Form == evidence.Typed && l.Result == evidence.RejectedIn
	}) || strings.ContainsFunc(e.Account.Login, unicode.IsControl) // no server ever takes it, so it was not sent
}

// exitCode turns the verdict into the process's exit code.
func exitCode(s Status, ended evidence.Ended, failOn string) int {
	code := slices.Index([]Status{OK, Warning, Problem, Unknown}, s)
	switch {
	case ended == evidence.Stopped:
		return exitStopped
	case failOn == "problem" && s == Warning:
		return 0
	case failOn == "never" && (s == Warning || s == Problem):
		return 0
	}
	return code
}

// exitStopped is the shell's number for a process that SIGINT ended.
const exitStopped = 130
