package report

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Level is how much of a person a report shows.
type Level string

// The levels. Share is for whoever is asked for help: it hides who somebody is and keeps
// what is diagnosed, which are the servers. Strict hides domains and addresses at home too.
const (
	Share  Level = "share"
	Strict Level = "strict"
	Off    Level = "off"
)

// Levels lists them.
func Levels() []string { return []string{string(Share), string(Strict), string(Off)} }

// Hides tells whether a document of this level holds nothing that another level hides.
func (l Level) Hides(other Level) bool {
	return l == other || l == Strict || other == Off || other == ""
}

// Who is what this computer and its user are called. None of it is evidence; it is looked
// for in what servers and files say.
type Who struct {
	Computer string
	User     string
	Home     string // folder
}

// The kinds of what is hidden, as Redaction counts them.
const (
	hiddenAddress  = "address"
	hiddenLogin    = "login"
	hiddenDomain   = "domain"
	hiddenComputer = "computer_name"
	hiddenUser     = "user_name"
	hiddenPublic   = "public_address"
	hiddenLocal    = "local_address"
	hiddenFolder   = "folder"
	hiddenMessage  = "message"
	hiddenKeyword  = "keyword"
)

// Redact copies a record without what says who somebody is, and counts what it hid. Checks
// reach the same verdict on the copy: what they look at (the form of a login name, what of
// it does not show, which names are the same, the levels of folders) stays as it is. The
// same thing gets the same name everywhere in the record, and nothing leads back.
//
// It comes before the checks, so that no sentence of theirs has to be taken apart: a login
// name may be a word of the language. Subjects and senders, which are there only if the
// user asked for them, stay if messages is true: on the user's own screen.
func Redact(e *evidence.Evidence, who Who, level Level, messages bool) (*evidence.Evidence, Redaction) {
	return RedactMore(e, who, Off, level, messages)
}

// RedactMore does the same with a record in which a level hid names before. The names that
// it gave stay what they are. In any other record they are somebody's: a login name may be
// user-4711.
func RedactMore(e *evidence.Evidence, who Who, was, level Level, messages bool) (*evidence.Evidence, Redaction) {
	done := Redaction{Level: string(level), Hidden: map[string]int{}}
	if level == Off {
		return e, done
	}
	e = copied(reflect.ValueOf(e)).Interface().(*evidence.Evidence)
	few(e)
	h := &hider{who: who, level: level, messages: messages, accounts: map[string]string{}, hidden: done.Hidden}
	h.names = newNames(e, was, level, done.Hidden)
	h.folders = newFolderNames(e, h.names, done.Hidden)
	h.places = newPlaces(e, level, done.Hidden)
	h.record(e)
	h.strings(e)
	return e, done
}

// mostNames bounds the accounts that a record is searched for. No computer has as many, and
// each is looked for in every text.
const mostNames = 300

func few(e *evidence.Evidence) {
	e.Clients = e.Clients[:min(len(e.Clients), mostNames)]
	e.Logins = e.Logins[:min(len(e.Logins), mostNames)]
	if e.Successor != nil {
		few(e.Successor)
	}
}

// copied is a value that shares nothing with the first, nil where that is nil.
func copied(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.Set(reflect.New(v.Type().Elem()))
			c.Elem().Set(copied(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				c.Index(i).Set(copied(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			c.Set(reflect.MakeMap(v.Type()))
			for _, key := range v.MapKeys() {
				c.SetMapIndex(key, copied(v.MapIndex(key)))
			}
		}
	case reflect.Struct:
		c.Set(v) // with what is not exported, as a time has it
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type() != reflect.TypeFor[time.Time]() {
				c.Field(i).Set(copied(v.Field(i)))
			}
		}
	default:
		c.Set(v)
	}
	return c
}

// hider hides what is in one record.
type hider struct {
	who      Who
	level    Level
	messages bool
	names    *names
	folders  *folderNames
	places   *places
	accounts map[string]string // of mail programs, by their new names
	hidden   map[string]int
}

// record hides what has a place of its own.
func (h *hider) record(e *evidence.Evidence) {
	e.Account.Address = h.names.name(e.Account.Address)
	e.Account.Login = h.names.name(e.Account.Login)
	for _, path := range []*string{e.Account.RootPath, e.Account.SentPath, e.Account.DraftsPath} {
		h.folders.configured(path)
	}
	for i := range e.Logins {
		e.Logins[i].Name = h.names.name(e.Logins[i].Name)
	}
	for i := range e.Lookups {
		if l := &e.Lookups[i]; l.Type == "MX" {
			l.Name = h.names.domain(l.Name)
		}
		h.names.lookup(&e.Lookups[i])
	}
	for i := range e.Clients {
		h.client(&e.Clients[i])
		h.account(&e.Clients[i], e.Profile.Name)
	}
	h.link(&e.Host.LinkV4)
	h.link(&e.Host.LinkV6)
	for i := range e.Sessions {
		h.session(&e.Sessions[i])
	}
	if e.Successor != nil {
		h.record(e.Successor)
	}
}

func (h *hider) client(c *evidence.Client) {
	c.Address = h.names.name(c.Address)
	for _, s := range []*evidence.ClientServer{c.Receiving, c.Sending} {
		if s != nil {
			s.Login = h.names.name(s.Login)
		}
	}
	for _, path := range []*string{c.RootPath, c.SentPath, c.DraftsPath} {
		h.folders.configured(path)
	}
}

func (h *hider) session(s *evidence.Session) {
	h.folders.talk(s)
	h.folders.tree(&s.Folders)
	for i := range s.Messages {
		m := &s.Messages[i]
		m.Folder = h.folders.path(m.Folder, s.Folders.Delimiter)
		for _, x := range []*evidence.Example{&m.Imported, &m.Apostrophe, &m.SavedByThunderbird} {
			h.example(x)
		}
	}
}

// example hides what a message is about and whom it is from.
func (h *hider) example(x *evidence.Example) {
	if h.messages || x.Subject == "" && x.From == "" {
		return
	}
	x.Subject, x.From = "", ""
	h.hidden[hiddenMessage]++
}

// Quotes tells whether a record holds subjects or senders of messages, which the user wanted
// to see. They are there at every level, so the level does not tell.
func Quotes(e *evidence.Evidence) bool {
	for _, s := range e.Sessions {
		for _, m := range s.Messages {
			for _, x := range []evidence.Example{m.Imported, m.Apostrophe, m.SavedByThunderbird} {
				if x.Subject != "" || x.From != "" {
					return true
				}
			}
		}
	}
	return e.Successor != nil && Quotes(e.Successor)
}

// member is a field of a type of the record.
type member struct {
	of    reflect.Type
	field string
}

// spoken tells whether a field holds sentences, or what people made up. Anywhere else a
// word that happens to be somebody's login name is a word of the protocols.
func (m member) spoken() bool {
	switch m.of {
	case reflect.TypeFor[evidence.Reply](), reflect.TypeFor[evidence.Failure](), reflect.TypeFor[evidence.Line]():
		return m.field == "Text"
	case reflect.TypeFor[evidence.Greeting]():
		return m.field == "Line"
	case reflect.TypeFor[evidence.Step]():
		return m.field == "Reason"
	case reflect.TypeFor[evidence.Client]():
		return slices.Contains([]string{"File", "Account", "Missed"}, m.field)
	case reflect.TypeFor[evidence.Quota]():
		return m.field == "Root"
	case reflect.TypeFor[evidence.Control]():
		return m.field == "Location"
	}
	return m.field == "Broken" || m.field == "NoLogin"
}

// listed tells whether a field is a word of a protocol, to which a server may add its own.
func (m member) listed() bool {
	return m.of == reflect.TypeFor[evidence.Capability]() && (m.field == "Clear" || m.field == "Final")
}

// name tells whether a field is the name of somebody or of a folder and nothing else: it has
// been renamed as one.
func (m member) name() bool {
	switch m.of {
	case reflect.TypeFor[profile.Account](), reflect.TypeFor[evidence.Client]():
		return m.field == "Address" || m.field == "Login"
	case reflect.TypeFor[evidence.Login]():
		return m.field == "Name"
	case reflect.TypeFor[evidence.ClientServer]():
		return m.field == "Login"
	case reflect.TypeFor[evidence.Folders]():
		return m.field == "Prefix" || m.field == "Others"
	case reflect.TypeFor[evidence.Folder]():
		return m.field == "Name"
	case reflect.TypeFor[evidence.Messages]():
		return m.field == "Folder"
	}
	return false
}

// strings hides, in every text of the record, what is somebody's by its value.
func (h *hider) strings(e *evidence.Evidence) {
	eachText(reflect.ValueOf(e).Elem(), member{}, func(s string, at member) string {
		if at.name() {
			return s
		}
		return h.text(s, at)
	})
}

// eachText puts another text in the place of every one. The provider's own instructions and
// certificates are nobody's.
func eachText(v reflect.Value, at member, other func(s string, at member) string) {
	switch v.Type() {
	case reflect.TypeFor[profile.Profile](), reflect.TypeFor[profile.Path](), reflect.TypeFor[evidence.Certificate](), reflect.TypeFor[time.Time]():
		return
	}
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(other(v.String(), at))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			eachText(v.Elem(), at, other)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), at, other)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachText(v.Field(i), member{v.Type(), v.Type().Field(i).Name}, other)
			}
		}
	}
}

// tags are what stands in front of a command of IMAP and of an answer, with the hyphen of
// SMTP, which joins nothing.
var tags = pattern(`^(?:[A-Z]+[0-9]+ |[0-9]{3}[- ])`)

// text hides what stands in a text; in spoken ones single words too.
func (h *hider) text(s string, at member) string {
	if s == "" {
		return s
	}
	s = h.names.text(h.people(h.home(s)))
	switch {
	case at.of == reflect.TypeFor[evidence.Line]():
		tag := tags().FindString(s)
		s = tag + h.computer(h.names.words(s[len(tag):], false))
	case at.spoken():
		s = h.computer(h.names.words(s, false))
	case at.listed():
		s = h.names.words(s, true)
	}
	return h.places.text(s)
}

// home hides the user's own folder, whose name is mostly the user's.
func (h *hider) home(s string) string {
	folder := strings.TrimRight(h.who.Home, `/\`)
	if len(folder) < 2 {
		return s
	}
	return replaceWords(s, folder, false, apart, func(string) string {
		h.hidden[hiddenUser]++
		return "~"
	})
}

// computer hides what this computer and the user of it are called.
func (h *hider) computer(s string) string {
	name, _, _ := strings.Cut(h.who.Computer, ".")
	for _, word := range []string{h.who.Computer, name} {
		if len(word) < 2 || h.names.ordinary(word) || h.places.server(word) {
			continue
		}
		for _, suffix := range append(strings.Fields(localSuffixes), "") {
			s = replaceWords(s, strings.TrimSuffix(word+"."+suffix, "."), true, apart, func(string) string {
				h.hidden[hiddenComputer]++
				return "<this-computer>"
			})
		}
	}
	if len(h.who.User) < 2 || h.names.ordinary(h.who.User) {
		return s
	}
	return replaceWords(s, h.who.User, true, apart, func(string) string {
		h.hidden[hiddenUser]++
		return "~"
	})
}
