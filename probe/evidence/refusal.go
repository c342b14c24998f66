package evidence

import (
	_ "embed" // the list of words
	"strings"
)

//go:embed refusals.txt
var refusals string

// Reason is why a login was refused, as the server's words have it.
type Reason string

// The reasons that words tell.
const (
	Unsaid       Reason = ""
	Connections  Reason = "connections"  // as many are open as the server allows
	Tries        Reason = "tries"        // there were too many before
	AppPassword  Reason = "app-password" // another password than the account's own
	WebLogin     Reason = "web"          // first a login with a browser
	Expired      Reason = "expired"      // the password is too old
	SwitchedOff  Reason = "closed"       // the account, or this service for it, is switched off
	ServiceFails Reason = "down"         // no password can be checked now
)

// Reason reads the words of a refusal. Codes come first wherever they say more; these are
// for what servers give no code of its own for.
func (r *Reply) Reason() Reason {
	if r == nil {
		return Unsaid
	}
	said := strings.ToLower(r.Text)
	for line := range strings.Lines(refusals) {
		fields := strings.Split(line, " | ")
		if len(fields) == 3 && !strings.HasPrefix(line, "#") && strings.Contains(said, fields[1]) {
			return Reason(fields[0])
		}
	}
	return Unsaid
}

// ForNow tells whether the reason passes by itself, so that a further try in the same run
// would only make it worse.
func (r Reason) ForNow() bool {
	return r == Connections || r == Tries || r == ServiceFails
}
