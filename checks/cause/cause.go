// Package cause says why: it joins what the checks found into as few diagnoses as
// explain it. One cause, one file. Causes are pure.
package cause

import (
	"slices"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// Where says on whose side a cause lies.
type Where string

// The places, nearest to the user first.
const (
	Input    Where = "input" // what the user typed or set up
	Computer Where = "computer"
	Network  Where = "network"
	DNS      Where = "dns"
	OnPath   Where = "path" // between the network and the provider
	Provider Where = "provider"
	Account  Where = "account"
	Mailbox  Where = "mailbox"
)

// Case is what a cause may look at.
type Case struct {
	Evidence *evidence.Evidence
	Findings []checks.Finding
}

// With lists the case's findings that have one of the codes.
func (c Case) With(codes ...checks.Code) []checks.Finding {
	var found []checks.Finding
	for _, f := range c.Findings {
		if slices.Contains(codes, f.Code) {
			found = append(found, f)
		}
	}
	return found
}

// unreached lists the findings of ports that could not be connected to, but for those
// that this computer itself does not allow.
func (c Case) unreached() []checks.Finding {
	return slices.DeleteFunc(c.With("MM301", "MM302"), func(f checks.Finding) bool { return f.Params[checks.Forbidden] != "" })
}

// Cause explains findings. Fit returns nil when it does not apply.
type Cause struct {
	Code  checks.Code
	Where Where
	Fit   func(Case) *Fit
}

// Fit is a cause that applies, with what it explains and why we think so.
type Fit struct {
	Explains []checks.Finding
	Sure     checks.Sure
	Severity checks.Severity // empty means fault
	Text     say.Text        // one sentence for the person: what was seen
	For      []checks.Fact   // what proves it
	Advice   []say.Text      // what to do, only what this run saw working
	Against  []RuledOut      // the tempting wrong explanations
	Params   map[string]string
}

// RuledOut is a wrong explanation and the evidence against it.
type RuledOut struct {
	Code    checks.Code
	Because say.Text
}

// Diagnosis is a cause met in this case.
type Diagnosis struct {
	Cause Cause
	Fit
	Rivals []checks.Code // causes that would explain the same findings, less likely
}

// Infer finds the fewest causes that explain the findings. It sorts the fitting
// causes by sureness, then by how much each explains, then by their order in the
// list, and keeps one if it explains a finding that no stronger one does. Two faults
// give two diagnoses, a fault and its ten consequences give one. The findings that
// nothing explains come back as rest: each is its own root cause.
func Infer(c Case, all []Cause) (why []Diagnosis, rest []checks.Finding) {
	var fits []Diagnosis
	for _, cause := range all {
		fit, broken := fitOne(c, cause)
		rest = append(rest, broken...)
		if fit != nil && len(fit.Explains) > 0 {
			fits = append(fits, Diagnosis{Cause: cause, Fit: *fit})
		}
	}
	slices.SortStableFunc(fits, func(a, b Diagnosis) int {
		if d := rank(a.Sure) - rank(b.Sure); d != 0 {
			return d
		}
		return len(b.Explains) - len(a.Explains)
	})

	by := map[key]int{} // finding: index in why of the diagnosis that explains it
	for _, d := range fits {
		stronger, news := -1, false
		for _, f := range d.Explains {
			if i, taken := by[keyOf(f)]; taken {
				stronger = i
			} else {
				news = true
			}
		}
		if !news {
			why[stronger].Rivals = append(why[stronger].Rivals, d.Cause.Code)
			continue
		}
		for _, f := range d.Explains {
			if _, taken := by[keyOf(f)]; !taken {
				by[keyOf(f)] = len(why)
			}
		}
		why = append(why, d)
	}
	for _, f := range c.Findings {
		if _, explained := by[keyOf(f)]; !explained {
			rest = append(rest, f)
		}
	}
	return why, rest
}

// fitOne asks one cause. If it panics, that is MM001 in its place; the others stand.
func fitOne(c Case, cause Cause) (fit *Fit, broken []checks.Finding) {
	defer func() {
		if p := recover(); p != nil {
			fit, broken = nil, []checks.Finding{checks.Broken(cause.Code, p)}
		}
	}()
	return cause.Fit(c), nil
}

// key identifies a finding: a check speaks once about one place.
type key struct {
	code checks.Code
	path string
	addr string
	text say.Text
}

func keyOf(f checks.Finding) key { return key{f.Code, f.Path, f.Addr, f.Text} }

func rank(s checks.Sure) int {
	return slices.Index([]checks.Sure{checks.Certain, checks.Likely, checks.Possible}, s)
}
