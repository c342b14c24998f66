package clientconf

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// himalayaPlaces are those at the top of himalaya's config.sample.toml, and what Rust's dirs
// calls the folder for settings on macOS and Windows.
func himalayaPlaces(p Place) []string {
	places := []string{
		filepath.Join(dotConfig(p), "himalaya", "config.toml"),
		filepath.Join(p.Home, ".himalayarc"),
	}
	switch {
	case p.OS == "darwin":
		places = append(places, filepath.Join(p.Home, "Library", "Application Support", "himalaya", "config.toml"))
	case p.OS == "windows" && p.AppData != "":
		places = append(places, filepath.Join(p.AppData, "himalaya", "config.toml"))
	}
	return places
}

// isHimalaya tells whether one account of the file has a server in one of himalaya's ways.
func isHimalaya(_, text string) bool {
	all, err := himalayaAccounts(text)
	return err == nil && slices.ContainsFunc(all, func(a himalayaAccount) bool {
		return a.own()
	})
}

// himalayaAccount is one account of any version's file. Until 0.9 an account was a table at
// the top and its keys had the protocol in front ("imap-host"), later it is below "accounts";
// 1.0 has "backend.host", its betas "imap.host", and 2.0 "imap.server".
type himalayaAccount struct {
	name   string
	table  map[string]any
	global map[string]any
}

// himalayaMost is the size of the longest file that is read. The library needs time that
// grows with the square of the number of keys: 2 s for this many bytes of nothing else.
const himalayaMost = 256 << 10

// himalayaAccounts reads the tables. The library's errors quote the file, passwords too, so
// that only the line is kept.
func himalayaAccounts(text string) ([]himalayaAccount, error) {
	if len(text) > himalayaMost {
		return nil, fmt.Errorf("more than %d KiB: not read", himalayaMost>>10)
	}
	var top map[string]any
	if err := toml.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &top); err != nil {
		var where *toml.DecodeError
		if errors.As(err, &where) {
			line, _ := where.Position()
			return nil, fmt.Errorf("line %d is not TOML", line)
		}
		return nil, errors.New("the file is not TOML")
	}
	tables, below := top["accounts"].(map[string]any)
	if !below {
		tables = top
	}
	var all []himalayaAccount
	for name, value := range tables {
		if table, ok := value.(map[string]any); ok {
			all = append(all, himalayaAccount{name, table, top})
		}
	}
	places := himalayaOrder(text)
	slices.SortFunc(all, func(a, b himalayaAccount) int {
		return cmp.Or(cmp.Compare(places[a.name], places[b.name]), cmp.Compare(a.name, b.name))
	})
	return all, nil
}

// himalayaOrder is the line in which each account first stands: a table in Go has no order.
func himalayaOrder(text string) map[string]int {
	places, n := map[string]int{}, 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimLeft(line, " \t[")
		if rest, ok := strings.CutPrefix(line, "accounts"); ok {
			if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " \t"), "."); ok {
				line = strings.TrimLeft(rest, " \t")
			}
		}
		name := line[:max(strings.IndexAny(line, " \t.]=\r\n"), 0)]
		if strings.HasPrefix(line, "'") || strings.HasPrefix(line, `"`) {
			name, _, _ = strings.Cut(line[1:], line[:1])
		}
		if places[name] == 0 {
			places[name] = n
		}
	}
	return places
}

// own tells an account of himalaya from a table of another program.
func (a himalayaAccount) own() bool {
	for _, path := range []string{"backend.type", "message.send.backend.type", "imap.server", "smtp.server", "imap-login", "smtp-login", "sender", "message.send.backend"} {
		if textAt(a.table, path) != "" {
			return true
		}
	}
	return textAt(a.table, "backend") != "" && textAt(a.table, "email") != ""
}

// himalaya reads config.toml.
func himalaya(text string, at Origin) ([]evidence.Client, error) {
	all, err := himalayaAccounts(text)
	if err != nil {
		return nil, err
	}
	var clients []evidence.Client
	for _, a := range all {
		if len(clients) == mostAccounts {
			return clients, fmt.Errorf("more than %d accounts: the rest is not read", mostAccounts)
		}
		c := evidence.Client{Program: "himalaya", File: at.Shown, Account: a.name, Address: textAt(a.table, "email")}
		c.Receiving, c.Sending = a.server(profile.IMAP).record(), a.server(profile.SMTP).record()
		if c.Receiving == nil && c.Sending == nil {
			continue
		}
		if c.Receiving != nil {
			a.habits(&c)
		}
		clients = append(clients, c)
	}
	return clients, nil
}

// habits are those of an IMAP account. A command of himalaya does one thing and ends, so that
// nothing is checked by itself; "account sync" of 0.7 to 1.x keeps copies of all folders
// that no strategy leaves out.
func (a himalayaAccount) habits(c *evidence.Client) {
	never := 0
	c.CheckMinutes, c.SyncsAll = &never, evidence.No
	if onAt(a.table, "sync") || onAt(a.table, "sync.enable") {
		c.SyncsAll = evidence.Yes
		for _, path := range []string{"sync.strategy", "sync-folders-strategy", "folder.sync.filter"} {
			if valueAt(a.table, path) != nil {
				c.SyncsAll = evidence.Unknown
			}
		}
	}
	c.DraftsPath = a.folder("drafts", "Drafts")
	if given, ok := valueAt(a.table, "message.send.save-copy").(bool); ok && !given {
		return // no copy of a sent message is kept
	}
	if given, ok := valueAt(a.table, "email-sending-save-copy").(bool); ok && !given {
		return
	}
	c.SentPath = a.folder("sent", "Sent")
}

// folder is an alias of a folder, of the account or for all. The names without an alias are
// email-lib's DEFAULT_SENT_FOLDER and DEFAULT_DRAFTS_FOLDER; 2.0 has none.
func (a himalayaAccount) folder(role, byItself string) *string {
	for _, table := range []map[string]any{a.table, a.global} {
		for _, path := range []string{"folder.aliases", "folder.alias", "folder-aliases", "mailbox.alias", "mailbox.aliases"} {
			aliases, _ := valueAt(table, path).(map[string]any)
			for name, folder := range aliases {
				if text, ok := folder.(string); ok && strings.EqualFold(name, role) {
					return &text
				}
			}
		}
	}
	if textAt(a.table, "imap.server") != "" {
		return nil
	}
	return &byItself
}

// valueAt finds a value below tables: "backend.auth.type".
func valueAt(table map[string]any, path string) any {
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		table, _ = table[key].(map[string]any)
	}
	return table[keys[len(keys)-1]]
}

func textAt(table map[string]any, path string) string {
	text, _ := valueAt(table, path).(string)
	return text
}

func onAt(table map[string]any, path string) bool {
	on, _ := valueAt(table, path).(bool)
	return on
}
