package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// nameFormWrong is MM601: the login name is not of the form that this provider wants
// for this kind of account.
var nameFormWrong = Check{Code: "MM601", Stage: StageName, Severity: Fault, Run: withClients("MM601", func(e *evidence.Evidence) []Finding {
	if _, _, differ := apart(e); differ {
		return nil
	}
	n, ok := typedName(e)
	if !ok || n.rightForm() && !n.proven(e) || n.looksWrong() || foreign(n.typed) || !known(e, n.typed) || elsewhere(e) != nil {
		return nil
	}
	needed := n.needed[0]
	f := Finding{
		Sure: Likely,
		Text: given(e, n.typed, needed),
		Facts: []Fact{
			{Stage: StageName, Text: say.With("given:  %s (%s)", n.typed, formOf(n.typed))},
			{Stage: StageName, Text: say.With("needed: %s (%s)", needed, formOf(needed))},
		},
		Params: map[string]string{"given": n.typed, "needed": needed},
		Advice: []say.Text{
			say.With("In your mail program, open the settings for incoming mail and set the user name to %s.", needed),
			"Do the same for outgoing mail (SMTP). Your address for the From line stays as it is.",
		},
	}
	if n.proven(e) {
		f.Sure = Certain
		f.Facts = append(f.Facts, Fact{Stage: StageLogin, Text: say.With("with the same password the server rejected %s and accepted %s", n.typed, needed)})
	}
	return []Finding{f}
})}

// given says whose word a login name is, the user's or that of a mail program whose
// settings were read, and what the provider wants.
func given(e *evidence.Evidence, name, needed string) say.Text {
	for _, c := range e.Clients {
		for _, s := range []*evidence.ClientServer{c.Receiving, c.Sending} {
			if s != nil && s.Login == name {
				return say.With("%s has %s as login name. %s wants %s.", Named(c), name, e.Profile.Title, needed)
			}
		}
	}
	return say.With("You gave %s as login name. %s wants %s.", name, e.Profile.Title, needed)
}
