package cause

import (
	"slices"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// prefixDoubled is MM801 as a cause: where the only Sent folder is the doubled one, it
// is missing at its right place because of that.
var prefixDoubled = Cause{Code: "MM801", Where: Mailbox, Fit: func(c Case) *Fit {
	own := c.With("MM801")
	if len(own) == 0 {
		return nil
	}
	fit := &Fit{Explains: own, Sure: checks.Certain, Text: own[0].Text, Advice: own[0].Advice}
	for _, f := range c.With("MM802") {
		s := c.Evidence.Session(f.Path)
		if slices.ContainsFunc(s.Folders.List, func(f evidence.Folder) bool { return f.Is(evidence.Sent) && checks.Doubled(s, f) }) {
			fit.Explains = append(fit.Explains, f)
			fit.Against = []RuledOut{{"MM802", "the folder is there, under its doubled name"}}
		}
	}
	return fit
}}
