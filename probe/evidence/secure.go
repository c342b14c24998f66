package evidence

import "time"

// Secure is the way to TLS and what was presented there.
type Secure struct {
	Step     Step          `json:"step"`
	Offered  Seen          `json:"offered"`           // STARTTLS stands in the clear-text capabilities
	Answer   *Reply        `json:"answer,omitempty"`  // to STARTTLS
	Instead  Service       `json:"instead,omitempty"` // what came where a TLS record was due
	Answered Seen          `json:"answered"`          // any byte came back to the TLS hello
	Anyway   Seen          `json:"anyway"`            // STARTTLS was accepted although it is not among the capabilities
	Wanted   Seen          `json:"wanted"`            // the server asked for a client certificate
	Staple   *Staple       `json:"staple,omitempty"`
	Implicit Seen          `json:"implicit"` // a port that should greet in clear text was silent, and a TLS hello was answered
	Version  string        `json:"version,omitempty"`
	Cipher   string        `json:"cipher,omitempty"`
	Group    string        `json:"group,omitempty"`
	Chain    []Certificate `json:"chain"`          // as sent, leaf first
	Sent     int           `json:"sent,omitempty"` // certificates that came, where there were more than Chain keeps; the rest was not judged
	Judged   Judgement     `json:"judged"`
}

// Staple is the OCSP answer that came with the certificate, RFC 6066 section 8.
type Staple struct {
	Status    string    `json:"status"` // good, revoked or unknown, RFC 6960 section 2.2
	Proven    Seen      `json:"proven"` // its signature is right, it is about this certificate, and in its time
	RevokedAt time.Time `json:"revoked_at"`
	Reason    string    `json:"reason,omitempty"` // RFC 5280 section 5.3.1: "keyCompromise"
}

// Look is one more handshake, with a hello that tells one reason from another.
type Look struct {
	Hello    Hello     `json:"hello"`
	Address  string    `json:"address"` // IP:port
	Name     string    `json:"name"`    // the server name that was asked for
	Clear    Seen      `json:"clear"`   // clear text passed on this connection before the hello
	Step     Step      `json:"step"`    // of the handshake; skipped where it was not come to
	Answered Seen      `json:"answered"`
	Version  string    `json:"version,omitempty"`
	Cipher   string    `json:"cipher,omitempty"`
	Judged   Judgement `json:"judged"`
}

// Hello is a kind of TLS ClientHello.
type Hello string

// The hellos besides the usual one, which offers TLS 1.2 and 1.3 with post-quantum key
// shares and is larger than one packet.
const (
	HelloSmall   Hello = "small"   // TLS 1.2 and 1.3 without post-quantum key shares: it fits into one packet
	HelloClamped Hello = "clamped" // the small one, on a connection that agreed on small packets (TCP_MAXSEG)
	HelloOld     Hello = "old"     // TLS 1.0 and 1.1 only
	HelloRSA     Hello = "rsa"     // TLS 1.2 with suites that modern programs have withdrawn
	HelloName    Hello = "name"    // the usual one, for another name of the certificate
)

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
	Logged     bool      `json:"logged"`               // carries certificate-transparency timestamps, RFC 6962; whether they are genuine was not asked
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
	Kin         Seen   `json:"kin,omitempty"`          // where the name is wrong: another of the leaf's is the provider's, or of a domain that it has registered
	Chain       Seen   `json:"chain"`                  // leads to a trusted root, at a time at which it was valid
	ChainWhy    string `json:"chain_why,omitempty"`    // "self-signed", "missing-intermediate", "unknown-authority", "weak-signature", "weak-key" or "unfit"
	Missing     string `json:"missing,omitempty"`      // subject of the certificate that the server should have sent
	CompletedBy string `json:"completed_by,omitempty"` // path whose chain made this one verify
}
