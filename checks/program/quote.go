package program

import (
	"fmt"
	"strings"
)

// shell writes a word for sh: between single quotes nothing has a meaning but their end.
func shell(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// double writes a word between double quotes, in which a backslash takes the meaning from
// itself and from a quote.
func double(word string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word) + `"`
}

// percent writes a word so that it can stand anywhere in a URL: all but the unreserved
// characters of RFC 3986 section 2.3 become %XX.
func percent(word string) string {
	var b strings.Builder
	for _, c := range []byte(word) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// percentPath is percent for a folder path, whose slashes stay.
func percentPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = percent(part)
	}
	return strings.Join(parts, "/")
}

// addrSpec writes an address as a From field needs it: a local part with characters of its
// own goes between quotes (RFC 5322 section 3.4.1).
func addrSpec(address string) string {
	at := strings.LastIndexByte(address, '@')
	local := address[:at]
	plain := !strings.HasPrefix(local, ".") && !strings.HasSuffix(local, ".") && !strings.Contains(local, "..")
	for _, r := range local {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r > 127
		plain = plain && (letter || strings.ContainsRune(".!#$%&'*+-/=?^_`{|}~", r))
	}
	if plain {
		return address
	}
	return double(local) + address[at:]
}

// mailbox is an address with the sender's name, if there is one.
func (s Settings) mailbox() string {
	if s.Name == "" {
		return addrSpec(s.Address)
	}
	return double(s.Name) + " <" + addrSpec(s.Address) + ">"
}

// keyring is a command that prints the password which the user put into the desktop's
// keyring. Where there is none it prints nothing and fails.
func (s Settings) keyring() string { return "secret-tool lookup mail " + shell(s.Address) }

// fromKeyring explains in the head of a file where it belongs and what the command does.
func (s Settings) fromKeyring(place, setting string) []string {
	return []string{
		"It belongs to " + place + ", where nobody else may read it.",
		"It holds no password: the command behind " + setting + " asks your keyring. Put it there with",
		"    secret-tool store --label=mail mail " + shell(s.Address),
		"or write the command of another password manager in its place.",
	}
}
