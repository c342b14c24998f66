package pages

import (
	"slices"
	"strings"
)

// language is what a language has to say beside its pages.
type language struct {
	folder   string                           // of its pages; English ones stand at the top
	headings []string                         // of the sections, in their order
	hints    map[string]string                // what to change in a command, by the placeholder that it stands for
	common   string                           // words that are too frequent to find anything by
	form     func(word, before string) string // gives a word the form in which it is searched for
}

// The headings of the sections that the code asks for, in English.
const (
	byHand  = "How to confirm it by hand"
	seeAlso = "See also"
	sources = "Sources"
)

func english() language {
	return language{
		headings: []string{
			"In short", "How mailmedic knows", "How to fix it", "What else it could be",
			byHand, "For the helpdesk", seeAlso, sources,
		},
		hints: map[string]string{
			"{starttls}": "For 143 and 1143 add `-starttls imap`, for 25, 26 and 587 add `-starttls smtp`.",
			"{imap}":     "For 143 and 1143 write `imap` in place of `imaps`.",
			"{smtp}":     "For port 465 write `smtps` in place of `smtp`.",
			"{tls}":      "For port 465 write `--tlsc` in place of `--tls`.",
		},
		common: `
			am an and any are as at be been but by can cannot could did do does email emails for from had has have how
			if in is it its mail mails me my no not of on or our should so that the their there this to was we were
			what when which why will with would you your`,
		form: englishForm,
	}
}

// englishForm gives the verb that is searched for most one form.
func englishForm(word, before string) string {
	passive := slices.Contains([]string{"be", "been", "is", "was", "were", "not"}, before)
	if word == "sending" || word == "sends" || word == "sent" && passive {
		return "send"
	}
	return word
}

// bokmal is Norwegian. Programs show Norwegians English words too, so it knows those.
func bokmal() language {
	return language{
		folder: "nb",
		headings: []string{
			"Kort fortalt", "Slik vet mailmedic det", "Slik retter du det", "Hva det ellers kan være",
			"Slik bekrefter du det for hånd", "For brukerstøtten", "Se også", "Kilder",
		},
		hints: map[string]string{
			"{starttls}": "For 143 og 1143 legger du til `-starttls imap`, for 25, 26 og 587 `-starttls smtp`.",
			"{imap}":     "For 143 og 1143 skriver du `imap` i stedet for `imaps`.",
			"{smtp}":     "For port 465 skriver du `smtps` i stedet for `smtp`.",
			"{tls}":      "For port 465 skriver du `--tlsc` i stedet for `--tls`.",
		},
		common: english().common + `
			alt at av ble bli blir da de deg den denne der det dette din ditt du eller en enn epost er et etter få får
			fordi fra gir går ha hadde han hans har her hos hun hva hvis hvor hvordan hvorfor i ikke ingen jeg kan kommer
			kunne man med meg men min mine mitt må nå når noe noen og også om opp oss post på seg selv sier skal skulle
			slik som står så til ut vår var vært være vi vil ville å`,
		form: bokmalForm,
	}
}

// bokmalForm does as englishForm and takes the endings off nouns and verbs, so that who
// searches for "sertifikatet" finds "sertifikater". English words lose such endings too,
// which does no harm: those of the pages lose them as well.
func bokmalForm(word, before string) string {
	send := word == "sende" || word == "sendes" ||
		word == "sendt" && slices.Contains([]string{"få", "får", "fått", "ikke", "bli", "blir", "ble", "blitt", "er", "kan"}, before) ||
		word == "sender" && slices.Contains([]string{"jeg", "vi", "ikke", "programmet", "når"}, before)
	if send {
		return "send"
	}
	if word == "sender" || strings.ContainsAny(word, "0123456789.+") {
		return englishForm(word, before)
	}
	const stem = 4 // characters that are left at least: fewer are no noun
	for _, ending := range []string{"ene", "en", "et", "er", "es", "e", "a"} {
		if short, found := strings.CutSuffix(word, ending); found && len([]rune(short)) >= stem {
			return bokmalForm(short, "") // "serveren" is "server", and that is "serv"
		}
	}
	return englishForm(word, before)
}

// speaks finds the language of a tag. One that there are no pages in is English.
func speaks(tag string) language {
	if nb := bokmal(); tag == nb.folder {
		return nb
	}
	return english()
}
