package clientconf

import (
	"strconv"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// mostAccounts of one file are read. Nobody has more, and a file made to be long ends here.
const mostAccounts = 500

// mostSections are more than the accounts of any program need, with all that is around them.
const mostSections = 20 * mostAccounts

// group is one group of an INI file.
type group struct {
	name string
	keys map[string]string // a key given twice has its last value
}

// sections reads an INI file in its order. What stands before the first heading is a section
// without a name. A line that is no heading and no key is passed over: the programs whose
// files these are do so too, or refuse a file that nobody then has.
func sections(text string) []group {
	all := []group{{keys: map[string]string{}}}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if line[0] == '[' {
			if len(all) > mostSections {
				break
			}
			if name, _, ok := strings.Cut(line[1:], "]"); ok {
				all = append(all, group{strings.TrimSpace(name), map[string]string{}})
			}
			continue
		}
		if key, value, ok := strings.Cut(line, "="); ok {
			all[len(all)-1].keys[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return all
}

// named finds a group; without one, its keys are empty.
func named(all []group, name string) map[string]string {
	for _, s := range all {
		if s.name == name {
			return s.keys
		}
	}
	return nil
}

// portOf reads a port; what is none is 0, unknown.
func portOf(text string) int {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

// usualPort is the registered port of a protocol (RFC 8314, RFC 6409).
func usualPort(p profile.Protocol, e profile.Encryption) int {
	switch {
	case p == profile.IMAP && e == profile.TLS:
		return 993
	case p == profile.IMAP:
		return 143
	case e == profile.TLS:
		return 465
	}
	return 587
}

// only finds the account of a name where there is one alone: the password of a namesake
// would go to the wrong server.
func only[T any](all []T, name func(T) string, want string) (found T, ok bool) {
	for _, a := range all {
		if name(a) != want {
			continue
		}
		if ok {
			var none T
			return none, false
		}
		found, ok = a, true
	}
	return found, ok
}

// seenIf is Yes or No where a switch is set, and what the program does by itself where not.
func seenIf(text string, byItself evidence.Seen) evidence.Seen {
	switch strings.ToLower(text) {
	case "true", "yes", "1":
		return evidence.Yes
	case "false", "no", "0":
		return evidence.No
	}
	return byItself
}
