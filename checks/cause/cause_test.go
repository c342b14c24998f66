package cause

import (
	"fmt"
	"testing"

	"mailmedic/checks"
	"mailmedic/checks/say"
)

func finding(code, path string) checks.Finding {
	return checks.Finding{Code: checks.Code(code), Path: path, Text: say.Text(code + " on " + path)}
}

// explaining is a cause that fits with a sureness and explains the findings.
func explaining(code string, sure checks.Sure, found ...checks.Finding) Cause {
	return Cause{Code: checks.Code(code), Fit: func(Case) *Fit { return &Fit{Sure: sure, Explains: found} }}
}

func TestInfer(t *testing.T) {
	a, b, c := finding("A", "p1"), finding("A", "p2"), finding("C", "p1")
	for _, tt := range []struct {
		about  string
		found  []checks.Finding
		causes []Cause
		want   string // diagnoses with their rivals, then the rest
	}{
		{"one cause for two findings", []checks.Finding{a, b}, []Cause{explaining("X", checks.Likely, a, b)}, "X[] | "},
		{"what nothing explains is its own root", []checks.Finding{a, c}, []Cause{explaining("X", checks.Likely, a)}, "X[] | C"},
		{"two causes for two findings", []checks.Finding{a, c}, []Cause{explaining("X", checks.Likely, a), explaining("Y", checks.Likely, c)}, "X[] Y[] | "},
		{"the surer one wins, the other hangs under it", []checks.Finding{a}, []Cause{explaining("X", checks.Possible, a), explaining("Y", checks.Certain, a)}, "Y[X] | "},
		{"the one that explains more wins", []checks.Finding{a, b}, []Cause{explaining("X", checks.Likely, a), explaining("Y", checks.Likely, a, b)}, "Y[X] | "},
		{"a weaker one stays if it explains something more", []checks.Finding{a, c}, []Cause{explaining("X", checks.Certain, a), explaining("Y", checks.Possible, a, c)}, "X[] Y[] | "},
		{"a tie goes by the list", []checks.Finding{a}, []Cause{explaining("X", checks.Likely, a), explaining("Y", checks.Likely, a)}, "X[Y] | "},
		{"a cause that explains nothing is none", []checks.Finding{a}, []Cause{explaining("X", checks.Certain)}, " | A"},
	} {
		why, rest := Infer(Case{Findings: tt.found}, tt.causes)
		got := ""
		for i, d := range why {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprintf("%s%v", d.Cause.Code, d.Rivals)
		}
		got += " | "
		for _, f := range rest {
			got += string(f.Code)
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.about, got, tt.want)
		}
	}
}
