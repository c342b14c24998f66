package checks_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
	"mailmedic/report"
)

// recommended finds a setting in an advice, as checks.Setting writes it.
var recommended = regexp.MustCompile(`server (\S+), port (\d+), security (\S+)`)

// neverAdvised are the lessons of what other programs tell people.
func neverAdvised() []*regexp.Regexp {
	var list []*regexp.Regexp
	for _, s := range []string{
		`(disable|turn off|switch off|deactivate|uninstall) (the |your )?(certificate|verification|ssl|tls|starttls|encryption|ipv6|ipv4|firewall|antivirus|security software)`,
		`(accept|trust|ignore) the (certificate|warning)`, `less secure`, `\breinstall\b`, `your password is wrong`,
	} {
		list = append(list, regexp.MustCompile("(?i)"+s))
	}
	return list
}

// refuses tells whether an advice warns of the words that follow.
var refuses = regexp.MustCompile(`(?i)\b(not|never|no)\b`)

// TestAdviceWasSeen holds the advice of every scenario: what it recommends is something
// that this run saw working, and it tells nobody to lower their guard.
func TestAdviceWasSeen(t *testing.T) {
	settings := 0
	for _, s := range scenarios(t) {
		for _, f := range diagnose(&s.evidence).Findings {
			for _, advice := range f.Actions {
				for _, found := range recommended.FindAllStringSubmatch(advice, -1) {
					settings++
					port, _ := strconv.Atoi(found[2])
					if !worked(&s.evidence, found[1], port, found[3]) && !strings.Contains(advice, "This run did not log in that way.") {
						t.Errorf("%s, %s: recommends %s, which this run did not see working: %s", s.name, f.Code, found[0], advice)
					}
				}
				for _, never := range neverAdvised() {
					if at := never.FindStringIndex(advice); at != nil && !refuses.MatchString(advice[max(0, at[0]-40):at[0]]) {
						t.Errorf("%s, %s: advises %q", s.name, f.Code, advice)
					}
				}
			}
		}
	}
	if settings < 100 {
		t.Errorf("found %d settings in the advice of all scenarios, want 100 or more: are they written in another way?", settings)
	}
}

// worked tells whether a run saw a server answer on a port, with this kind of encryption,
// and prove who it is.
func worked(e *evidence.Evidence, host string, port int, security string) bool {
	for _, run := range []*evidence.Evidence{e, e.Successor} {
		if run == nil {
			continue
		}
		for i := range run.Sessions {
			s := &run.Sessions[i]
			named := slices.ContainsFunc(s.Looks, func(l evidence.Look) bool { return l.Name == host && l.Judged.Verified })
			if s.Path.Port == port && s.Path.Encryption.Shown() == strings.TrimRight(security, ".,") && (s.Path.Host == host && s.Usable() || named) {
				return true
			}
		}
	}
	return false
}

// TestEveryRootIsProven: what counts as a cause says how sure it is, what was seen, where
// and what to do.
func TestEveryRootIsProven(t *testing.T) {
	for _, s := range scenarios(t) {
		for _, f := range diagnose(&s.evidence).Findings {
			if !f.Root || f.Severity == checks.Note {
				continue
			}
			if f.Confidence == "" || f.Message == "" || len(f.Actions) == 0 || len(f.Evidence) == 0 {
				t.Errorf("%s, %s: confidence %q, message %q, %d actions, %d facts; want each", s.name, f.Code, f.Confidence, f.Message, len(f.Actions), len(f.Evidence))
			}
			for _, fact := range f.Evidence {
				if fact.Fact == "" || fact.Step == "" {
					t.Errorf("%s, %s: a fact without words or step: %+v", s.name, f.Code, fact)
				}
			}
		}
	}
}

// TestWhatIsRuledOut: no explanation is ruled out that the same report gives.
func TestWhatIsRuledOut(t *testing.T) {
	for _, s := range scenarios(t) {
		r := diagnose(&s.evidence)
		for _, out := range r.RuledOut {
			holds := slices.ContainsFunc(r.Findings, func(f report.Finding) bool { return f.Root && f.Code == out.Code })
			if holds || out.Because == "" || out.Code == out.Cause {
				t.Errorf("%s: rules out %s (%q) beside %s", s.name, out.Code, out.Because, out.Cause)
			}
		}
	}
}
