package checks

import (
	"fmt"
	"slices"

	"mailmedic/probe/evidence"
)

// unconnected looks at the sessions of which no address accepted a connection. hit
// tells whether any dial failed with one of the kinds.
func unconnected(e *evidence.Evidence, look func(s *evidence.Session, hit func(...evidence.Kind) bool) *Finding) []Finding {
	return onEach(e, func(s *evidence.Session) *Finding {
		if s.Connected() || len(s.Dials) == 0 {
			return nil
		}
		hit := func(kinds ...evidence.Kind) bool {
			return slices.ContainsFunc(s.Dials, func(d evidence.Dial) bool { return failure(d.Step, kinds...) != nil })
		}
		f := look(s, hit)
		if f == nil {
			return nil
		}
		for _, d := range s.Dials {
			if d.Step.Failure != nil {
				f.Facts = append(f.Facts, seen(s, StageTCP, d.Step, "%s: %s after %d ms", d.Address, d.Step.Failure.Kind, d.Step.Took))
			}
		}
		f.Advice = []string{UseInstead(e, s.Path.Protocol)}
		f.Params = map[string]string{"host": s.Path.Host, "port": fmt.Sprint(s.Path.Port)}
		return f
	})
}
