package clientconf

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// offlineimapPlaces are the two of offlineimap(1).
func offlineimapPlaces(p Place) []string {
	return []string{p.config("offlineimap", "config"), p.home(".offlineimaprc")}
}

func isOfflineimap(name, text string) bool {
	if name == ".offlineimaprc" || name == "offlineimaprc" || name == "offlineimap.conf" {
		return true
	}
	return strings.Contains(text, "[Repository ") && strings.Contains(text, "[Account ")
}

// offlineimap reads an .offlineimaprc. What is said of defaults here is from the
// offlineimap.conf that comes with version 7 and with offlineimap3.
func offlineimap(text string, at Origin) ([]evidence.Client, error) {
	return told(offlineimapAccounts(text, at))
}

func offlineimapAccounts(text string, at Origin) ([]account, error) {
	var r reading
	file := offlineimapFile{}
	var order []string
	for _, s := range r.ini(text, true) {
		if file[s.name] == nil {
			file[s.name] = map[string]entry{}
		}
		for _, e := range s.keys {
			file[s.name][strings.ToLower(e.key)] = e
		}
		if name, ok := strings.CutPrefix(s.name, "Account "); ok {
			order = append(order, name)
		}
	}
	// An account that the list leaves out is not synchronized.
	if list := file.text("general", "accounts"); list != "" {
		order = strings.Split(list, ",")
	}
	var all []account
	for _, name := range unique(order) {
		if len(all) > maxAccounts {
			break
		}
		section := "Account " + name
		if _, ok := file[section]; !ok {
			r.fault(0, "an account of the list in [general] has no section")
			continue
		}
		repository := "Repository " + file.text(section, "remoterepository")
		if _, ok := file[repository]; !ok {
			r.fault(0, "the remote repository of an account has no section")
			continue
		}
		if kind := file.text(repository, "type"); kind == "IMAP" || kind == "Gmail" {
			all = append(all, r.offlineimapAccount(file, name, repository, at))
		}
	}
	return r.done(all)
}

// offlineimapFile are the settings by section and key, the keys in lower case.
type offlineimapFile map[string]map[string]entry

// get finds a setting in a section, or in [DEFAULT], as Python's configparser does.
func (f offlineimapFile) get(name, key string) entry {
	key = strings.ToLower(key)
	if e, ok := f[name][key]; ok {
		return e
	}
	return f["DEFAULT"][key]
}

func (f offlineimapFile) text(name, key string) string {
	room := maxLine // settings that repeat one another would grow without an end
	return f.resolve(name, f.get(name, key).value, isPass(key), &room)
}

// reference is what Python's configparser puts other settings in for.
var reference = regexp.MustCompile(`%%|%\([^)]*\)s`)

// resolve puts in what %(other)s stands for; a percent sign is written twice. A password
// becomes part of nothing but a password.
func (f offlineimapFile) resolve(name, value string, secret bool, room *int) string {
	if !strings.Contains(value, "%") {
		return value
	}
	return reference.ReplaceAllStringFunc(value, func(m string) string {
		if m == "%%" {
			return "%"
		}
		key := m[2 : len(m)-2]
		other := f.get(name, key).value
		if *room -= len(other) + 64; *room < 0 || isPass(key) && !secret {
			return ""
		}
		return f.resolve(name, other, secret, room)
	})
}

// isPass tells a setting, or a name of the user's own, that holds a password by its name.
func isPass(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc([]string{"pass", "pw", "secret", "token"}, func(word string) bool { return strings.Contains(key, word) })
}

func (f offlineimapFile) yes(name, key string, byDefault bool) bool {
	switch strings.ToLower(f.text(name, key)) {
	case "yes", "true", "on", "1":
		return true
	case "no", "false", "off", "0":
		return false
	}
	return byDefault
}

func (r *reading) offlineimapAccount(f offlineimapFile, name, repository string, at Origin) account {
	section := "Account " + name
	a := account{Client: evidence.Client{Program: "offlineimap", File: at.Shown, Account: name, Asks: evidence.No}}
	for _, m := range []struct{ key, text string }{
		{"remotehosteval", "the host comes from Python code, which is not run"},
		{"remoteporteval", "the port comes from Python code, which is not run"},
		{"remoteusereval", "the login name comes from Python code, which is not run"},
		{"remotepasseval", "the password comes from Python code, which is not run"},
		{"remotepassfile", "the password stands in another file, which is not read"},
		{"transporttunnel", "it connects through a tunnel command, which is not run"},
		{"preauthtunnel", "it connects through a tunnel command, which is not run"},
	} {
		if f.text(repository, m.key) != "" {
			a.Missed = append(a.Missed, m.text)
		}
	}
	for _, key := range []string{"remoteuser", "remotehost"} {
		if strings.Contains(reference.ReplaceAllString(f.get(repository, key).value, ""), "%") {
			a.Missed = append(a.Missed, key+" has a percent sign that is not written twice, and OfflineIMAP reads no file with that")
		}
	}
	host := f.text(repository, "remotehost")
	if f.text(repository, "remotehosteval") != "" {
		host = "" // it goes before remotehost
	} else if host == "" && f.text(repository, "type") == "Gmail" {
		host = "imap.gmail.com"
	}
	if host != "" {
		a.Receiving = r.offlineimapServer(f, repository, host)
		// remotepasseval goes before remotepass, and only Python can tell what it gives.
		if f.text(repository, "remotepasseval") == "" {
			a.in = plain(f.text(repository, "remotepass"))
		}
		a.Receiving.Stored = !a.in.Empty()
		if strings.Contains(a.Receiving.Login, "@") {
			a.Address = a.Receiving.Login
		}
	}
	if root := strings.Trim(f.text(repository, "reference"), `"`); root != "" {
		a.RootPath = &root
	}
	if every := f.text(section, "autorefresh"); every != "" {
		n, err := strconv.ParseFloat(every, 64)
		if err != nil || n != n {
			r.fault(f.get(section, "autorefresh").line, "autorefresh is not a number of minutes")
		} else {
			a.CheckMinutes = minutes(n * 60)
		}
	} // without it, offlineimap ends after one check, and something else starts it again
	narrow := cmp.Or(f.text(repository, "folderfilter"), f.text(section, "maxage"), f.text(section, "startdate"))
	a.SyncsAll = evidence.Saw(narrow == "")
	a.Connections = offlineimapConnections(f, repository)
	return a
}

func (r *reading) offlineimapServer(f offlineimapFile, repository, host string) *evidence.ClientServer {
	s := &evidence.ClientServer{Host: host, Encryption: profile.TLS}
	if !f.yes(repository, "ssl", true) {
		s.Encryption = profile.None
		if f.yes(repository, "starttls", true) {
			// It starts TLS if the server says that it can, and looks at no certificate.
			// With ssl it does not connect before it has a certificate to compare with.
			s.Encryption, s.IfOffered, s.Unverified = profile.STARTTLS, true, true
		}
	}
	if f.text(repository, "remoteusereval") == "" {
		s.Login = f.text(repository, "remoteuser")
	}
	s.Auth = offlineimapAuth(f, repository)
	if f.text(repository, "remoteporteval") == "" {
		s.Port = r.port(f.get(repository, "remoteport").line, f.text(repository, "remoteport"), imapPort(s.Encryption))
	}
	return s
}

// offlineimapAuth reads the list of mechanisms. XOAUTH2 is tried only with a token.
func offlineimapAuth(f offlineimapFile, repository string) evidence.Auth {
	if list := f.text(repository, "auth_mechanisms"); list != "" {
		return authOf(strings.Split(list, ","))
	}
	for _, key := range []string{"oauth2_refresh_token", "oauth2_access_token", "oauth2_refresh_token_eval", "oauth2_access_token_eval"} {
		if f.text(repository, key) != "" {
			return evidence.AuthOAuth
		}
	}
	return evidence.AuthUnknown
}

// offlineimapConnections is maxconnections, 1 by default, or one for each of the folders
// that are watched, if these are more.
func offlineimapConnections(f offlineimapFile, repository string) int {
	n := 1
	if text := f.text(repository, "maxconnections"); text != "" {
		parsed, err := strconv.Atoi(text)
		if err != nil || parsed < 1 {
			return 0
		}
		n = parsed
	}
	if watched := f.text(repository, "idlefolders"); watched != "" {
		if !literals.MatchString(watched) {
			return 0 // Python code decides
		}
		n = max(n, len(literal.FindAllString(watched, -1)))
	}
	return n
}

// literals is a list of Python that holds nothing but texts, and literal is one of them.
var (
	literals = regexp.MustCompile(`^\[\s*(('[^'\\]*'|"[^"\\]*")\s*,?\s*)*\]$`)
	literal  = regexp.MustCompile(`'[^'\\]*'|"[^"\\]*"`)
)
