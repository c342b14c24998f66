package clientconf

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// account is one account as a reader finds it: what may be told of it, and how its
// passwords are had. Only Password asks for the second half.
type account struct {
	evidence.Client
	in, out Stored
}

// reading collects what comes up while a file is read. No text of the file goes into it,
// as any of it can be a password; names of included files are the exception.
type reading struct {
	missed []string
	faults []string
	more   int // faults beyond the first few
}

const (
	mostMissed = 20
	mostFaults = 3
)

// miss writes down once what was not read and could matter.
func (r *reading) miss(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if len(r.missed) < mostMissed && !slices.Contains(r.missed, text) {
		r.missed = append(r.missed, text)
	}
}

// fault writes down what of the file is broken. A line of 0 is left out.
func (r *reading) fault(line int, what string) {
	if line > 0 {
		what = fmt.Sprintf("line %d: %s", line, what)
	}
	if len(r.faults) == mostFaults {
		r.more++
		return
	}
	r.faults = append(r.faults, what)
}

// port reads a port. An empty text is the program's own default.
func (r *reading) port(line int, text string, byDefault int) int {
	if text == "" {
		return byDefault
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		r.fault(line, "the port is not a number from 1 to 65535")
		return 0
	}
	return int(n)
}

// clip empties the lines that are too long for a setting, and keeps the count of lines.
func (r *reading) clip(text string) string {
	if len(text) <= maxLine {
		return text
	}
	var out strings.Builder
	number := 0
	for line := range strings.Lines(text) {
		number++
		if len(line) > maxLine+1 {
			r.miss("line %d is longer than 64 KiB and was not read", number)
			out.WriteByte('\n')
		} else {
			out.WriteString(line)
		}
	}
	return out.String()
}

// done hands over the accounts, each with what was missed in its file.
func (r *reading) done(all []account) ([]account, error) {
	if len(all) > maxAccounts {
		all = all[:maxAccounts]
		r.fault(0, fmt.Sprintf("there are more than %d accounts, the rest was not read", maxAccounts))
	}
	name(all)
	for i := range all {
		all[i].Missed = append(all[i].Missed, r.missed...)
	}
	if len(all) == 0 {
		for _, text := range r.missed {
			r.fault(0, text)
		}
	}
	if len(r.faults) == 0 {
		return all, nil
	}
	text := strings.Join(r.faults, "; ")
	if r.more > 0 {
		text += fmt.Sprintf("; and %d more", r.more)
	}
	return all, errors.New(text)
}

// name numbers the accounts of one name, so that Password finds the one that is meant.
func name(all []account) {
	taken := map[string]bool{}
	next := map[string]int{}
	for i := range all {
		base := all[i].Account
		for taken[all[i].Account] {
			next[base]++
			all[i].Account = fmt.Sprintf("%s (%d)", base, next[base]+1)
		}
		taken[all[i].Account] = true
	}
}

// told leaves off how passwords are had.
func told(all []account, err error) ([]evidence.Client, error) {
	var out []evidence.Client
	for _, a := range all {
		out = append(out, a.Client)
	}
	return out, err
}

// minutes rounds up to the whole minutes of a check interval.
func minutes(seconds float64) *int {
	n := int(math.Ceil(math.Min(math.Max(seconds, 0), 1e9) / 60))
	return &n
}

// ports are the registered ones: RFC 9051, RFC 5321 and RFC 8314.
func imapPort(e profile.Encryption) int {
	if e == profile.TLS {
		return 993
	}
	return 143
}

// authOf tells what a list of SASL mechanisms comes down to. Mechanisms of several kinds
// leave the choice to the program.
func authOf(mechanisms []string) evidence.Auth {
	found := evidence.AuthUnknown
	for _, m := range mechanisms {
		is := mechanism(m)
		if is == evidence.AuthUnknown || found != evidence.AuthUnknown && is != found {
			return evidence.AuthUnknown
		}
		found = is
	}
	return found
}

func mechanism(name string) evidence.Auth {
	name = strings.ToUpper(strings.TrimSpace(name))
	switch {
	case name == "PLAIN" || name == "LOGIN":
		return evidence.AuthPassword
	case name == "CRAM-MD5" || name == "DIGEST-MD5" || strings.HasPrefix(name, "SCRAM-"):
		return evidence.AuthEncrypted
	case name == "XOAUTH2" || name == "OAUTHBEARER":
		return evidence.AuthOAuth
	case slices.Contains([]string{"GSSAPI", "NTLM", "EXTERNAL", "GSS-SPNEGO", "KERBEROS_V4"}, name):
		return evidence.AuthOther
	case name == "ANONYMOUS":
		return evidence.AuthNone
	}
	return evidence.AuthUnknown
}

// behind is what follows the root folder path in a folder path, and the whole path where
// that does not begin with it. Programs write the server's delimiter as it is or as "/".
func behind(root, path string) string {
	root = strings.TrimRight(root, "/.")
	rest, ok := strings.CutPrefix(path, root)
	if root == "" || !ok || rest == "" || rest[0] != '/' && rest[0] != '.' {
		return path
	}
	return rest[1:]
}
