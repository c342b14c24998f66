package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// missingIntermediate is MM411: the leaf is from an authority that issues through an
// intermediate, and the server does not send that one.
var missingIntermediate = Check{Code: "MM411", Stage: StageTLS, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	found := untrusted(e, "missing-intermediate", func(s *evidence.Session, leaf evidence.Certificate) say.Text {
		return say.With("The server on port %d does not send the whole certificate chain: %s is missing.", s.Path.Port, s.Secure.Judged.Missing)
	})
	for i := range found {
		s := e.Session(found[i].Path)
		found[i].Sure = Likely
		if by := s.Secure.Judged.CompletedBy; by != "" {
			found[i].Sure = Certain
			found[i].Facts = append(found[i].Facts, seen(s, StageTLS, s.Secure.Step, "with the chain that %s sends, the same certificate verifies", by))
		}
	}
	return found
}}
