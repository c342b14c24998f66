// Package evidence is what one run observed, as plain data: no I/O, no error
// values, no secrets. A zero value means "not observed", never "no".
//
// Checks judge nothing but this record, so a saved one reaches the same verdict
// again, and a bug report, a unit test and a support mail are the same file.
package evidence

import (
	"time"

	"mailmedic/probe/profile"
)

// Schema is the version of the record's shape. It grows when a field changes meaning.
const Schema = 1

// Millis is a duration in whole milliseconds. Times are rounded when they are
// recorded, so that a check sees the same number live and in a replay.
type Millis int64

// Since rounds a duration to Millis.
func Since(d time.Duration) Millis { return Millis(d.Round(time.Millisecond) / time.Millisecond) }

// Evidence is one run's record.
type Evidence struct {
	Schema   int             `json:"schema"`
	Run      Run             `json:"run"`
	Profile  profile.Profile `json:"profile"` // a recording explains itself
	Account  profile.Account `json:"account"`
	Host     Host            `json:"host"`
	Lookups  []Lookup        `json:"lookups"`  // one per name and type
	Sessions []Session       `json:"sessions"` // one per path, in profile order
	Logins   []Login         `json:"logins"`   // attempts in the order in which they were answered
	Controls []Control       `json:"controls"` // connections that were made only to compare with
	Clocks   []Clock         `json:"clocks"`   // what others say the time is

	// Clients are accounts as mail programs on this computer have them set up. They are the
	// only part of the record that was read from files.
	Clients []Client `json:"clients,omitempty"`

	// Successor is the record of the provider's newer instructions. They are tried,
	// without a login, when those of Profile fail.
	Successor *Evidence `json:"successor,omitempty"`
}

// Run says when and how the record was made.
type Run struct {
	ID          string    `json:"id"`
	At          time.Time `json:"at"` // the client's clock; no check asks another
	Took        Millis    `json:"took_ms"`
	StepLimit   Millis    `json:"step_limit_ms"` // what one step could have taken
	RunLimit    Millis    `json:"run_limit_ms"`
	Version     string    `json:"version"`
	Mode        string    `json:"mode"`      // interactive or batch
	Simulated   string    `json:"simulated"` // the demo scenario's name, empty on a real run
	Ended       Ended     `json:"ended"`
	Connections int       `json:"connections"` // opened in all

	ProfileBecause Because  `json:"profile_because"`
	NoLogin        string   `json:"no_login"`   // why no login was wanted, empty when one was
	Unverified     []string `json:"unverified"` // paths on which the user allowed a login without a verified certificate

	Built   time.Time `json:"built"`            // when this mailmedic was made: no right clock is behind it. Zero where unknown
	Broken  string    `json:"broken,omitempty"` // a panic outside of the paths
	Earlier []Earlier `json:"earlier"`          // runs for the same profile that this computer remembers, newest first

	Withheld *Withheld `json:"withheld,omitempty"` // why no login was tried although one was wanted; nil when it was not for this
}

// Withheld says that too many logins of the account were rejected in earlier runs.
type Withheld struct {
	Rejected int       `json:"rejected"` // so many
	Hours    int       `json:"hours"`    // in so many hours
	Until    time.Time `json:"until"`    // when the next one may be tried
}

// Earlier is what is remembered of a run. It names neither user nor address.
type Earlier struct {
	At        time.Time `json:"at"`
	Connected bool      `json:"connected"` // at least one mail port answered
	Rejected  int       `json:"rejected"`  // logins that were rejected
}

// Because says what chose the profile.
type Because string

// What can choose a profile. Undecided is a choice for want of any other, and the
// report says so.
const (
	ByUser    Because = "flag"
	ByDomain  Because = "domain" // the address is in one of the provider's own domains
	ByMX      Because = "mx"     // the address's domain has its mail exchanger there
	Undecided Because = "nothing decided"
)

// Ended says how the run came to its end.
type Ended string

// A run that did not finish says what cut it off.
const (
	Finished Ended = ""
	Deadline Ended = "deadline" // the limit of the whole run
	Stopped  Ended = "stopped"  // by the user
)

// Seen is a fact with three values: "not checked" is one of them.
type Seen string

// The values of Seen.
const (
	Unknown Seen = ""
	Yes     Seen = "yes"
	No      Seen = "no"
)

// Saw turns an observed bool into a Seen.
func Saw(b bool) Seen {
	if b {
		return Yes
	}
	return No
}

// State says what became of a step.
type State string

// The states. The zero value is a step that the run never came to.
const (
	NotReached    State = ""
	Done          State = "done"
	Failed        State = "failed"
	Skipped       State = "skipped" // could have run; Reason says why it did not
	NotApplicable State = "not_applicable"
)

// Step is one measured step. Took is the step's own time, At its start after the run's.
type Step struct {
	State   State    `json:"state"`
	At      Millis   `json:"at_ms"`
	Took    Millis   `json:"took_ms"`
	Failure *Failure `json:"failure,omitempty"`
	Reason  string   `json:"reason,omitempty"`
}

// Failed tells whether the step was tried and did not succeed.
func (s Step) Failed() bool { return s.State == Failed }

// Done tells whether the step was tried and succeeded.
func (s Step) Done() bool { return s.State == Done }

// Kind classifies a failure by errno or type, never by the words of an error.
type Kind string

// The kinds of failure.
const (
	Timeout     Kind = "timeout"
	Refused     Kind = "refused"     // ECONNREFUSED
	Unreachable Kind = "unreachable" // ENETUNREACH, EHOSTUNREACH
	Denied      Kind = "denied"      // EACCES, EPERM: this computer forbids it
	Reset       Kind = "reset"       // ECONNRESET, EPIPE
	Closed      Kind = "closed"      // end of stream where an answer was due
	NotFound    Kind = "not-found"   // NXDOMAIN
	NoData      Kind = "no-data"     // the name exists without this type of record
	ServFail    Kind = "servfail"    // the resolver answers SERVFAIL or another error
	DNSRefused  Kind = "dns-refused" // the resolver answers REFUSED
	BadName     Kind = "bad-name"    // the name cannot be looked up as it stands
	NotTLS      Kind = "not-tls"     // clear text where a TLS record was due
	Alert       Kind = "tls-alert"   // the peer ended the handshake with an alert
	TLS         Kind = "tls"         // the handshake failed on our side
	Protocol    Kind = "protocol"    // an answer that does not parse
	TooMuch     Kind = "too-much"    // more bytes, lines or depth than the limits allow
	Rejected    Kind = "rejected"    // a permanent refusal by the server; see Reply
	Temporary   Kind = "temporary"   // a refusal for now; see Reply
	NotOffered  Kind = "not-offered" // what the step needs is not in the server's capabilities
	Injected    Kind = "injected"    // clear-text bytes behind the STARTTLS answer
	Cancelled   Kind = "cancelled"   // the run ended first
	Internal    Kind = "internal"    // our own fault
	Other       Kind = "other"       // none of the above; Text has the raw words
)

// Failure is an error turned into data. Nothing may match on Text.
type Failure struct {
	Kind  Kind   `json:"kind"`
	Errno string `json:"errno,omitempty"` // "ECONNREFUSED"
	Alert int    `json:"alert,omitempty"` // TLS alert number, RFC 8446 section 6
	Reply *Reply `json:"reply,omitempty"`
	Text  string `json:"text"`
}

// Reply is a server's status answer in either protocol.
type Reply struct {
	Status   string `json:"status"`             // IMAP: OK, NO, BAD, BYE, PREAUTH; SMTP: the three digits
	Code     string `json:"code,omitempty"`     // IMAP response code, RFC 5530 and others, upper case: "AUTHENTICATIONFAILED"
	Enhanced string `json:"enhanced,omitempty"` // SMTP enhanced status code, RFC 3463: "5.7.8"
	Text     string `json:"text"`
}

// Host is this computer as far as it matters to mail.
type Host struct {
	OS        string   `json:"os"`
	Arch      string   `json:"arch"`
	RouteV4   Seen     `json:"route_v4"` // a route to the IPv4 internet exists
	RouteV6   Seen     `json:"route_v6"`
	LinkV4    Link     `json:"link_v4"` // the way that packets take, where there is a route
	LinkV6    Link     `json:"link_v6"`
	Resolvers []string `json:"resolvers"` // name servers that were asked
	Proxies   []string `json:"proxies"`   // names of the proxy variables that are set, never their values
}

// Link is the network interface on which packets leave.
type Link struct {
	Name    string `json:"name"`    // "wlan0", "tun0"
	Address string `json:"address"` // this computer's own on it
	Tunnel  Seen   `json:"tunnel"`  // it leads to one peer only, as those of a VPN do
}

// Control is a connection to something else than a mail port.
type Control struct {
	Purpose  Purpose `json:"purpose"`
	Host     string  `json:"host"`    // empty where an address was dialled
	Address  string  `json:"address"` // IP:port
	Step     Step    `json:"step"`    // of the TCP connection
	Service  Service `json:"service"` // what answered a plain HTTP request
	Status   string  `json:"status"`  // of the HTTP answer: "301"
	Location string  `json:"location,omitempty"`
}

// Purpose says what a control connection is compared with.
type Purpose string

// The purposes.
const (
	// Decoy is a dial to an address at which nobody is (RFC 5737). Whoever answers it
	// stands near this computer and answers for everybody.
	Decoy Purpose = "decoy"
	// Web is the provider's own web server: a network that lets mail through or not
	// shows in the difference. WebTLS is the same on port 443, of which only the
	// connection is made.
	Web    Purpose = "web"
	WebTLS Purpose = "web-tls"
)

// Clock is one reading of somebody else's clock.
type Clock struct {
	Source ClockSource `json:"source"`
	Path   string      `json:"path"`   // id of the path, or the web host
	Theirs time.Time   `json:"theirs"` // what they said
	Ours   time.Time   `json:"ours"`   // what this computer's clock said then
}

// ClockSource says where a clock reading comes from.
type ClockSource string

// The sources. A message's INTERNALDATE is a lower bound: the time cannot be before it.
const (
	ClockGreeting ClockSource = "greeting" // the date in an SMTP greeting
	ClockHTTP     ClockSource = "http"     // the Date field of the web server
	ClockMessage  ClockSource = "message"  // INTERNALDATE of the newest message
)

// Lookup is one question to the name service.
type Lookup struct {
	Why     Why      `json:"why,omitempty"`
	Name    string   `json:"name"`
	Type    string   `json:"type"` // A, AAAA, MX
	Step    Step     `json:"step"`
	Answers []string `json:"answers"`
	RCode   string   `json:"rcode,omitempty"`  // as the server sent it; empty when no packet came or a local file answered
	Server  string   `json:"server,omitempty"` // the name server that was asked
}

// Why says what a look-up was for.
type Why string

// The reasons. ForPath is for a path's host or the address's domain; ForRandom asks for
// a name made up for this run, so that any address is a false answer; ForCertificate
// asks for a name that a certificate is valid for; ForControl for the web server's.
const (
	ForPath        Why = ""
	ForRandom      Why = "random"
	ForCertificate Why = "certificate"
	ForControl     Why = "control"
)

// Session is everything that was observed on one path.
type Session struct {
	Path     profile.Path `json:"path"`
	Override string       `json:"override,omitempty"` // the address dialled by the user's wish instead of the looked-up one
	Dials    []Dial       `json:"dials"`              // every address on its own: a dead IPv6 must show
	Address  string       `json:"address,omitempty"`  // the one on which the session went on

	Greeting   Greeting   `json:"greeting"`
	Secure     Secure     `json:"secure"`
	Capability Capability `json:"capability"`
	Login      Step       `json:"login"` // the path's share of Evidence.Logins, or why there was none
	Folders    Folders    `json:"folders"`
	Messages   []Messages `json:"messages"`
	Envelope   *Envelope  `json:"envelope,omitempty"`
	Anonymous  *Envelope  `json:"anonymous,omitempty"` // the same before the login
	Looks      []Look     `json:"looks"`               // further handshakes, only after the first one failed or was not believed
	Farewell   Step       `json:"farewell"`            // LOGOUT or QUIT

	Wire   []Line `json:"wire"`             // transcript, never of a login
	Broken string `json:"broken,omitempty"` // a panic while the path was probed
	Took   Millis `json:"took_ms"`
}

// Dial is one TCP connection attempt to one address.
type Dial struct {
	Address string `json:"address"` // IP:port
	Family  string `json:"family"`  // "4" or "6"
	Step    Step   `json:"step"`

	// Of an address on which the session did not go on: what it said and presented,
	// without a login. Nil where it was not asked.
	Greeting *Greeting `json:"greeting,omitempty"`
	Secure   *Secure   `json:"secure,omitempty"`
}

// Greeting is the first thing that the server said.
type Greeting struct {
	Step    Step    `json:"step"`
	Service Service `json:"service"` // what the first bytes look like, whatever was expected
	Line    string  `json:"line"`
	Reply   *Reply  `json:"reply,omitempty"`
}

// Service is a protocol recognised by its first bytes.
type Service string

// The services that are told apart.
const (
	ServiceIMAP  Service = "imap"
	ServiceSMTP  Service = "smtp"
	ServicePOP3  Service = "pop3"
	ServiceHTTP  Service = "http"
	ServiceSSH   Service = "ssh"
	ServiceFTP   Service = "ftp"
	ServiceTLS   Service = "tls"
	ServiceOther Service = "other"
)

// Capability is what the server offers, as it wrote it.
type Capability struct {
	Step  Step     `json:"step"`
	Clear []string `json:"clear"`          // before TLS: IMAP atoms, or SMTP keywords with their parameters
	Final []string `json:"final"`          // what holds when a login would start
	Name  string   `json:"name,omitempty"` // SMTP: the host that the EHLO answer names
}

// Login is one attempt.
type Login struct {
	Path      string   `json:"path"`
	Name      string   `json:"name"`
	Form      Form     `json:"form"`
	Mechanism string   `json:"mechanism"` // PLAIN, LOGIN, or "LOGIN command"
	Result    Result   `json:"result"`
	Reply     *Reply   `json:"reply,omitempty"`
	Failure   *Failure `json:"failure,omitempty"` // the line broke before an answer came
	At        Millis   `json:"at_ms"`
	Took      Millis   `json:"took_ms"`
}

// Form says where an attempted login name came from.
type Form string

// The forms in the order in which they are tried.
const (
	Typed  Form = "typed"  // as the user wrote it
	Needed Form = "needed" // as the profile says
)

// Result is the server's verdict on a login.
type Result string

// The results. Broken means that no verdict came.
const (
	Accepted   Result = "accepted"
	RejectedIn Result = "rejected"
	ForNow     Result = "temporary"
	BrokenOff  Result = "broken"
)

// Envelope is the answer to MAIL FROM and RCPT TO for the user's own address.
type Envelope struct {
	Step     Step   `json:"step"`
	MailFrom *Reply `json:"mail_from,omitempty"`
	RcptTo   *Reply `json:"rcpt_to,omitempty"`
}

// Line is one line of a session's transcript.
type Line struct {
	At        Millis `json:"at_ms"`
	Sent      bool   `json:"sent"`
	Encrypted bool   `json:"encrypted"`
	Text      string `json:"text"`
}
