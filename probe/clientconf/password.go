package clientconf

import (
	"errors"
	"fmt"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Stored is how a mail program comes by a password: it stands in the file, or a command
// prints it. However it is printed, logged or marshalled, it shows a mask; a command can
// hold a password as well.
type Stored struct {
	Command string // prints the password; for a shell to run, only if the user said so

	// A function has no text that reflection could find, even where this struct stands in
	// an unexported field and its Format is not asked.
	text func() string
}

const mask = "(secret)"

// plain stores a password that stands in a file.
func plain(password string) Stored {
	if password == "" {
		return Stored{}
	}
	return Stored{text: func() string { return password }}
}

// Empty tells whether there is neither a password nor a command.
func (s Stored) Empty() bool { return s.Command == "" && s.text == nil }

// Password is the password as it stands in the file, empty where a command gives it.
func (s Stored) Password() string {
	if s.text == nil {
		return ""
	}
	return s.text()
}

// String masks the password.
func (s Stored) String() string { return mask }

// GoString masks the password in %#v.
func (s Stored) GoString() string { return mask }

// Format masks the password under every verb, also %x.
func (s Stored) Format(f fmt.State, _ rune) { fmt.Fprint(f, mask) }

// MarshalText masks the password in JSON, XML, YAML and log attributes.
func (s Stored) MarshalText() ([]byte, error) { return []byte(mask), nil }

// Password looks up how the mail program comes by the password of an account that Find or
// Read gave. It reads the file anew and runs nothing. The error says why there is none.
func Password(c evidence.Client, p Place, direction profile.Protocol) (Stored, error) {
	if c.Program == "thunderbird" {
		return Stored{}, errors.New("the passwords of Thunderbird are encrypted in a store of its own, which is not read")
	}
	find, read := secretOf(c.Program), secrets(c.Program)
	if find == nil && read == nil {
		return Stored{}, fmt.Errorf("passwords of %s are not read", c.Program)
	}
	path := p.real(c.File)
	text, err := bytesOf(path)
	if err != nil {
		return Stored{}, fmt.Errorf("looking up the password in %s: %w", c.File, err)
	}
	if find != nil {
		password, command := find(text, c.Account, direction) // a name that had to be changed finds none
		s := plain(password)
		s.Command = command
		if s.Empty() {
			return s, fmt.Errorf("%s has no password of %s that could be used", c.File, c.Account)
		}
		return s, nil
	}
	all, _ := read(decode(text), p.origin(path)) // what is broken behind the account does not matter
	for _, a := range all {
		if reticent(&a.Client); a.Account != c.Account {
			continue
		}
		s := a.in
		if direction == profile.SMTP {
			s = a.out
		}
		if s.Empty() {
			return Stored{}, fmt.Errorf("%s has no password of %s that could be used", c.File, c.Account)
		}
		return s, nil
	}
	return Stored{}, fmt.Errorf("%s has no account %s any more", c.File, c.Account)
}

// secretOf looks up how the password of an account is had in a program's file: what stands
// there, or the command that prints it.
func secretOf(program string) func(text, account string, d profile.Protocol) (password, command string) {
	switch program {
	case "aerc":
		return aercSecret
	case "himalaya":
		return himalayaSecret
	case "apple-mail":
		return mobileconfigSecret
	case "k9":
		return k9Secret
	}
	return nil
}

// secrets is the reader of a program that also finds how passwords are had.
func secrets(program string) func(string, Origin) ([]account, error) {
	switch program {
	case "mbsync":
		return mbsyncAccounts
	case "msmtp":
		return msmtpAccounts
	case "offlineimap":
		return offlineimapAccounts
	case "mutt":
		return muttAccounts
	}
	return nil
}
