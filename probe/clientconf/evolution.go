package clientconf

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// evolutionPlaces are the key files of the user; those of GNOME Online Accounts are made at
// each start and kept in a cache.
func evolutionPlaces(p Place) []string {
	if p.OS == "windows" || p.OS == "darwin" {
		return nil
	}
	return []string{
		filepath.Join(dotConfig(p), "evolution", "sources"),
		filepath.Join(p.Home, ".var", "app", "org.gnome.Evolution", "config", "evolution", "sources"),
	}
}

// mostSources bounds the files of a folder: three for each account, and those of calendars
// and address books.
const mostSources = 4 * mostAccounts

// evolutionFolder reads all sources of a folder, because an account is spread over several.
func evolutionFolder(dir string, p Place) Found {
	f := Found{Program: "evolution", File: p.shown(dir)}
	paths, _ := filepath.Glob(filepath.Join(literally(dir), "*.source"))
	var errs []error
	files, room := map[string]string{}, maxFile
	for i, path := range paths {
		if i == mostSources {
			errs = append(errs, fmt.Errorf("more than %d files: the rest is not read", mostSources))
			break
		}
		text, err := load(path)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", filepath.Base(path), err))
			continue
		}
		if room -= len(text); room < 0 {
			errs = append(errs, errLarge)
			break
		}
		files[filepath.Base(path)] = text
	}
	accounts, err := evolution(files, p.origin(dir))
	for i := range accounts {
		reticent(&accounts[i])
	}
	f.Accounts, f.Err = accounts, errors.Join(append(errs, err)...)
	return f
}

// literally is a folder's name for a pattern, in which brackets have a meaning.
func literally(dir string) string {
	return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(dir)
}

// isEvolution tells a source that has to do with mail from those of calendars.
func isEvolution(name, text string) bool {
	if filepath.Ext(name) != ".source" {
		return false
	}
	all := sections(text)
	return named(all, "Data Source") != nil &&
		(named(all, "Mail Account") != nil || named(all, "Mail Transport") != nil || named(all, "Mail Identity") != nil)
}

// source is one key file of evolution-data-server, by the name of its group and key.
type source []group

func (s source) get(group, key string) string { return keyFileText(named(s, group)[key]) }

// evolution reads the sources of one folder. An account is in three: the mail account names
// its identity, and that the transport. The name of a file without ".source" is its UID.
func evolution(files map[string]string, at Origin) ([]evidence.Client, error) {
	sources := map[string]source{}
	for name, text := range files {
		sources[strings.TrimSuffix(name, ".source")] = sections(text)
	}
	var clients []evidence.Client
	var errs []error
	for _, uid := range slices.Sorted(maps.Keys(sources)) {
		account := sources[uid]
		if account.get("Mail Account", "BackendName") != "imapx" || !enabled(sources, uid) {
			continue
		}
		if len(clients) == mostAccounts {
			errs = append(errs, fmt.Errorf("more than %d accounts: the rest is not read", mostAccounts))
			break
		}
		identity := sources[account.get("Mail Account", "IdentityUid")]
		c := evidence.Client{
			Program: "evolution", File: path.Join(at.Shown, uid+".source"),
			Account:   cmp.Or(account.get("Data Source", "DisplayName"), uid),
			Address:   identity.get("Mail Identity", "Address"),
			Receiving: account.server(profile.IMAP),
		}
		if transport := sources[identity.get("Mail Submission", "TransportUid")]; transport.get("Mail Transport", "BackendName") == "smtp" {
			c.Sending = transport.server(profile.SMTP)
		}
		if c.Receiving == nil && c.Sending == nil {
			errs = append(errs, fmt.Errorf("%s.source: no server is in it", uid))
			continue
		}
		account.habits(&c)
		if identity.get("Mail Submission", "UseSentFolder") != "false" {
			c.SentPath = folderOf(identity.get("Mail Submission", "SentFolder"), uid)
		}
		c.DraftsPath = folderOf(identity.get("Mail Composition", "DraftsFolder"), uid)
		clients = append(clients, c)
	}
	return clients, errors.Join(errs...)
}

// enabled tells whether the account and what it belongs to are switched on.
func enabled(sources map[string]source, uid string) bool {
	for range 4 { // an account in a collection; more only where they name each other
		if sources[uid].get("Data Source", "Enabled") == "false" {
			return false
		}
		if uid = sources[uid].get("Data Source", "Parent"); uid == "" {
			break
		}
	}
	return true
}

// server reads one server. Without a port the one of the security method is taken: imapx and
// camel-smtp-transport.c have 993, 143, 465 and 25. An unknown method counts as none there.
func (s source) server(d profile.Protocol) *evidence.ClientServer {
	host := s.get("Authentication", "Host")
	if host == "" {
		return nil
	}
	server := evidence.ClientServer{
		Host: host, Port: portOf(s.get("Authentication", "Port")), Login: s.get("Authentication", "User"),
		Encryption: profile.None, Auth: evolutionAuth(s.get("Authentication", "Method"), d),
	}
	switch s.get("Security", "Method") {
	case "ssl-on-alternate-port":
		server.Encryption = profile.TLS
	case "starttls-on-standard-port":
		server.Encryption = profile.STARTTLS
	}
	switch {
	case server.Port != 0:
	case d == profile.SMTP && server.Encryption != profile.TLS:
		server.Port = 25
	default:
		server.Port = usualPort(d, server.Encryption)
	}
	return &server
}

// evolutionAuth is the mechanism. Without one imapx logs in with the password, and the
// transport sends without a login.
func evolutionAuth(method string, d profile.Protocol) evidence.Auth {
	method = strings.ToUpper(method)
	switch {
	case (method == "" || method == "NONE") && d == profile.SMTP, method == "POPB4SMTP":
		return evidence.AuthNone
	case method == "", method == "NONE", method == "PLAIN", method == "LOGIN", method == "PLAIN/PASSWORD":
		return evidence.AuthPassword
	case strings.HasSuffix(method, "-MD5"), strings.HasPrefix(method, "SCRAM-"):
		return evidence.AuthEncrypted
	case method == "GSSAPI", method == "NTLM", method == "ANONYMOUS", method == "EXTERNAL":
		return evidence.AuthOther
	}
	return evidence.AuthOAuth // XOAUTH2, or the name of a provider that has a service of its own
}

// habits are those of an account of imapx; the defaults stand in e-source-refresh.c and
// camel-imapx-settings.c.
func (s source) habits(c *evidence.Client) {
	minutes := 60
	if n, err := strconv.ParseUint(s.get("Refresh", "IntervalMinutes"), 10, 31); err == nil {
		minutes = int(n)
	}
	if s.get("Refresh", "Enabled") == "false" {
		minutes = 0
	}
	c.CheckMinutes = &minutes

	const backend = "Imapx Backend"
	c.SyncsAll = evidence.No
	switch {
	case s.get(backend, "CheckAll") == "true", s.get("Offline", "StaySynchronized") == "true":
		c.SyncsAll = evidence.Yes
	case s.get(backend, "CheckSubscribed") == "true":
		c.SyncsAll = evidence.Unknown // how many are subscribed is not here
	}

	c.Connections = 3
	if n, err := strconv.ParseUint(s.get(backend, "ConcurrentConnections"), 10, 31); err == nil {
		c.Connections = min(max(int(n), 1), 7)
	}

	c.Asks = evidence.Yes
	if s.get(backend, "UseNamespace") == "true" {
		c.Asks = evidence.No
	}
	if _, given := named(s, backend)["Namespace"]; given {
		root := s.get(backend, "Namespace")
		c.RootPath = &root
	}
}

// folderOf is the path in "folder://UID/path" where it is in the account: those of the UID
// "local" are on this computer.
func folderOf(uri, uid string) *string {
	rest, ok := strings.CutPrefix(uri, "folder://")
	owner, folder, cut := strings.Cut(rest, "/")
	if !ok || !cut || unescaped(owner) != uid {
		return nil
	}
	folder = unescaped(folder)
	return &folder
}

func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// keyFileText takes the escapes of a GKeyFile away.
func keyFileText(text string) string {
	return strings.NewReplacer(`\\`, `\`, `\s`, " ", `\n`, "\n", `\t`, "\t", `\r`, "\r").Replace(text)
}
