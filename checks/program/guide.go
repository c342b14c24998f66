package program

import (
	"cmp"
	"fmt"
	"strconv"

	"mailmedic/probe/profile"
)

// Step is one setting to make.
type Step struct {
	Field  Field
	Where  string // as Program.Where
	Value  string // what to type or choose
	Remark string // may be empty
}

// Guide lists what to set in the program, in the order in which a person does it. What the
// program has no setting for is left out.
func (p Program) Guide(s Settings) []Step {
	var steps []Step
	for _, f := range Fields() {
		value, remark := p.value(f, s)
		if where := p.Where(f); where != "" && value != "" {
			steps = append(steps, Step{f, where, value, remark})
		}
	}
	return steps
}

// value is what a setting has to be, and what there is to say about it. Nothing is said of
// a setting that does not matter.
func (p Program) value(f Field, s Settings) (value, remark string) {
	switch f {
	case ReceivingHost:
		return s.Receiving.Host, ""
	case ReceivingPort:
		return strconv.Itoa(s.Receiving.Port), ""
	case ReceivingEncryption:
		return p.called(profile.IMAP, s.Receiving.Encryption), ""
	case ReceivingLogin:
		return p.login(s.Receiving.Login)
	case SendingHost:
		return s.Sending.Host, ""
	case SendingPort:
		return strconv.Itoa(s.Sending.Port), ""
	case SendingEncryption:
		return p.called(profile.SMTP, s.Sending.Encryption), ""
	case SendingLogin:
		return p.login(s.Sending.Login)
	case ReceivingAuth:
		return p.auth, ""
	case SendingAuth:
		return cmp.Or(p.authOut, p.auth), ""
	case RootPath:
		if s.RootPath == "" {
			return "(empty)", ""
		}
		return s.RootPath, ""
	case SentPath:
		return p.folder(s, s.SentPath)
	case DraftsPath:
		if s.NoDrafts {
			return "keep on this device", "the server keeps no drafts"
		}
		return p.folder(s, s.DraftsPath)
	case CheckInterval:
		if s.CheckMinutes > 0 && p.seconds {
			return strconv.Itoa(s.CheckMinutes * 60), "more often slows the server"
		}
		if s.CheckMinutes > 0 {
			return fmt.Sprintf("%d minutes", s.CheckMinutes), "more often slows the server"
		}
	case SyncsAll:
		if s.Spare {
			return p.sparing, "the provider asks for it"
		}
	case Searches:
		if s.Spare {
			return "off", "the provider asks for it"
		}
	case Connections:
		if s.Connections > 0 {
			return fmt.Sprintf("%d at most", s.Connections), ""
		}
	}
	return "", ""
}

// called is what the program calls a way to TLS.
func (p Program) called(protocol profile.Protocol, e profile.Encryption) string {
	words := p.secure[protocol]
	switch {
	case e == profile.TLS && words.tls != "":
		return words.tls
	case e == profile.STARTTLS && words.starttls != "":
		return words.starttls
	}
	return e.Shown()
}

func (p Program) login(name string) (value, remark string) {
	if encoded := percent(name); p.inURL && encoded != name {
		return encoded, "the login name " + name + ", as a URL needs it"
	}
	return name, ""
}

// folder is a folder's path, whole where the program has no setting for the root.
func (p Program) folder(s Settings, path string) (value, remark string) {
	if !p.whole || path == "" {
		return path, ""
	}
	if whole := s.whole(path); whole != "" {
		return whole, ""
	}
	return path + " below " + s.RootPath, "as the program lists it"
}
