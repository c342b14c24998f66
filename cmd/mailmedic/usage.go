package main

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

// visible shows what somebody typed so that a character which cannot be seen can.
func visible(s string) string {
	const longest = 300 // characters: an error is to be read, not scrolled
	var b strings.Builder
	for i, r := range []rune(s) {
		if i == longest {
			b.WriteString("...")
			break
		}
		if strconv.IsPrint(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "<U+%04X>", r)
		}
	}
	return b.String()
}

// oneOf checks a value that has a fixed list of words.
func oneOf(flag, value string, known ...string) error {
	for _, k := range known {
		if value == k {
			return nil
		}
	}
	hint := say.With("There are %s.", say.List(known))
	if len(known) == 1 {
		hint = say.With("There is %s.", known[0])
	}
	if near := profile.Nearest(value, known); near != "" {
		hint = say.With("Did you mean %s?  %s", near, hint)
	}
	return usage(hint, "%s has no value %s.", flag, quoted(value))
}

// quoted shows a value so that an empty one can be seen.
func quoted(value string) string { return `"` + visible(value) + `"` }

// duration reads a positive length of time with its unit.
func duration(flag, value string) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil || d <= 0 {
		return 0, usage(say.With("Write a number and its unit, as in:  %s 10s", flag), "%s is not a length of time for %s.", quoted(value), flag)
	}
	return d, nil
}

// number reads a whole number between two limits.
func number(flag, value string, low, high int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < low || n > high {
		return 0, usage(say.With("Give a number from %d to %d.", low, high), "%s has no value %s.", flag, quoted(value))
	}
	return n, nil
}

// typedAddress is cleanAddress for the word on the command line. One that is no address is
// not repeated where a flag stands which people take for one that has the password behind it.
func typedAddress(c *cli.Context) (string, error) {
	address, err := cleanAddress(c.Args().First(), c.Command.Name)
	if err != nil && (c.Bool("password-stdin") || c.Bool("use-client-password")) {
		return "", usage(say.With("Write it like this:  mailmedic %s you@example.net", c.Command.Name), "What stands in place of the address is none. It is not shown, because it could be a password.")
	}
	return address, err
}

// cleanAddress checks the form of an e-mail address, as far as a typing error could
// break it, and cuts the blanks around it. Whether it exists only the server knows.
func cleanAddress(typed, command string) (string, error) {
	address := strings.TrimSpace(typed)
	if f := misspelt(address, say.With("Write it like this:  mailmedic %s you@example.net", command)); f != nil {
		f.typed = address
		return "", f
	}
	return address, nil
}

// misspelt says why an address cannot be one; nil where it can.
func misspelt(address string, hint say.Text) *failure {
	if address == "" {
		return usage(hint, "The address is empty.")
	}
	for _, r := range address {
		switch {
		case r == ' ':
			return usage(hint, "%s is not an address: it holds a blank.", quoted(address))
		case unicode.IsSpace(r) || !strconv.IsPrint(r):
			return usage(hint, "%s is not an address: it holds a character that cannot be seen.", quoted(address))
		}
	}
	local, domain, found := strings.Cut(address, "@")
	switch {
	case !found:
		return usage(hint, "%s is not an address: it has no @.", quoted(address))
	case strings.Contains(domain, "@"):
		return usage(hint, "%s is not an address: it has more than one @.", quoted(address))
	case local == "":
		return usage(hint, "%s is not an address: nothing stands before the @.", quoted(address))
	case domain == "":
		return usage(hint, "%s is not an address: nothing stands behind the @.", quoted(address))
	case !dotted(domain):
		return usage(hint, "%s is not an address: %s is not a whole domain.", quoted(address), quoted(domain))
	}
	return nil
}

// dotted tells whether a domain has at least two labels and no empty one.
func dotted(domain string) bool {
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" {
			return false
		}
	}
	return len(labels) > 1
}

// resolverAddress reads IP or IP:PORT for --resolver; 53 is the port of RFC 1035.
func resolverAddress(value string) (string, error) {
	if ip, err := netip.ParseAddr(strings.Trim(value, "[]")); err == nil {
		return netip.AddrPortFrom(ip, 53).String(), nil
	}
	if ap, err := netip.ParseAddrPort(value); err == nil && ap.Port() != 0 {
		return ap.String(), nil
	}
	return "", usage("Write it like this:  --resolver 9.9.9.9", "--resolver takes the IP address of a name server, not %s.", quoted(value))
}
