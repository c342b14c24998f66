package clientconf

import (
	"strconv"
	"strings"
)

// location is a URL as mutt's manual has it: proto[s]://[user[:password]@]server[:port][/path].
type location struct {
	protocol       string // "imap" or "smtp"
	secure         bool
	user, password string
	host           string
	port           int // 0: none in the URL
	path           string
	bare           bool // the URL says nothing of the root folder
}

// spellings are the forms of the URL that an account-hook can have.
func (l location) spellings() []string {
	scheme, host := l.protocol+"://", l.host
	if l.port > 0 {
		host += ":" + strconv.Itoa(l.port)
	}
	if l.secure {
		scheme = l.protocol + "s://"
	}
	all := []string{scheme + host}
	if l.user != "" {
		all = append(all, scheme+l.user+"@"+host, scheme+strings.ReplaceAll(l.user, "@", "%40")+"@"+host)
	}
	return all
}

// mailURL reads a URL of a protocol. It does not say what is wrong with one, because that
// would print a password.
func mailURL(text, protocol string) (location, bool) {
	scheme, rest, ok := strings.Cut(text, "://")
	scheme = strings.ToLower(scheme)
	at := location{protocol: protocol, secure: scheme == protocol+"s"}
	if !ok || scheme != protocol && !at.secure {
		return at, false
	}
	// The path can have an "@", and so can a user's name that should be written with %40.
	authority, path, _ := strings.Cut(rest, "/")
	if strings.Contains(path, "@") && strings.Contains(authority, ":") {
		return at, false // a password with a "/" in it, which mutt does not understand either
	}
	at.path = strings.Trim(unescape(path), "/")
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, password, _ := strings.Cut(authority[:i], ":")
		at.user, at.password, authority = unescape(user), unescape(password), authority[i+1:]
	}
	host, port := authority, ""
	if end := strings.IndexByte(authority, ']'); strings.HasPrefix(authority, "[") && end > 0 {
		host, port = authority[1:end], strings.TrimPrefix(authority[end+1:], ":")
	} else if i := strings.LastIndexByte(authority, ':'); i >= 0 {
		host, port = authority[:i], authority[i+1:]
	}
	at.host = host
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return at, false
		}
		at.port = int(n)
	}
	return at, host != ""
}
