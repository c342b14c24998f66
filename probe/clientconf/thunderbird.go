package clientconf

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// thunderbirdPlaces are the profiles that profiles.ini lists, else all folders that could
// be one. Packages of Linux distributions, Snap and Flatpak have a place each.
func thunderbirdPlaces(p Place) []string {
	var roots []string
	switch p.OS {
	case "windows":
		roots = []string{below(p.AppData, []string{"Thunderbird"})}
	case "darwin":
		roots = []string{p.home("Library", "Thunderbird")}
	default:
		roots = []string{
			p.home(".thunderbird"),
			p.home(".mozilla-thunderbird"),
			p.home(".icedove"),
			p.home("snap", "thunderbird", "common", ".thunderbird"),
			p.home(".var", "app", "org.mozilla.Thunderbird", ".thunderbird"),
			p.home(".var", "app", "org.mozilla.thunderbird", ".thunderbird"),
		}
	}
	var all []string
	for _, root := range roots {
		if root == "" {
			continue
		}
		listed := thunderbirdProfiles(root)
		if len(listed) == 0 {
			listed = []string{filepath.Join(root, "*"), filepath.Join(root, "Profiles", "*")}
		}
		for _, dir := range listed {
			all = append(all, filepath.Join(dir, "prefs.js"))
		}
	}
	return all
}

// thunderbirdProfiles reads the folders that profiles.ini names. A profile can have been
// put anywhere, so this link is followed.
func thunderbirdProfiles(root string) []string {
	text, err := load(filepath.Join(root, "profiles.ini"))
	if err != nil {
		return nil
	}
	var r reading // what is broken in it shows as a profile that is missing
	var dirs []string
	for _, s := range r.ini(text, false) {
		if !strings.HasPrefix(s.name, "Profile") {
			continue
		}
		dir := filepath.FromSlash(s.get("Path").value)
		if dir == "" || strings.Contains(dir, "*") {
			continue
		}
		if s.get("IsRelative").value != "0" {
			dir = filepath.Join(root, dir)
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

func isThunderbird(name, text string) bool {
	return name == "prefs.js" || name == "user.js" || strings.Contains(text, `user_pref("mail.`)
}

// thunderbirdProfile reads a prefs.js together with the user.js beside it.
func thunderbirdProfile(text string, at Origin) ([]evidence.Client, error) {
	other := "user.js"
	if filepath.Base(at.File) == other {
		other = "prefs.js"
	}
	beside, err := load(filepath.Join(filepath.Dir(at.File), other))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if other == "prefs.js" {
		text, beside = beside, text
	}
	accounts, broken := thunderbird(text, beside, at)
	if err != nil {
		said := other + " beside it was not read: " + err.Error()
		if broken != nil {
			said = broken.Error() + "; " + said
		}
		broken = errors.New(said)
	}
	return accounts, broken
}

// thunderbird reads the accounts of a profile. The user's own user.js goes before.
//
// What is built in is from mailnews.js of Thunderbird 153, and for what has no line there
// from nsImapIncomingServer.cpp and SmtpClient.sys.mjs.
func thunderbird(prefsText, userText string, at Origin) ([]evidence.Client, error) {
	var r reading
	p := prefs{}
	r.prefs(p, prefsText, "prefs.js")
	r.prefs(p, userText, "user.js")
	var all []account
	for _, key := range thunderbirdAccounts(p) {
		server := p["mail.account."+key+".server"]
		if server == "" || p["mail.server."+server+".type"] != "imap" {
			continue // local folders, POP, news, feeds and chat
		}
		all = append(all, account{Client: thunderbirdAccount(p, key, server, at)})
		if len(all) > maxAccounts {
			break
		}
	}
	return told(r.done(all))
}

// thunderbirdAccounts are the keys in the order in which Thunderbird shows the accounts,
// or in the order of their numbers where a broken file has lost the list.
func thunderbirdAccounts(p prefs) []string {
	if list, ok := p["mail.accountmanager.accounts"]; ok {
		return unique(strings.Split(list, ","))
	}
	var keys []string
	for name := range p {
		rest, ok := strings.CutPrefix(name, "mail.account.")
		if key, found := strings.CutSuffix(rest, ".server"); ok && found {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return keys
}

func unique(list []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, item := range list {
		if item = strings.TrimSpace(item); item != "" && !seen[item] {
			seen[item] = true
			out = append(out, item)
		}
	}
	return out
}

func thunderbirdAccount(p prefs, key, server string, at Origin) evidence.Client {
	const servers = "mail.server."
	get := func(name string) string { return p[servers+server+"."+name] }
	// After a change of the host or the name, the old ones stay for the folders' sake.
	host, login := cmp.Or(get("realhostname"), get("hostname")), cmp.Or(get("realuserName"), get("userName"))
	socket := p.number(servers, server, "socketType", 0)
	if socket == 0 && p.yes(servers, server, "isSecure", false) {
		socket = 3 // before version 3
	}
	encryption, ifOffered := thunderbirdSocket(socket)
	c := evidence.Client{
		Program: "thunderbird",
		File:    at.Shown,
		Receiving: &evidence.ClientServer{
			Host:       host,
			Encryption: encryption,
			IfOffered:  ifOffered,
			Login:      login,
			Auth:       thunderbirdAuth(p.number(servers, server, "authMethod", 3)),
		},
		Asks:        evidence.Saw(p.yes(servers, server, "override_namespaces", true)),
		Connections: 5,
	}
	c.Receiving.Port = p.number(servers, server, "port", -1)
	if c.Receiving.Port <= 0 || c.Receiving.Port > 65535 {
		c.Receiving.Port = imapPort(encryption) // -1 is the default's own mark
	}
	if n := p.number(servers, server, "max_cached_connections", 0); n != 0 {
		c.Connections = max(n, 1) // 0 is the default again
	}
	if root, ok := p[servers+server+".server_sub_directory"]; ok {
		c.RootPath = &root
	}
	if !p.yes(servers, server, "check_new_mail", true) {
		c.CheckMinutes = minutes(0)
	} else if n := p.number(servers, server, "check_time", 10); n > 0 {
		c.CheckMinutes = &n
	}
	c.SyncsAll = evidence.Saw(p.yes(servers, server, "check_all_folders_for_new", false) ||
		p.yes(servers, server, "offline_download", true) && p.yes(servers, server, "autosync_offline_stores", true))
	thunderbirdIdentity(p, key, &c, func(user, of string) bool {
		return (strings.EqualFold(of, host) || strings.EqualFold(of, get("hostname"))) && (user == login || user == get("userName"))
	})
	c.Account = cmp.Or(get("name"), c.Address, key)
	return c
}

// thunderbirdIdentity fills in what hangs on the sender: the address, the folders and the
// server for sending. own tells whether a folder is on the account's own server.
func thunderbirdIdentity(p prefs, key string, c *evidence.Client, own func(user, host string) bool) {
	const identities = "mail.identity."
	ids := unique(strings.Split(p["mail.account."+key+".identities"], ","))
	if len(ids) == 0 {
		return // an account that only receives
	}
	if len(ids) > 1 {
		c.Missed = append(c.Missed, "it has further identities, and only the first was read")
	}
	id := ids[0]
	c.Address = p[identities+id+".useremail"]
	folder := func(name string) *string {
		user, host, path, ok := folderURI(p[identities+id+"."+name])
		if !ok || path == "" || !own(user, host) {
			return nil
		}
		if c.RootPath != nil {
			path = behind(*c.RootPath, path)
		}
		return &path
	}
	if p.yes(identities, id, "fcc", true) {
		c.SentPath = folder("fcc_folder")
	}
	c.DraftsPath = folder("draft_folder")
	c.Separator = "/" // in every path of a URI; the server has its own

	listed := unique(strings.Split(p["mail.smtpservers"], ","))
	listed = append(listed, "")
	smtp := cmp.Or(p[identities+id+".smtpServer"], p["mail.smtp.defaultserver"], listed[0])
	if smtp != "" {
		thunderbirdSending(p, smtp, c)
	}
}

func thunderbirdSending(p prefs, key string, c *evidence.Client) {
	const servers = "mail.smtpserver."
	get := func(name string) string { return p[servers+key+"."+name] }
	if kind := get("type"); kind != "" && kind != "smtp" {
		c.Missed = append(c.Missed, "it sends in another way than SMTP, which is not read")
		return
	}
	if get("hostname") == "" {
		return
	}
	encryption, ifOffered := thunderbirdSocket(p.number(servers, key, "try_ssl", 0))
	c.Sending = &evidence.ClientServer{
		Host:       get("hostname"),
		Port:       p.number(servers, key, "port", 0),
		Encryption: encryption,
		IfOffered:  ifOffered,
		Login:      get("username"),
		Auth:       thunderbirdAuth(p.number(servers, key, "authMethod", 3)),
	}
	if c.Sending.Port > 0 && c.Sending.Port <= 65535 {
		return
	}
	c.Sending.Port = 587
	if encryption == profile.TLS {
		c.Sending.Port = 465
	}
}

// thunderbirdSocket reads a nsMsgSocketType.
func thunderbirdSocket(n int) (encryption profile.Encryption, ifOffered bool) {
	switch n {
	case 0:
		return profile.None, false
	case 1: // "STARTTLS, if available", which older versions offered
		return profile.STARTTLS, true
	case 2:
		return profile.STARTTLS, false
	case 3:
		return profile.TLS, false
	}
	return "", false
}

// thunderbirdAuth reads a nsMsgAuthMethod.
func thunderbirdAuth(n int) evidence.Auth {
	switch n {
	case 1:
		return evidence.AuthNone
	case 2, 3: // 2 is the LOGIN command in place of AUTHENTICATE
		return evidence.AuthPassword
	case 4:
		return evidence.AuthEncrypted
	case 5, 6, 7: // GSSAPI, NTLM, a client's certificate
		return evidence.AuthOther
	case 10:
		return evidence.AuthOAuth
	}
	return evidence.AuthUnknown
}
