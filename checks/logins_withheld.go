package checks

import (
	"fmt"

	"mailmedic/probe/evidence"
)

// loginsWithheld is MM714: mailmedic itself tries no login, because too many of this account
// were rejected in earlier runs. Without it a run that tries nothing would seem to be well.
var loginsWithheld = Check{Code: "MM714", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	w := e.Run.Withheld
	if w == nil {
		return nil
	}
	within := "hour"
	if w.Hours > 1 {
		within = fmt.Sprintf("%d hours", w.Hours)
	}
	until := w.Until.In(e.Run.At.Location()).Format("15:04 on 2 January") // by the user's own clock
	return []Finding{{
		Text:  fmt.Sprintf("%d logins of this account from this computer were rejected within the last %s, or broke off unanswered. mailmedic tries none before %s, because more could lock the account.", w.Rejected, within, until),
		Facts: []Fact{{Stage: StageLogin, Text: fmt.Sprintf("remembered: %d rejected logins", w.Rejected)}},
		Advice: []string{
			"Log in to your provider's Webmail with the same name and password. If that fails, ask for a new password there.",
			"Correct the password wherever it is saved: here, in your mail program, on your phone.",
			"When you are sure of it, run the same command again with --no-memory, or wait.",
		},
	}}
}}
