package clientconf

import (
	"regexp"
	"strings"
	"unicode"

	"mailmedic/probe/evidence"
)

// reticent keeps out of an account what can hold a password where none belongs: a file that is
// written by hand may have a URL in place of a host, two settings on one line, or a name
// with the password behind a colon. What is left out is said, without its text.
func reticent(c *evidence.Client) {
	miss := func(what string) { c.Missed = append(c.Missed, what) }
	for _, s := range []*evidence.ClientServer{c.Receiving, c.Sending} {
		if s == nil {
			continue
		}
		if s.Host != "" && !isHost(s.Host) {
			s.Host = ""
			miss("what stands in place of a server is no name of a host")
		}
		if odd(s.Login) {
			if strings.Contains(c.Account, s.Login) {
				c.Account = "an account on " + s.Host
			}
			s.Login = ""
			miss("what stands in place of a login name is none: it has a colon, a blank or a line's end in it")
		}
	}
	if odd(c.Address) {
		c.Address = ""
	}
	c.Account = unnamed(strings.Join(strings.Fields(c.Account), " "))
	for _, path := range []**string{&c.RootPath, &c.SentPath, &c.DraftsPath} {
		if *path != nil && (strings.ContainsFunc(**path, unicode.IsControl) || strings.Contains(**path, "://") || inURL.MatchString(**path)) {
			*path = nil
			miss("what stands in place of a folder is a URL, or more than one line")
		}
	}
	for i := range c.Missed {
		c.Missed[i] = unnamed(c.Missed[i])
	}
}

// isHost tells whether a text can be a host: a name in whatever alphabet, or an address.
func isHost(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune(".-_:[]%", r)
	})
}

// odd tells whether more than a name stands in a name's place. Blanks at the ends are a
// fault that people make, and are shown.
func odd(name string) bool {
	return strings.ContainsAny(strings.TrimSpace(name), ": \t") || strings.ContainsFunc(name, func(r rune) bool { return r == '\n' || r == '\r' })
}

// inURL is a password in front of a host, with or without backslashes of a pattern around it.
var inURL = regexp.MustCompile(`:[^:@\s]*@`)

func unnamed(text string) string { return inURL.ReplaceAllString(text, "@") }
