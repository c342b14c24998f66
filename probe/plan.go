package probe

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Options is what one run was asked to do. The zero value tests every path of the
// profile with the default limits and without a login name.
type Options struct {
	Account profile.Account

	Only     []string          // path ids; nil means all of the profile
	Connect  map[string]string // path id to "ADDR:PORT": dialled instead, as curl's --connect-to; an empty ADDR or PORT keeps the path's own
	Family   string            // "4", "6" or "" for both
	Resolver string            // "IP:PORT" of the name server, "" for the system's

	Timeout  time.Duration // limit of one step, 0 for the default
	Deadline time.Duration // limit of the whole run, 0 for the default

	NoLogin         string             // why no login is wanted; empty when one is
	OnlyTyped       bool               // try no other login name than the one that was typed: the password is of that one
	OnlyNeeded      bool               // try no other login name than the one that the provider wants: the one that was typed is known to be wrong
	LoginAttempts   int                // rejected logins allowed in the run, 0 for the default
	Withheld        *evidence.Withheld // too many logins of the account were rejected lately; nil when a login may be tried
	AllowUnverified []string           // path ids on which the user allows a login without a verified certificate
	Envelope        bool               // after the login, MAIL FROM and RCPT TO for the user's own address
	Messages        int                // newest messages of a folder whose header fields are read, 0 for none
	ShowMessages    bool               // keep subject and sender of the messages that are named as examples

	Roots    *x509.CertPool // nil for the system's
	Dial     DialFunc       // nil for the network; the built-in provider puts its own here
	Progress func(Event)    // called from one goroutine; nil for none

	RandomName string           // a name made up for this run, to see whether the name server invents answers; empty for none
	Successor  *profile.Profile // the provider's newer instructions, tried when the profile's fail; nil for none
	Controls   []string         // further hosts to compare with, by the user's wish
	Built      time.Time        // when this mailmedic was made
	Earlier    []evidence.Earlier
	Link       *evidence.Link // of a simulated computer; nil for the system's

	Shared *Shared // of a survey of the same profile: only what is the account's own is looked at; nil for all

	Clients        []evidence.Client // accounts of mail programs, to compare with
	Proxies        []string          // names of the proxy variables that are set; mail goes past them
	ID             string            // of the run
	Version        string            // of mailmedic
	Mode           string            // interactive or batch
	Simulated      string            // the demo scenario's name
	ProfileBecause evidence.Because
}

// DialFunc opens a connection to an IP:port, as net.Dialer.DialContext does.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// Event tells progress: a stage of a path began or ended.
type Event struct {
	Path  string // empty for the look-ups
	Stage string // start; dns, tcp, greeting, tls, capability, login, folders, done; known for all paths that have ended
	State evidence.State

	// Record goes with start and done, and is nil in other events. With start it is the
	// record before anything was observed; with done it has that path alone, in outline.
	Record *evidence.Evidence

	// Known is what all paths have come to but those that stay silent; nil in other events.
	// The listener may read it until it returns.
	Known  *evidence.Evidence
	Silent []profile.Path
}

// Plan is what a run will do, worked out before the first packet.
type Plan struct {
	Profile profile.Profile
	Options Options
	Budget  Budget

	Questions []Question // look-ups, all asked at once
	Targets   []Target   // one for each path, in profile order
	Names     []Attempt  // login names in the order in which they may be tried
}

// Question is one look-up.
type Question struct{ Name, Type string }

// Target is one path and how it is reached.
type Target struct {
	Path     profile.Path
	Override string // "ADDR:PORT" to dial instead; ADDR may be empty
	Address  string // "ADDR:PORT" that a survey has found to be the one, empty without
	Rank     int    // 0 is the path on which a login is tried first
}

// Attempt is a login name that may be tried.
type Attempt struct {
	Name string
	Form evidence.Form
}

// NewPlan works out what to do. It is pure: the same profile and options give the same plan.
func NewPlan(p profile.Profile, o Options) Plan {
	plan := Plan{Profile: p, Options: o, Budget: DefaultBudget()}
	if o.Timeout > 0 {
		plan.Budget.Step, plan.Budget.Silent = o.Timeout, 0
	}
	if o.Deadline > 0 {
		plan.Budget.Run = o.Deadline
	}
	if o.LoginAttempts > 0 {
		plan.Budget.Logins = o.LoginAttempts
	}
	if o.Shared != nil {
		plan.Targets = o.Shared.targets()
		plan.Options.RandomName = ""
	}
	for _, path := range p.Paths {
		if o.Shared != nil || o.Only != nil && !slices.Contains(o.Only, path.ID()) {
			continue
		}
		plan.Targets = append(plan.Targets, Target{Path: path, Override: o.Connect[path.ID()]})
	}
	if o.Shared == nil {
		rank(plan.Targets)
	}
	plan.Budget.Addresses = addresses(plan.Budget, len(plan.Targets))
	plan.Questions = questions(plan)
	plan.Names = names(p, o)
	if o.Shared != nil && o.Shared.ahead {
		o.Shared.resume(&plan)
	}
	return plan
}

// addresses shares the run's connections out, so that no path finds none left: as many
// for each family of each path, and one a path for a second look at a silent port.
func addresses(b Budget, paths int) int {
	if paths == 0 {
		return b.Addresses
	}
	return max(1, min(b.Addresses, (b.Connections-paths)/(2*paths)))
}

// rank orders the paths for logins: receiving before sending, because an IMAP server's
// refusal says more, and those first that matter most to the user.
func rank(targets []Target) {
	order := make([]int, len(targets))
	for i := range order {
		order[i] = i
	}
	roles := []profile.Role{profile.Recommended, profile.Alternate, profile.Trial, profile.Optional}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := targets[a].Path, targets[b].Path
		return cmp.Or(strings.Compare(string(x.Protocol), string(y.Protocol)), slices.Index(roles, x.Role)-slices.Index(roles, y.Role))
	})
	for r, i := range order {
		targets[i].Rank = r
	}
}

// questions lists the look-ups that the targets need, each once, and the MX of an
// address whose domain the profile does not know: it tells whose mail that is.
func questions(plan Plan) []Question {
	var asked []Question
	ask := func(name, kind string) {
		if q := (Question{name, kind}); !slices.Contains(asked, q) {
			asked = append(asked, q)
		}
	}
	for _, t := range plan.Targets {
		if _, _, fixed := override(t); fixed {
			continue
		}
		if plan.Options.Family != "6" {
			ask(t.Path.Host, "A")
		}
		if plan.Options.Family != "4" {
			ask(t.Path.Host, "AAAA")
		}
	}
	if plan.Options.RandomName != "" && len(asked) > 0 && plan.Options.Family != "6" {
		ask(plan.Options.RandomName, "A")
	}
	if _, domain, ok := profile.Split(plan.Options.Account.Address); ok && plan.Profile.Kind(plan.Options.Account.Address) == profile.Hosted {
		ask(domain, "MX")
	}
	return asked
}

// names lists the login names to try: as typed, then as the profile wants it. A name
// with control characters is never sent: it would end the protocol's line.
func names(p profile.Profile, o Options) []Attempt {
	a := o.Account
	accepted := p.LoginNames(address(a))
	var list []Attempt
	if a.Login != "" && !o.OnlyNeeded && !strings.ContainsFunc(a.Login, isControl) {
		list = append(list, Attempt{a.Login, evidence.Typed})
	}
	if len(accepted) > 0 && !slices.Contains(accepted, a.Login) && !o.OnlyTyped {
		list = append(list, Attempt{accepted[0], evidence.Needed})
	}
	return list
}

// address is the account's address, or a login name that is one.
func address(a profile.Account) string {
	if a.Address != "" {
		return a.Address
	}
	return strings.TrimSpace(a.Login)
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// String describes the plan for --dry-run.
func (p Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "profile %s (%s)\n", p.Profile.Name, p.Profile.Title)
	for _, q := range p.Questions {
		if q.Name == p.Options.RandomName {
			b.WriteString("look up a name that nobody has\n")
			continue
		}
		fmt.Fprintf(&b, "look up %s %s\n", q.Name, q.Type)
	}
	for _, t := range p.Targets {
		fmt.Fprintf(&b, "probe %s at %s, %s, %s", t.Path.ID(), t.Path.Host, t.Path.Encryption, t.Path.Role)
		if t.Override != "" {
			fmt.Fprintf(&b, ", dialling %s", t.Override)
		}
		b.WriteString("\n")
	}
	for _, c := range p.Options.Clients {
		fmt.Fprintf(&b, "compare with the account %s of %s in %s\n", c.Account, c.Program, c.File)
	}
	switch {
	case p.Options.NoLogin != "":
		fmt.Fprintf(&b, "no login: %s\n", p.Options.NoLogin)
	case p.Options.Withheld != nil:
		fmt.Fprintf(&b, "no login: %s\n", withheld)
	default:
		for _, n := range p.Names {
			fmt.Fprintf(&b, "log in as %s (%s), only over a verified connection, until it is rejected once\n", n.Name, n.Form)
		}
		fmt.Fprintf(&b, "at most %d rejected logins in all\n", p.Budget.Logins)
	}
	p.describeFurther(&b)
	fmt.Fprintf(&b, "at most %s a step, %s in all, %d connections, %d at a time to one host\n",
		p.Budget.Step, p.Budget.Run, p.Budget.Connections, p.Budget.PerHost)
	return b.String()
}

// describeFurther says what is done only if something fails, and who is contacted for it.
// Where the user has named an address, nobody further is.
func (p Plan) describeFurther(b *strings.Builder) {
	fmt.Fprintf(b, "if a handshake fails: other TLS hellos on at most %d ports, and none of them logs in\n", samples)
	if len(p.Options.Connect) > 0 {
		return
	}
	fmt.Fprintf(b, "if a certificate is for another name: look up at most %d of its names, only the provider's own, and try them where they lead to an address that was dialled before\n", candidates)
	if p.has(profile.Recommended, profile.Alternate) {
		p.describeControls(b)
	}
	if p.Options.Successor != nil && p.has(profile.Recommended) {
		fmt.Fprintf(b, "if one fails, or is silent for %s: try the newer instructions of %s, without a login, at %s\n", p.Budget.Doubt, p.Options.Successor.Name, strings.Join(hosts(*p.Options.Successor), ", "))
	}
}

// describeControls lists the connections that wanted may ask for.
func (p Plan) describeControls(b *strings.Builder) {
	fmt.Fprintf(b, "if a port answers and then fails: dial %s, an address at which nobody is\n", decoy)
	if p.Profile.Web != "" {
		fmt.Fprintf(b, "if one fails, or is silent for %s: look up %s, ask its web server for the date and dial its port 443\n", p.Budget.Doubt, p.Profile.Web)
	}
	for _, host := range p.Options.Controls {
		fmt.Fprintf(b, "if one fails, or is silent for %s: look up %s and dial its port 443\n", p.Budget.Doubt, host)
	}
}

// has tells whether a path of one of the roles is probed.
func (p Plan) has(roles ...profile.Role) bool {
	return slices.ContainsFunc(p.Targets, func(t Target) bool { return slices.Contains(roles, t.Path.Role) })
}

// hosts lists those of a profile's paths, each once.
func hosts(p profile.Profile) []string {
	var list []string
	for _, path := range p.Paths {
		if !slices.Contains(list, path.Host) {
			list = append(list, path.Host)
		}
	}
	return list
}
