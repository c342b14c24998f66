package probe

import (
	"slices"
	"strings"
	"unicode/utf8"

	"mailmedic/probe/evidence"
	"mailmedic/probe/wire"
)

// beside holds the tags of the questions that the library cannot ask, empty where one
// was not asked.
type beside struct{ subscriptions, quota string }

// lsubAtMost folders make their subscriptions worth a list of their own: two longer ones
// would not fit into what one session may send.
const lsubAtMost = 5000

// mostQuotas bounds the resources that are kept. Real servers name one or two.
const mostQuotas = 50

// askBeside sends, in one write ahead of STATUS, what the library is not asked for: LSUB
// where LIST does not tell what is subscribed, and the quota of INBOX (RFC 9208). Nothing
// waits for the answers. If the write fails, the questions behind it fail too and say so.
func (v *visit) askBeside(guard *wire.Guard, capabilities []string) beside {
	var asked beside
	var lines []string
	if !extended(capabilities) && len(v.s.Folders.List) <= lsubAtMost {
		asked.subscriptions = v.tag()
		lines = append(lines, asked.subscriptions+` LSUB "" "*"`)
		guard.Expect(asked.subscriptions)
	}
	if evidence.Offers(capabilities, "QUOTA") {
		asked.quota = v.tag()
		lines = append(lines, asked.quota+" GETQUOTAROOT INBOX")
		guard.Expect(asked.quota)
	}
	if len(lines) > 0 {
		v.talk.WriteLines(lines...)
	}
	return asked
}

// takeBeside keeps what came for these questions until the session ended. A refusal is
// no failure: what was asked stays unknown.
func (v *visit) takeBeside(guard *wire.Guard, asked beside) {
	f := &v.s.Folders
	subscribed := map[string]bool{}
	for _, row := range guard.Aside() {
		if l, ok := wire.Listed(row); ok {
			subscribed[l.Name] = true
		}
		for _, q := range wire.QuotaRow(row) {
			if len(f.Quota) < mostQuotas {
				f.Quota = append(f.Quota, evidence.Quota{Root: short(q.Root), Resource: short(q.Resource), Used: q.Used, Limit: q.Limit})
			}
		}
	}
	if asked.subscriptions == "" || !guard.Answered(asked.subscriptions) {
		return
	}
	for i := range f.List {
		if !f.List[i].Misspelt {
			f.List[i].Subscribed = evidence.Saw(subscribed[f.List[i].Name])
		}
	}
}

// takeWithheld lists the folders whose rows the library could not be given: for a name
// that does not decode, or for something else in the row.
func (v *visit) takeWithheld(guard *wire.Guard, capabilities []string) {
	f := &v.s.Folders
	for _, raw := range guard.Withheld() {
		l, ok := wire.Listed(raw)
		if !ok || !strings.HasPrefix(strings.ToUpper(raw), "* LIST ") {
			continue
		}
		listed := evidence.Folder{
			Name: strings.ToValidUTF8(l.Name, "\uFFFD"), Delimiter: strings.ToValidUTF8(l.Delimiter, "\uFFFD"), Attributes: []string{},
			Misspelt: !l.Decoded && !(plainUTF8(capabilities) && printable(l.Name)),
		}
		for _, a := range l.Attributes {
			listed.Attributes = append(listed.Attributes, strings.ToValidUTF8(a, "\uFFFD"))
		}
		if extended(capabilities) {
			listed.Subscribed = evidence.Saw(slices.ContainsFunc(l.Attributes, func(a string) bool { return strings.EqualFold(a, `\Subscribed`) }))
		}
		f.List = append(f.List, listed)
	}
	f.List = merged(f.List)
}

// plainUTF8 tells whether names come as UTF-8 without having been asked for so: a server
// of IMAP4rev2 alone knows no other form (RFC 9051 section 5.1). UTF8=ACCEPT would have to
// be enabled first (RFC 6855), which mailmedic does not.
func plainUTF8(capabilities []string) bool {
	return evidence.Offers(capabilities, "IMAP4rev2") && !evidence.Offers(capabilities, "IMAP4rev1")
}

func printable(name string) bool {
	return utf8.ValidString(name) && !strings.ContainsFunc(name, isControl)
}

// extended tells whether LIST takes options, RFC 5258.
func extended(capabilities []string) bool {
	return evidence.Offers(capabilities, "LIST-EXTENDED") || evidence.Offers(capabilities, "IMAP4rev2")
}
