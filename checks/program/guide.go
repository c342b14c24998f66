package program

import (
	"cmp"
	"strconv"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

// Step is one setting to make.
type Step struct {
	Field  Field
	Where  string   // as Program.Where
	Value  say.Text // what to type or choose
	Remark say.Text // may be empty
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
func (p Program) value(f Field, s Settings) (value, remark say.Text) {
	switch f {
	case ReceivingHost:
		return say.Verbatim(s.Receiving.Host), ""
	case ReceivingPort:
		return figure(s.Receiving.Port), ""
	case ReceivingEncryption:
		return p.called(profile.IMAP, s.Receiving.Encryption), ""
	case ReceivingLogin:
		return p.login(s.Receiving.Login)
	case SendingHost:
		return say.Verbatim(s.Sending.Host), ""
	case SendingPort:
		return figure(s.Sending.Port), ""
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
		return say.Verbatim(s.RootPath), ""
	case SentPath:
		return p.folder(s, s.SentPath)
	case DraftsPath:
		if s.NoDrafts {
			return "keep on this device", "the server keeps no drafts"
		}
		return p.folder(s, s.DraftsPath)
	case CheckInterval:
		if s.CheckMinutes > 0 && p.seconds {
			return figure(s.CheckMinutes * 60), "more often slows the server"
		}
		if s.CheckMinutes > 0 {
			return say.Count(s.CheckMinutes, "%d minute", "%d minutes"), "more often slows the server"
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
			return say.With("%d at most", s.Connections), ""
		}
	}
	return "", ""
}

// called is what the program calls a way to TLS.
func (p Program) called(protocol profile.Protocol, e profile.Encryption) say.Text {
	words := p.secure[protocol]
	switch {
	case e == profile.TLS && words.tls != "":
		return words.tls
	case e == profile.STARTTLS && words.starttls != "":
		return words.starttls
	}
	return say.Verbatim(e.Shown())
}

func (p Program) login(name string) (value, remark say.Text) {
	if encoded := percent(name); p.inURL && encoded != name {
		return say.Verbatim(encoded), say.With("the login name %s, as a URL needs it", name)
	}
	return say.Verbatim(name), ""
}

// folder is a folder's path, whole where the program has no setting for the root.
func (p Program) folder(s Settings, path string) (value, remark say.Text) {
	if !p.whole || path == "" {
		return say.Verbatim(path), ""
	}
	if whole := s.whole(path); whole != "" {
		return say.Verbatim(whole), ""
	}
	return say.With("%s below %s", path, s.RootPath), "as the program lists it"
}

func figure(n int) say.Text { return say.Verbatim(strconv.Itoa(n)) }
