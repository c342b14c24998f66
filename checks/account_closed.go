package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// accountClosed is MM705: the server says that the account itself is expired, disabled
// or not allowed in.
var accountClosed = Check{Code: codeClosed, Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return refusals(e, evidence.RejectedIn, func(s *evidence.Session, l evidence.Login) *Finding {
		if meaning(l) != codeClosed {
			return nil
		}
		if acceptedIn(e, other(s.Path.Protocol), l.Name) {
			return &Finding{
				Text:   fmt.Sprintf("The account is not allowed in on port %d, while it is in the other direction. Name and password are right.", s.Path.Port),
				Advice: []string{"Look in your provider's web mail whether this service is switched on for your account.", askSupport(e)},
			}
		}
		return &Finding{
			Text:   "The server knows the account and does not let it in: it is expired, disabled or not allowed here.",
			Advice: []string{"Log in to your provider's web mail and look for a message about your account.", askSupport(e)},
		}
	})
}}
