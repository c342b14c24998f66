package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// loginsWithheld is MM714: mailmedic itself tries no login, because too many of this account
// were rejected in earlier runs. Without it a run that tries nothing would seem to be well.
var loginsWithheld = Check{Code: "MM714", Stage: StageLogin, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	w := e.Run.Withheld
	if w == nil {
		return nil
	}
	// By the user's own clock.
	at := w.Until.In(e.Run.At.Location())
	until := say.With("%s on %s", at.Format("15:04"), say.DayMonth(at))
	text := say.Count(w.Rejected,
		"%[1]d login of this account from this computer was rejected within the last %[2]d hours, or broke off unanswered. mailmedic tries none before %[3]s, because more could lock the account.",
		"%[1]d logins of this account from this computer were rejected within the last %[2]d hours, or broke off unanswered. mailmedic tries none before %[3]s, because more could lock the account.", w.Hours, until)
	if w.Hours <= 1 {
		text = say.Count(w.Rejected,
			"%d login of this account from this computer was rejected within the last hour, or broke off unanswered. mailmedic tries none before %s, because more could lock the account.",
			"%d logins of this account from this computer were rejected within the last hour, or broke off unanswered. mailmedic tries none before %s, because more could lock the account.", until)
	}
	return []Finding{{
		Text:  text,
		Facts: []Fact{{Stage: StageLogin, Text: say.Count(w.Rejected, "remembered: %d rejected login", "remembered: %d rejected logins")}},
		Advice: []say.Text{
			"Log in to your provider's Webmail with the same name and password. If that fails, ask for a new password there.",
			"Correct the password wherever it is saved: here, in your mail program, on your phone.",
			"When you are sure of it, run the same command again with --no-memory, or wait.",
		},
	}}
}}
