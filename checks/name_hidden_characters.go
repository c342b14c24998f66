package checks

import (
	"strings"
	"unicode"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// nameHiddenCharacters is MM602: the name looks right and is not, because of blanks,
// invisible characters, quotes, look-alike letters or capitals.
var nameHiddenCharacters = Check{Code: "MM602", Stage: StageName, Severity: Fault, Run: withClients("MM602", func(e *evidence.Evidence) []Finding {
	n, ok := typedName(e)
	if !ok || !n.looksWrong() && !foreign(n.typed) {
		return nil
	}
	needed := n.needed[0]
	f := Finding{
		Text:   say.With("The login name is not what it looks like. Needed is %s.", needed),
		Facts:  []Fact{{Stage: StageName, Text: say.With("given:  %+q", n.typed)}, {Stage: StageName, Text: say.With("needed: %+q", needed)}},
		Params: map[string]string{"given": n.typed, "needed": needed},
		Advice: []say.Text{say.With("In your mail program, empty the user name and type %s by hand. Do not paste it.", needed)},
	}
	switch {
	case n.proven(e):
		f.Facts = append(f.Facts, Fact{Stage: StageLogin, Text: say.With("with the same password the server rejected %+q and accepted %s", n.typed, needed)})
	case strings.EqualFold(n.typed, needed):
		// Most servers take capitals for what they are; some do not.
		f.Severity, f.Sure = Warning, Possible
	}
	return []Finding{f}
})}

// foreign tells whether a name mixes Latin letters with those of another script, which
// nobody types on purpose.
func foreign(name string) bool {
	latin, other := false, false
	for _, r := range name {
		switch {
		case unicode.Is(unicode.Latin, r):
			latin = true
		case unicode.IsLetter(r):
			other = true
		}
	}
	return latin && other
}
