package checks

import (
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// nameOtherProvider is MM603: the address, or the login name that was typed, belongs
// to another provider's domain.
var nameOtherProvider = Check{Code: "MM603", Stage: StageName, Severity: Warning, Run: func(e *evidence.Evidence) []Finding {
	_, domain, _ := profile.Split(e.Account.Address)
	if mx := elsewhere(e); mx != nil {
		return []Finding{{
			Sure:   Likely, // a filter in front of the provider would look the same
			Text:   say.With("The mail of %s seems not to be with %s, so these servers may not know the address.", domain, e.Profile.Title),
			Facts:  []Fact{{Stage: StageDNS, Text: say.With("mail for %s goes to %s", domain, strings.Join(mx.Answers, ", ")), At: mx.Step.At + mx.Step.Took}},
			Advice: []say.Text{say.With("If your mail is with %s all the same, run mailmedic again with --provider %s.", e.Profile.Title, e.Profile.Name), "Otherwise ask the provider of your address for their settings, or write a profile for it."},
			Params: map[string]string{"domain": domain},
		}}
	}
	if login := e.Account.Login; login != "" && !foreign(login) && !known(e, login) && !answered(e, login, evidence.Accepted) {
		_, typed, _ := profile.Split(login)
		severity := Warning
		if answered(e, login, evidence.RejectedIn) {
			severity = Fault
		}
		return []Finding{{
			Severity: severity,
			Text:     say.With("The login name is of %s, which is neither %s nor the domain of your address.", typed, e.Profile.Title),
			Facts:    []Fact{{Stage: StageName, Text: say.With("login name: %s", login)}, {Stage: StageName, Text: say.With("address: %s", e.Account.Address)}},
			Advice:   []say.Text{"Use the login name of the account whose mail you want to read here."},
			Params:   map[string]string{"domain": typed},
		}}
	}
	return nil
}}
