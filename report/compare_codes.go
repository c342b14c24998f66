package report

import (
	"slices"

	"mailmedic/checks"
)

// codes compares the root causes; a note that came or went is neither better nor worse. One
// that only one report names has neither come nor gone if the other one is not all there.
func (c *Comparison) codes(before, after *Report) {
	was, is := codesOf(before), codesOf(after)
	if before.pasted != nil || after.pasted != nil { // a text leaves notes out that say little
		was, is = against(before), against(after)
	}
	for _, code := range was {
		if slices.Contains(is, code) {
			list := &c.Unchanged.Codes
			if slices.Contains(before.Verdict.Notes, code) {
				list = &c.Unchanged.Notes
			}
			*list = append(*list, code)
			continue
		}
		if after.cut || guessed(before, code) {
			continue
		}
		c.add(Change{What: WhatCode, Of: string(code), Before: titleIn(before, code), Turn: codeTurn(before, code, ForBetter)})
	}
	for _, code := range is {
		if !slices.Contains(was, code) && !before.cut && !guessed(after, code) {
			c.add(Change{What: WhatCode, Of: string(code), After: titleIn(after, code), Turn: codeTurn(after, code, ForWorse)})
		}
	}
}

// guessed tells whether a text ends before it names the code, which was guessed from ports.
func guessed(r *Report, code checks.Code) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == code && f.Params["guessed"] != "" })
}

func codesOf(r *Report) []checks.Code { return slices.Concat(r.Verdict.Codes, r.Verdict.Notes) }

func codeTurn(r *Report, code checks.Code, weighed Turn) Turn {
	if slices.Contains(r.Verdict.Codes, code) {
		return weighed
	}
	return Otherwise
}

func titleIn(r *Report, code checks.Code) string {
	for _, f := range r.Findings {
		if f.Code == code && f.Title != "" {
			return f.Title
		}
	}
	return string(code)
}
