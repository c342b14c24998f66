// Package program knows mail programs: what each one calls its settings, where they stand,
// and how a file with them looks. It is plain data and text. Nothing is read, written or
// contacted here.
package program

import (
	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

// Program is one mail program.
type Program struct {
	Name  string   // the word of --app: "apple-mail"
	Title string   // as people call it: "Apple Mail"
	Begin say.Text // where a new account is set up

	where   map[Field]string             // menu path, or file and key
	secure  map[profile.Protocol]dialect // what it calls the ways to TLS
	auth    say.Text                     // what it calls a login with a password, for receiving
	authOut say.Text                     // the same for sending, where it differs
	seconds bool                         // times are in seconds
	inURL   bool                         // login names stand in a URL, percent-encoded
	whole   bool                         // folder paths are whole names, for want of a setting for the root
	sparing say.Text                     // what to choose where a server asks not to synchronise everything
	notes   map[string]say.Text          // code of a known issue: what to do about it here
	files   func(Settings) ([]File, error)
}

// dialect is what a program calls TLS from the first byte, and TLS after a command.
type dialect struct{ tls, starttls say.Text }

// names is the dialect of a program that has a name of its own for either. What stands on a
// program's screen or in its file is the same whatever language mailmedic speaks.
func names(tls, starttls string) dialect {
	return dialect{say.Verbatim(tls), say.Verbatim(starttls)}
}

// Field is one setting of a mail program. The words stand in JSON.
type Field string

// The settings. Verification is where certificates that cannot be verified are let through.
const (
	ReceivingHost       Field = "receiving_host"
	ReceivingPort       Field = "receiving_port"
	ReceivingEncryption Field = "receiving_encryption"
	ReceivingLogin      Field = "receiving_login"
	ReceivingAuth       Field = "receiving_auth"
	SendingHost         Field = "sending_host"
	SendingPort         Field = "sending_port"
	SendingEncryption   Field = "sending_encryption"
	SendingLogin        Field = "sending_login"
	SendingAuth         Field = "sending_auth"
	RootPath            Field = "root_path"
	SentPath            Field = "sent_path"
	DraftsPath          Field = "drafts_path"
	CheckInterval       Field = "check_interval"
	SyncsAll            Field = "syncs_all"
	Searches            Field = "searches"
	Connections         Field = "connections"
	Verification        Field = "verification"
)

// Fields lists the settings in the order in which a person fills them in.
func Fields() []Field {
	return []Field{
		ReceivingHost, ReceivingPort, ReceivingEncryption, ReceivingLogin, ReceivingAuth,
		SendingHost, SendingPort, SendingEncryption, SendingLogin, SendingAuth,
		RootPath, SentPath, DraftsPath, CheckInterval, SyncsAll, Searches, Connections, Verification,
	}
}

// All lists the programs, those with windows first.
func All() []Program {
	return []Program{
		thunderbird(), outlook(), appleMail(), ios(), android(), k9(), evolution(),
		mutt(), aerc(), mbsync(), msmtp(), offlineimap(), himalaya(),
	}
}

// Find finds a program by its name.
func Find(name string) (Program, bool) {
	for _, p := range All() {
		if p.Name == name {
			return p, true
		}
	}
	return Program{}, false
}

// Where is the menu path to a setting, or file and key: "Account Settings > Server
// Settings > Server Name", "~/.mbsyncrc: IMAPAccount, Host". It is empty where the program
// has no such setting.
func (p Program) Where(f Field) string { return p.where[f] }

// Note says what to do in this program about one of the provider's known issues, by its
// code, or nothing.
func (p Program) Note(code string) say.Text { return p.notes[code] }

// HasFiles tells whether Files makes any.
func (p Program) HasFiles() bool { return p.files != nil }
