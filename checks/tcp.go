package checks

import (
	"fmt"
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// Forbidden marks a finding about a connection that this computer itself does not
// allow: no server and no network explains it.
const Forbidden = "forbidden"

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
		f.Advice = []say.Text{UseInstead(e, s.Path.Protocol)}
		if f.Params[Forbidden] != "" {
			f.Advice = []say.Text{"Allow the program in this computer's firewall or in its permissions for programs."}
		}
		if f.Params == nil {
			f.Params = map[string]string{}
		}
		f.Params["host"], f.Params["port"] = s.Path.Host, fmt.Sprint(s.Path.Port)
		return f
	})
}
