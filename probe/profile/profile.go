// Package profile holds what the user set up and what the provider asks: the
// yardstick that every check measures with. It reads YAML and does no network I/O.
package profile

import (
	"fmt"
	"strings"
)

// Protocol is what a path speaks.
type Protocol string

// The two protocols that mailmedic probes.
const (
	IMAP Protocol = "imap" // RFC 9051 and RFC 3501
	SMTP Protocol = "smtp" // RFC 5321, as submission RFC 6409
)

// Encryption is how a path gets its TLS.
type Encryption string

// The ways of RFC 8314: TLS from the first byte, TLS after a command, or none.
const (
	TLS      Encryption = "tls"
	STARTTLS Encryption = "starttls"
	None     Encryption = "none"
)

// Customary is the encryption of the ports that have one by standard or custom (RFC 8314,
// RFC 6409); empty where a port may be either.
func Customary(port int) Encryption {
	switch port {
	case 993, 465:
		return TLS
	case 143, 587, 25:
		return STARTTLS
	}
	return ""
}

// Shown is how mail programs call the setting.
func (e Encryption) Shown() string {
	switch e {
	case TLS:
		return "SSL/TLS"
	case STARTTLS:
		return "STARTTLS"
	}
	return "none"
}

// Role says how much a fault on a path matters to the person who runs the check.
type Role string

// The roles. A fault counts in full on a recommended path, is a warning on an
// alternate and a note on an optional or trial one while the others work.
const (
	Recommended Role = "recommended"
	Alternate   Role = "alternate"
	Optional    Role = "optional"
	Trial       Role = "trial"
)

// Profile is one provider's instructions in one era.
type Profile struct {
	Name      string            `yaml:"name" json:"name"`
	Title     string            `yaml:"title" json:"title"`
	Successor string            `yaml:"successor,omitempty" json:"successor"` // name of the profile that replaced this one
	Support   string            `yaml:"support,omitempty" json:"support"`     // where the provider can be asked for help
	Web       string            `yaml:"web,omitempty" json:"web"`             // the provider's web server: a name to compare the mail servers with
	Sources   map[string]string `yaml:"sources" json:"sources"`               // id used by the facts below: title of the page
	Domains   []string          `yaml:"domains" json:"domains"`               // the provider's own mail domains
	MX        []string          `yaml:"mx,omitempty" json:"mx"`               // hosted domains have an MX at or below one of these names
	Paths     []Path            `yaml:"paths" json:"paths"`
	Login     []LoginRule       `yaml:"login" json:"login"`
	Folders   Folders           `yaml:"folders" json:"folders"`
	Checking  Checking          `yaml:"checking,omitempty" json:"checking"`
	Issues    []Issue           `yaml:"issues,omitempty" json:"issues"`
}

// Path is one way to the server: a protocol on a port.
type Path struct {
	Protocol   Protocol   `yaml:"protocol" json:"protocol"`
	Port       int        `yaml:"port" json:"port"`
	Host       string     `yaml:"host" json:"host"`
	Encryption Encryption `yaml:"encryption" json:"encryption"`
	Role       Role       `yaml:"role" json:"role"`
	Server     string     `yaml:"server,omitempty" json:"server"` // names the mail store behind the path where a provider runs two, as "old" and "new"
	Origin     `yaml:",inline"`
}

// Origin says where a fact was read and when it held.
type Origin struct {
	Source string `yaml:"source,omitempty" json:"source"` // a key of Profile.Sources
	Years  string `yaml:"years,omitempty" json:"years"`   // "2000-2011", "2015-", "-2012", or empty where no page says
}

// ID names the path as reports, flags and JSON do: "imap-993".
func (p Path) ID() string { return fmt.Sprintf("%s-%d", p.Protocol, p.Port) }

// Kind says whose domain an address is in.
type Kind string

// The kinds of account. Unknown means that the address gave no domain to judge.
const (
	Own     Kind = "own"    // a domain of the provider itself
	Hosted  Kind = "hosted" // the customer's domain
	Unknown Kind = ""
)

// LoginRule gives the login-name forms that the provider accepts for one kind of
// account, best first. A form is text with {user} and {domain} in it.
type LoginRule struct {
	Kind   Kind     `yaml:"kind" json:"kind"`
	Forms  []string `yaml:"forms" json:"forms"`
	Origin `yaml:",inline"`
}

// Folders is where the provider's page says that mail is kept.
type Folders struct {
	Root   Folder `yaml:"root,omitempty" json:"root"` // the "root folder path" or "IMAP path prefix" to type into a client
	Sent   Folder `yaml:"sent,omitempty" json:"sent"`
	Drafts Folder `yaml:"drafts,omitempty" json:"drafts"`
}

// Folder is one folder instruction.
type Folder struct {
	Name        string `yaml:"name,omitempty" json:"name"`
	Optional    bool   `yaml:"optional,omitempty" json:"optional"`
	Unsupported bool   `yaml:"unsupported,omitempty" json:"unsupported"` // the page says that the server has no such folder
	Origin      `yaml:",inline"`
}

// Checking is how often a client may look for new mail.
type Checking struct {
	MinMinutes int `yaml:"min_minutes,omitempty" json:"min_minutes"` // wait longer than this between two checks
	Origin     `yaml:",inline"`
}

// Issue is a known issue or a special consideration from the provider's page.
type Issue struct {
	Code   string   `yaml:"code" json:"code"` // the catalogue's code, "MM951"
	Title  string   `yaml:"title" json:"title"`
	Text   string   `yaml:"text" json:"text"`
	Apps   []string `yaml:"apps,omitempty" json:"apps"`     // the clients it concerns; empty means all
	Absent []string `yaml:"absent,omitempty" json:"absent"` // path ids on which the provider says that it does not occur
	Origin `yaml:",inline"`
}

// Account is what the user set up: who they are and what their client has configured.
// It holds no secret.
type Account struct {
	Address string `json:"address"`
	Login   string `json:"login"` // as typed; empty when the user gave none and the profile's form is used
	Kind    Kind   `json:"kind"`

	Symptom string `json:"symptom"`  // receive, send, both, none or empty
	AppPort string `json:"app_port"` // id of the path that the user's client is set to
	App     string `json:"app"`      // the client's name, lower case: "thunderbird"

	// The folder paths as the client has them; nil means that the user said nothing,
	// which is not the same as an empty path.
	RootPath   *string `json:"root_path"`
	SentPath   *string `json:"sent_path"`
	DraftsPath *string `json:"drafts_path"`
}

// Path finds a path by id.
func (p *Profile) Path(id string) (Path, bool) {
	for _, path := range p.Paths {
		if path.ID() == id {
			return path, true
		}
	}
	return Path{}, false
}

// Kind tells whose domain the address is in. Any domain that is not the
// provider's own counts as hosted: the profile cannot know customers' domains.
func (p *Profile) Kind(address string) Kind {
	_, domain, ok := Split(address)
	if !ok {
		return Unknown
	}
	for _, own := range p.Domains {
		if strings.EqualFold(domain, own) {
			return Own
		}
	}
	return Hosted
}

// LoginNames lists the login names that the provider accepts for the address,
// best first, or nil when the profile has no rule for it.
func (p *Profile) LoginNames(address string) []string {
	user, domain, ok := Split(address)
	if !ok {
		return nil
	}
	kind := p.Kind(address)
	var names []string
	for _, rule := range p.Login {
		if rule.Kind != kind {
			continue
		}
		for _, form := range rule.Forms {
			names = append(names, strings.NewReplacer("{user}", user, "{domain}", domain).Replace(form))
		}
	}
	return names
}

// Split cuts an address at its last "@". It reports false unless both halves are there.
func Split(address string) (user, domain string, ok bool) {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || at == len(address)-1 {
		return "", "", false
	}
	return address[:at], strings.ToLower(address[at+1:]), true
}
