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
	Resolvers []string `json:"resolvers"` // name servers that were asked
	Proxies   []string `json:"proxies"`   // names of the proxy variables that are set, never their values
}

// Lookup is one question to the name service.
type Lookup struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"` // A, AAAA, MX
	Step    Step     `json:"step"`
	Answers []string `json:"answers"`
	RCode   string   `json:"rcode,omitempty"`  // as the server sent it; empty when no packet came or a local file answered
	Server  string   `json:"server,omitempty"` // the name server that was asked
}

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
	Farewell   Step       `json:"farewell"` // LOGOUT or QUIT

	Wire   []Line `json:"wire"`             // transcript, never of a login
	Broken string `json:"broken,omitempty"` // a panic while the path was probed
	Took   Millis `json:"took_ms"`
}

// Dial is one TCP connection attempt to one address.
type Dial struct {
	Address string `json:"address"` // IP:port
	Family  string `json:"family"`  // "4" or "6"
	Step    Step   `json:"step"`
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
	ServiceTLS   Service = "tls"
	ServiceOther Service = "other"
)

// Secure is the way to TLS and what was presented there.
type Secure struct {
	Step     Step          `json:"step"`
	Offered  Seen          `json:"offered"`           // STARTTLS stands in the clear-text capabilities
	Answer   *Reply        `json:"answer,omitempty"`  // to STARTTLS
	Instead  Service       `json:"instead,omitempty"` // what came where a TLS record was due
	Answered Seen          `json:"answered"`          // any byte came back to the TLS hello
	Implicit Seen          `json:"implicit"`          // a port that should greet in clear text was silent, and a TLS hello was answered
	Version  string        `json:"version,omitempty"`
	Cipher   string        `json:"cipher,omitempty"`
	Group    string        `json:"group,omitempty"`
	Chain    []Certificate `json:"chain"` // as sent, leaf first
	Judged   Judgement     `json:"judged"`
}

// Certificate is one certificate of a chain, as far as anyone needs it.
type Certificate struct {
	Subject    string    `json:"subject"`
	Issuer     string    `json:"issuer"`
	Names      []string  `json:"names"` // DNS names and addresses of the SAN
	NotBefore  time.Time `json:"not_before"`
	NotAfter   time.Time `json:"not_after"`
	IsCA       bool      `json:"is_ca"`
	SelfSigned bool      `json:"self_signed"`
	KeyType    string    `json:"key_type"`
	KeyBits    int       `json:"key_bits"`
	Signature  string    `json:"signature"`
	IssuerURL  string    `json:"issuer_url,omitempty"` // authority information access, RFC 5280 section 4.2.2.1
	Logged     bool      `json:"logged"`               // carries certificate-transparency timestamps, RFC 6962: issued by a public authority
	SHA256     string    `json:"sha256"`
	Raw        []byte    `json:"-"` // DER, only while the run lasts
}

// Judgement asks each reason against a certificate separately, because one
// verification hides all reasons but the first. Each Seen is "yes" when it is right.
type Judgement struct {
	Verified    bool   `json:"verified"`               // the whole verification passed: the only gate for a password
	Time        Seen   `json:"time"`                   // every certificate that was sent is in its validity period
	TimeWhy     string `json:"time_why,omitempty"`     // "expired" or "not-yet-valid"
	Name        Seen   `json:"name"`                   // the leaf is for the host that was asked for
	Chain       Seen   `json:"chain"`                  // leads to a trusted root, at a time at which it was valid
	ChainWhy    string `json:"chain_why,omitempty"`    // "self-signed", "missing-intermediate" or "unknown-authority"
	Missing     string `json:"missing,omitempty"`      // subject of the certificate that the server should have sent
	CompletedBy string `json:"completed_by,omitempty"` // path whose chain made this one verify
}

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

// Folders is the mailbox tree as one server shows it.
type Folders struct {
	Step      Step     `json:"step"`
	Namespace Seen     `json:"namespace"` // the server answered NAMESPACE, RFC 2342
	Prefix    string   `json:"prefix"`    // of the personal namespace, "INBOX." or ""
	Delimiter string   `json:"delimiter"`
	List      []Folder `json:"list"`
	Cut       bool     `json:"cut"` // more folders than the limit; the rest was not read
}

// Folder is one row of LIST.
type Folder struct {
	Name       string   `json:"name"`
	Delimiter  string   `json:"delimiter"`
	Attributes []string `json:"attributes"` // as sent: \Sent, \Noselect
	Messages   *uint32  `json:"messages,omitempty"`
}

// Messages is what the header fields of one folder's newest messages showed.
// It holds counts and UIDs, never a subject or an address.
type Messages struct {
	Folder             string  `json:"folder"`
	Step               Step    `json:"step"`
	Examined           int     `json:"examined"`
	Imported           Example `json:"imported"`   // no trace of delivery: appended by a client
	Apostrophe         Example `json:"apostrophe"` // imported, with U+0027 in the subject
	SavedByThunderbird Example `json:"saved_by_thunderbird"`
}

// Example counts messages and names the newest of them.
type Example struct {
	Count int    `json:"count"`
	UID   uint32 `json:"uid,omitempty"`
	Date  string `json:"date,omitempty"` // INTERNALDATE, RFC 3339
}

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
