package clientconf

import (
	"maps"
	"slices"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// msmtpPlaces are those of the user, msmtp(1). The first one wins where both exist.
func msmtpPlaces(p Place) []string {
	return []string{p.home(".msmtprc"), p.config("msmtp", "config")}
}

func isMsmtp(name, text string) bool {
	if name == ".msmtprc" || name == "msmtprc" {
		return true
	}
	return startsLine(text, "host") && startsLine(text, "auth", "tls", "from", "user", "port")
}

// msmtpAccount is a set of commands with the line of each, later ones in place of earlier.
type msmtpAccount struct {
	name     string
	commands map[string]msmtpCommand
	own      int // how many of the commands stand in the account itself
}

type msmtpCommand struct {
	arg  string
	line int
}

func (m msmtpAccount) text(command string) string { return m.commands[command].arg }

// on reads a switch: "If a command accepts the argument on, it also accepts an empty
// argument and treats that as if it was on."
func (m msmtpAccount) on(command string, byDefault bool) bool {
	c, ok := m.commands[command]
	if !ok {
		return byDefault
	}
	return c.arg == "" || strings.EqualFold(c.arg, "on")
}

// msmtp reads an .msmtprc. What is said of defaults here is from msmtp(1).
func msmtp(text string, at Origin) ([]evidence.Client, error) {
	return told(msmtpAccounts(text, at))
}

func msmtpAccounts(text string, at Origin) ([]account, error) {
	var r reading
	var all []account
	for _, m := range r.msmtpFile(text) {
		// "account default : work" alone only says which one is used.
		if m.name == "default" && m.own == 0 && len(all) > 0 {
			continue
		}
		all = append(all, r.msmtpAccount(m, at))
	}
	return r.done(all)
}

// msmtpFile reads the accounts with what they inherit.
func (r *reading) msmtpFile(text string) []msmtpAccount {
	var all []msmtpAccount
	byName := map[string]int{}
	defaults := map[string]msmtpCommand{}
	inDefaults := false
	number := 0
	for line := range strings.Lines(r.clip(text)) {
		number++
		command, arg := msmtpLine(line)
		switch {
		case command == "":
		case command == "defaults":
			inDefaults = true
		case command == "account":
			if len(all) > maxAccounts {
				return all
			}
			inDefaults = false
			m, ok := r.msmtpStart(arg, number, defaults, all, byName)
			if !ok {
				r.fault(number, "this account inherits from one that is not defined above it")
			}
			byName[m.name] = len(all)
			all = append(all, m)
		case command == "eval":
			r.miss("line %d is an eval command, which is not run", number)
		case !slices.Contains(msmtpKept(), command):
		case inDefaults:
			defaults[command] = msmtpCommand{arg, number}
		case len(all) == 0:
			// msmtp takes it for an account called default.
			m, _ := r.msmtpStart("default", number, defaults, all, byName)
			m.commands[command], m.own = msmtpCommand{arg, number}, 1
			byName[m.name] = 0
			all = append(all, m)
		default:
			last := &all[len(all)-1]
			last.commands[command] = msmtpCommand{arg, number}
			last.own++
		}
	}
	return all
}

// msmtpKept are the commands that are looked at.
func msmtpKept() []string {
	return []string{
		"host", "port", "protocol", "proxy_host", "socket", "from", "auth", "user", "password", "passwordeval",
		"tls", "tls_starttls", "tls_nostarttls", "tls_certcheck", "tls_nocertcheck",
	}
}

// msmtpStart begins an account: "name : account, account".
func (r *reading) msmtpStart(arg string, line int, defaults map[string]msmtpCommand, all []msmtpAccount, byName map[string]int) (m msmtpAccount, ok bool) {
	name, parents, _ := strings.Cut(arg, ":")
	m = msmtpAccount{name: strings.TrimSpace(name), commands: maps.Clone(defaults)}
	ok = true
	for _, parent := range unique(strings.Split(parents, ",")) {
		i, known := byName[parent]
		if !known {
			ok = false
			continue
		}
		maps.Copy(m.commands, all[i].commands)
	}
	return m, ok
}

// msmtpLine splits a line into its command and its argument, which can be in quotes.
func msmtpLine(line string) (command, arg string) {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return "", ""
	}
	if end := strings.IndexAny(line, " \t"); end >= 0 {
		line, arg = line[:end], strings.TrimSpace(line[end:])
	}
	if len(arg) >= 2 && arg[0] == '"' && arg[len(arg)-1] == '"' {
		arg = arg[1 : len(arg)-1]
	}
	return strings.ToLower(line), arg
}

func (r *reading) msmtpAccount(m msmtpAccount, at Origin) account {
	a := account{Client: evidence.Client{Program: "msmtp", File: at.Shown, Account: m.name}}
	// A pattern stands for many addresses, and %U is the user's name on this computer.
	if from := m.text("from"); !strings.ContainsAny(from, "*?[%") {
		a.Address = from
	}
	for command, text := range map[string]string{
		"proxy_host": "it connects through a proxy, which is not used here",
		"socket":     "it connects to a socket on this computer, which is not looked at",
	} {
		if m.text(command) != "" {
			a.Missed = append(a.Missed, text)
		}
	}
	slices.Sort(a.Missed)
	if strings.EqualFold(m.text("protocol"), "lmtp") {
		a.Missed = append(a.Missed, "it delivers by LMTP, which is not looked at")
		return a
	}
	if m.text("host") == "" {
		return a
	}
	s := &evidence.ClientServer{
		Host:       m.text("host"),
		Encryption: profile.None, // tls is off by default, and then STARTTLS is not tried
		Unverified: !m.on("tls_certcheck", true) || m.commands["tls_nocertcheck"].line > 0,
		Login:      m.text("user"),
		Auth:       msmtpAuth(m),
	}
	byDefault := 25
	if m.on("tls", false) {
		s.Encryption = profile.STARTTLS
		if !m.on("tls_starttls", true) || m.commands["tls_nostarttls"].line > 0 {
			s.Encryption, byDefault = profile.TLS, 465
		}
	} else {
		s.Unverified = false // there is no certificate
	}
	s.Port = r.port(m.commands["port"].line, m.text("port"), byDefault)
	a.out = plain(m.text("password"))
	if a.out.Empty() {
		a.out.Command = m.text("passwordeval")
	}
	s.Stored = !a.out.Empty()
	a.Sending = s
	return a
}

// msmtpAuth reads the command auth, which is off where it is missing.
func msmtpAuth(m msmtpAccount) evidence.Auth {
	c, ok := m.commands["auth"]
	switch {
	case !ok || strings.EqualFold(c.arg, "off"):
		return evidence.AuthNone
	case m.on("auth", false):
		return evidence.AuthUnknown // "on chooses a method automatically"
	}
	return mechanism(c.arg)
}
