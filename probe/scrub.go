package probe

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"

	"mailmedic/probe/evidence"
)

// scrub takes the password out of everything in the record that a server said, should
// it have echoed it: in any letter case, quoted, or encoded as it was sent or as part
// of something longer. What mailmedic itself writes down cannot hold it.
func (r *run) scrub(e *evidence.Evidence) {
	if r.creds.Password.Empty() {
		return
	}
	forms := spellings(string(r.creds.Password.value), r.plan.Names)
	echo := pattern(forms)
	for _, text := range heard(e) {
		for _, form := range forms {
			*text = strings.ReplaceAll(*text, form, mask)
		}
		*text = echo.ReplaceAllString(*text, mask)
	}
}

// spellings lists the forms in which a password could come back.
func spellings(password string, names []Attempt) []string {
	forms := []string{quote(password), password}
	for _, n := range names {
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte("\x00"+n.Name+"\x00"+password)))
	}
	// Inside something longer, base64 begins at one of three places. The characters that
	// also depend on the neighbours are left off.
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + password))
		from := (shift*8 + 5) / 6
		to := (shift + len(password)) * 8 / 6
		if to-from >= 4 {
			forms = append(forms, encoded[from:to])
		}
	}
	return forms
}

// pattern finds the forms in any letter case.
func pattern(forms []string) *regexp.Regexp {
	var parts []string
	for _, form := range forms {
		if utf8.ValidString(form) {
			parts = append(parts, regexp.QuoteMeta(form))
		}
	}
	return regexp.MustCompile("(?i:" + strings.Join(parts, "|") + ")")
}

// heard points at every text of the record that came from outside, or from a panic,
// whose words nobody chose.
func heard(e *evidence.Evidence) (texts []*string) {
	lists := func(list []string) {
		for i := range list {
			texts = append(texts, &list[i])
		}
	}
	reply := func(r *evidence.Reply) {
		if r != nil {
			texts = append(texts, &r.Text, &r.Code)
		}
	}
	step := func(s *evidence.Step) {
		if s.Failure != nil {
			texts = append(texts, &s.Failure.Text)
			reply(s.Failure.Reply)
		}
	}
	for i := range e.Lookups {
		lists(e.Lookups[i].Answers)
		step(&e.Lookups[i].Step)
	}
	for i := range e.Logins {
		reply(e.Logins[i].Reply)
		if f := e.Logins[i].Failure; f != nil {
			texts = append(texts, &f.Text)
			reply(f.Reply)
		}
	}
	for i := range e.Sessions {
		s := &e.Sessions[i]
		texts = append(texts, &s.Broken, &s.Greeting.Line, &s.Capability.Name, &s.Folders.Prefix, &s.Secure.Judged.Missing)
		reply(s.Greeting.Reply)
		reply(s.Secure.Answer)
		lists(s.Capability.Clear)
		lists(s.Capability.Final)
		for _, at := range []*evidence.Step{&s.Greeting.Step, &s.Secure.Step, &s.Capability.Step, &s.Login, &s.Folders.Step, &s.Farewell} {
			step(at)
		}
		for j := range s.Secure.Chain {
			texts = append(texts, &s.Secure.Chain[j].Subject, &s.Secure.Chain[j].Issuer, &s.Secure.Chain[j].IssuerURL)
			lists(s.Secure.Chain[j].Names)
		}
		for j := range s.Folders.List {
			texts = append(texts, &s.Folders.List[j].Name)
			lists(s.Folders.List[j].Attributes)
		}
		for j := range s.Messages {
			texts = append(texts, &s.Messages[j].Folder)
			step(&s.Messages[j].Step)
		}
		if s.Envelope != nil {
			reply(s.Envelope.MailFrom)
			reply(s.Envelope.RcptTo)
			step(&s.Envelope.Step)
		}
		for j := range s.Wire {
			texts = append(texts, &s.Wire[j].Text)
		}
	}
	return texts
}
