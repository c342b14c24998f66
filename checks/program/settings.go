package program

import (
	"time"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

// Settings are the values to type, whatever the program. They hold no password.
type Settings struct {
	Address  string
	Name     string // the sender's, empty where unknown
	Provider string // its title

	Receiving Server // IMAP
	Sending   Server // SMTP

	RootPath   string // empty: the field stays empty
	SentPath   string // behind the root; empty: no such folder is known
	DraftsPath string // likewise
	NoDrafts   bool   // the server keeps no drafts
	Delimiter  string // between the names of a folder path; empty: unknown

	CheckMinutes int  // a fitting time between two checks, 0: the provider asks for none
	Connections  int  // at most so many at a time, 0: the provider asks for none
	Spare        bool // the provider asks not to synchronise everything and not to search while typing

	Seen Seen
}

// Server is one direction.
type Server struct {
	Host       string
	Port       int
	Encryption profile.Encryption
	Login      string
	Tested     Tested
}

// Tested says how far a run came with a server.
type Tested string

// The values of Tested. Answered means that the connection was encrypted and the
// certificate verified, and that no login was tried.
const (
	NotTested Tested = ""
	Answered  Tested = "answered"
	LoggedIn  Tested = "logged-in"
)

// Seen names the run that saw the settings work. The zero value is none.
type Seen struct {
	Report    string // its id
	At        time.Time
	Simulated bool // against servers that mailmedic brought along
}

// Told says in sentences where the values come from and what was seen of them.
func (s Settings) Told() []say.Text {
	if s.Receiving.Tested == NotTested && s.Sending.Tested == NotTested {
		return []say.Text{say.With("Not tested. These are the settings that %s publishes.", s.Provider)}
	}
	at := s.Seen.At.UTC()
	told := []say.Text{say.With("Report %s of %s: %s.", s.Seen.Report, say.With("%s %s", say.Day(at), at.Format("15:04 UTC")), s.seen())}
	if s.Seen.Simulated {
		told = append(told, "SIMULATED: that run spoke to servers of mailmedic, not to those of the provider.")
	}
	return told
}

// seen says how far a run came in both directions.
func (s Settings) seen() say.Text {
	type both struct{ receiving, sending Tested }
	return map[both]say.Text{
		{Answered, Answered}:  "receiving and sending answered without a login",
		{Answered, LoggedIn}:  "receiving answered without a login, sending worked with this login",
		{Answered, NotTested}: "receiving answered without a login, sending was not tested",
		{LoggedIn, Answered}:  "receiving worked with this login, sending answered without a login",
		{LoggedIn, LoggedIn}:  "receiving and sending worked with this login",
		{LoggedIn, NotTested}: "receiving worked with this login, sending was not tested",
		{NotTested, Answered}: "receiving was not tested, sending answered without a login",
		{NotTested, LoggedIn}: "receiving was not tested, sending worked with this login",
	}[both{s.Receiving.Tested, s.Sending.Tested}]
}

// whole is the name of a folder as the server has it, or nothing where the delimiter that
// it needs is not known.
func (s Settings) whole(path string) string {
	switch {
	case path == "" || s.RootPath == "":
		return path
	case s.Delimiter == "":
		return ""
	}
	return s.RootPath + s.Delimiter + path
}
