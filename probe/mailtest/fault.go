package mailtest

import (
	"time"

	"mailmedic/probe/profile"
)

// Fault is what is wrong with one path, stage by stage. The zero value is a healthy
// path, and fields may be combined.
type Fault struct {
	Reach       Reach              // how a connection fails before it exists
	Encryption  profile.Encryption // what the port really speaks, instead of what the profile says
	Certificate Flaw               // what is wrong with the certificate
	MaxTLS      uint16             // newest TLS version that is spoken, as tls.VersionTLS11; 0: no limit
	Greeting    Greeting           // what stands in place of the greeting
	Late        time.Duration      // the greeting comes this much later
	NoSTARTTLS  bool               // STARTTLS is neither offered nor accepted
	Stripped    bool               // STARTTLS is not offered and accepted all the same, as where something takes the offer out
	Blocked     bool               // STARTTLS is offered and answered with 500
	Masked      bool               // a firewall rewrites SMTP: starred banner, XXXXXXXA in place of STARTTLS
	NoAuth      bool               // no login mechanism is offered: SMTP without AUTH, IMAP with LOGINDISABLED alone
	Login       Answer             // the answer to every login, whatever name and password
	CloseAfter  int                // the server closes once it has sent this many bytes, TLS records included; 0: never
	Hello       Hello              // what becomes of a TLS ClientHello
	HelloLimit  int                // a ClientHello of more bytes than this vanishes; 0: none does
	Alert       byte               // the alert that answers a ClientHello; 0: none
	Loses       int                // what the server sends in pieces of more bytes vanishes with all behind it; 0: nothing does
	OldSuites   bool               // RSA key exchange only, up to TLS 1.2
	WantCert    WantCert           // whether the server wants a client certificate
	Staple      Staple             // the OCSP answer that comes with the certificate
	CertNames   []string           // the certificate is for these names instead
	CertAge     time.Duration      // how long ago the certificate, which lasts 91 days, began; 0: a day
	Banner      string             // what the greeting says behind "220" or "* OK"
	Plain       bool               // SMTP capabilities without SIZE and 8BITMIME
	Elsewhere   string             // another mail system of this name answers: its banner, its own certificate, no login
	Near        bool               // the connection is made at once, however far the provider is
	Users       []User             // who may log in here; nil: the provider's users
	Open        bool               // SMTP takes mail without a login
	Quota       [2]int64           // used and limit of INBOX in KiB; 0: no quota
	Caps        []string           // IMAP capabilities after TLS, in place of the usual ones
	Script      string             // a scripted server takes the place of the healthy one; see ParseScript
}

// Reach is how a connection attempt ends.
type Reach string

// The ways to fail. The zero value succeeds.
const (
	Dropped       Reach = "dropped"        // no answer until the context ends
	Refused       Reach = "refused"        // refused after one round trip: by the server itself
	RefusedNearby Reach = "refused-nearby" // refused at once: by something close to the client
	Unreachable   Reach = "unreachable"    // no route
)

// Hello is what becomes of a TLS ClientHello on the way.
type Hello string

// The ends of a ClientHello. The zero value lets it pass.
const (
	HelloReset   Hello = "reset"
	HelloSilent  Hello = "silent"
	HelloClosed  Hello = "closed"
	HelloGarbage Hello = "garbage" // bytes that are no TLS come back
)

// WantCert is whether a server wants a client certificate.
type WantCert string

// The wishes. The zero value is none.
const (
	CertAsked    WantCert = "asked"
	CertDemanded WantCert = "demanded"
)

// Staple is the OCSP answer that a server sends along.
type Staple string

// The answers. The zero value is none.
const (
	StapleGood    Staple = "good"
	StapleRevoked Staple = "revoked"
	StapleForged  Staple = "forged" // revoked, signed by somebody else
)

// Flaw is a defect of a certificate.
type Flaw string

// The flaws. The zero value is a good certificate.
const (
	Expired          Flaw = "expired"
	EndsSoon         Flaw = "ends-soon" // valid for five more days
	NotYetValid      Flaw = "not-yet-valid"
	OtherName        Flaw = "other-name"
	SelfSigned       Flaw = "self-signed"
	Incomplete       Flaw = "incomplete"        // sent without its intermediate
	PrivateAuthority Flaw = "private-authority" // its root is sent, and not in Roots
	WeakKey          Flaw = "weak-key"          // RSA of 1024 bits
	ExpiredPrivate   Flaw = "expired-private"   // both Expired and PrivateAuthority
)

// otherName is what an OtherName certificate is for.
const otherName = "hosting.example.net"

// order is the certificate of a host with the flaw.
func (f Flaw) order(host string, now time.Time) Order {
	o := Order{Names: []string{host}}
	switch f {
	case Expired:
		o.NotBefore, o.NotAfter = now.Add(-93*day), now.Add(-3*day)
	case EndsSoon:
		o.NotBefore, o.NotAfter = now.Add(-85*day), now.Add(5*day)
	case NotYetValid:
		o.NotBefore, o.NotAfter = now.Add(2*day), now.Add(92*day)
	case OtherName:
		o.Names = []string{otherName}
	case SelfSigned:
		o.SelfSigned = true
	case Incomplete:
		o.OmitIntermediate = true
	case PrivateAuthority:
		o.Foreign = true
	case ExpiredPrivate:
		o = Expired.order(host, now)
		o.Foreign = true
	case WeakKey:
		o.KeyBits = 1024
	}
	return o
}

// Greeting is what stands in place of a server's greeting.
type Greeting string

// The greetings that are not one. The zero value is the protocol's own.
const (
	Silent Greeting = "silent" // the connection stays open without a word
	Closed Greeting = "closed" // the connection is closed without a word
	Busy   Greeting = "busy"   // "421" or "* BYE", then the end
	HTTP   Greeting = "http"
	POP3   Greeting = "pop3"
	SSH    Greeting = "ssh"
)

// Answer is what a login is answered with.
type Answer string

// The answers. The zero value looks at name and password.
const (
	Rejected     Answer = "rejected"      // NO [AUTHENTICATIONFAILED], 535 5.7.8
	Unavailable  Answer = "unavailable"   // NO [UNAVAILABLE], 454 4.7.0
	Limit        Answer = "limit"         // NO [LIMIT], 421 4.7.0
	Ended        Answer = "expired"       // NO [EXPIRED], 525 5.7.13
	ContactAdmin Answer = "contact-admin" // NO [CONTACTADMIN], 525 5.7.13
	AppPassword  Answer = "app-password"  // NO [ALERT], 534 5.7.9, both in words that ask for an application-specific password
)

// NameFault is what is wrong with the answers for one name. A nil list leaves the
// right answer in place; an empty one means that the name has no such record.
type NameFault struct {
	RCode  RCode         // answered instead of success
	Silent bool          // no answer at all
	Late   time.Duration // the answer comes this much later
	Only   string        // the type of record, "AAAA", that this is about; empty for all
	A      []string      // addresses that are answered instead
	AAAA   []string
	MX     []string // mail hosts that are answered instead
}

// RCode is a DNS answer code by its name in RFC 1035 and RFC 2136.
type RCode string

// The answer codes that a fault can have.
const (
	NXDomain   RCode = "NXDOMAIN"
	ServFail   RCode = "SERVFAIL"
	DNSRefused RCode = "REFUSED"
)
