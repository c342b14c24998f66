package report

import (
	"slices"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Path is one way to the server with what became of it.
type Path struct {
	ID          string             `json:"id"`
	Protocol    profile.Protocol   `json:"protocol"`
	Host        string             `json:"host"`
	Port        int                `json:"port"`
	Encryption  profile.Encryption `json:"encryption"`
	Role        profile.Role       `json:"role"`
	Status      string             `json:"status"` // ok, note, warning, problem or skipped
	Steps       Steps              `json:"steps"`
	Addresses   []string           `json:"addresses"`
	RoundTripMS *int64             `json:"round_trip_ms"` // the fastest connection; nil when none was made
	DurationMS  int64              `json:"duration_ms"`
}

// Steps is what became of each step of a path, one of the words below.
type Steps struct {
	DNS        string `json:"dns"`
	TCP        string `json:"tcp"`
	Greeting   string `json:"greeting"`
	TLS        string `json:"tls"`
	Capability string `json:"capability"`
	Login      string `json:"login"`
	Folders    string `json:"folders"`
}

// The words for a step, and for a path, which may also be a note.
const (
	stepOK      = "ok"
	stepNote    = "note"
	stepWarning = "warning"
	stepProblem = "problem"
	stepSkipped = "skipped"
	stepNone    = "not_applicable"
)

func (s Steps) all() []string {
	return []string{s.DNS, s.TCP, s.Greeting, s.TLS, s.Capability, s.Login, s.Folders}
}

func pathOf(e *evidence.Evidence, s *evidence.Session, entries []entry) Path {
	p := Path{
		ID: s.ID(), Protocol: s.Path.Protocol, Host: s.Path.Host, Port: s.Path.Port,
		Encryption: s.Path.Encryption, Role: s.Path.Role, Steps: stepsOf(e, s),
		Addresses: []string{}, DurationMS: int64(s.Took),
	}
	for _, d := range s.Dials {
		p.Addresses = append(p.Addresses, d.Address)
		if took := int64(d.Step.Took); d.Step.Done() && (p.RoundTripMS == nil || took < *p.RoundTripMS) {
			p.RoundTripMS = new(took)
		}
	}
	p.Status = pathStatus(e, p, entries, s.Usable())
	return p
}

// pathStatus is the weight of the heaviest finding on the path. Where no finding
// speaks of a step that failed, the step is weighed as a fault. A finding that is a
// note by nature leaves the path healthy, and so does one about the login name or
// about mailmedic itself. A path that works is never worse than a warning.
func pathStatus(e *evidence.Evidence, p Path, entries []entry, usable bool) string {
	weight, spoken := -1, false
	for _, en := range entries {
		for _, m := range en.marks {
			if m.path != p.ID || m.severity == checks.Note || en.stage == checks.StageName || en.stage == checks.StageRun {
				continue
			}
			spoken = true
			w := weigh(e, en.stage, m, en.paths())
			if en.ignored {
				w = checks.Note
			}
			weight = max(weight, gravity(w))
		}
	}
	steps := p.Steps.all()
	if !spoken && slices.Contains(steps, stepProblem) {
		weight = gravity(weigh(e, checks.StageTCP, mark{p.ID, checks.Fault}, []string{p.ID}))
	}
	if usable {
		weight = min(weight, gravity(checks.Warning))
	}
	switch {
	case weight >= 0:
		return []string{stepNote, stepWarning, stepProblem}[weight]
	case p.Steps.TCP == stepSkipped || p.Steps.Capability == stepSkipped:
		return stepSkipped
	}
	return stepOK
}

func stepsOf(e *evidence.Evidence, s *evidence.Session) Steps {
	steps := Steps{
		DNS: dnsStep(e, s), TCP: tcpStep(e, s), Greeting: word(s.Greeting.Step),
		TLS: word(s.Secure.Step), Capability: word(s.Capability.Step),
		Login: word(s.Login), Folders: word(s.Folders.Step),
	}
	if s.Secure.Step.Done() && !s.Secure.Judged.Verified {
		steps.TLS = stepProblem
	}
	if s.Path.Protocol == profile.SMTP {
		steps.Folders = stepNone
	}
	return steps
}

func word(s evidence.Step) string {
	switch s.State {
	case evidence.Done:
		return stepOK
	case evidence.Failed:
		if s.Failure != nil && s.Failure.Kind == evidence.Cancelled {
			return stepSkipped
		}
		return stepProblem
	case evidence.NotApplicable:
		return stepNone
	}
	return stepSkipped
}

// dnsStep is ok when any of the host's look-ups gave an address.
func dnsStep(e *evidence.Evidence, s *evidence.Session) string {
	step := stepSkipped
	for _, kind := range []string{"A", "AAAA"} {
		l := e.Lookup(s.Path.Host, kind)
		if l == nil {
			continue
		}
		if l.Step.Done() && len(l.Answers) > 0 {
			return stepOK
		}
		if w := word(l.Step); w == stepProblem {
			step = stepProblem
		}
	}
	if len(s.Dials) > 0 {
		return stepNone // an address was given instead of a name
	}
	return step
}

// tcpStep is a warning when one address answers and another does not, unless this
// computer has no route to that kind of address at all.
func tcpStep(e *evidence.Evidence, s *evidence.Session) string {
	var done, failed, dead bool
	for _, d := range s.Dials {
		done = done || d.Step.Done()
		if word(d.Step) == stepProblem {
			failed = true
			dead = dead || routed(e, d.Address)
		}
	}
	switch {
	case done && dead:
		return stepWarning
	case done:
		return stepOK
	case failed:
		return stepProblem
	}
	return stepSkipped
}

func routed(e *evidence.Evidence, address string) bool {
	if evidence.Family(address) == "6" {
		return e.Host.RouteV6 != evidence.No
	}
	return e.Host.RouteV4 != evidence.No
}
