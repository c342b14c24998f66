package probe

import "fmt"

// Credentials is what a login needs beside the name.
type Credentials struct {
	Password Secret
}

// Secret is a password. Every way to print, log or marshal it gives a mask.
type Secret struct{ value []byte }

// NewSecret keeps a copy of the password.
func NewSecret(password []byte) Secret { return Secret{append([]byte(nil), password...)} }

// Empty tells whether there is no password.
func (s Secret) Empty() bool { return len(s.value) == 0 }

const mask = "(secret)"

// String masks the password.
func (s Secret) String() string { return mask }

// GoString masks the password in %#v.
func (s Secret) GoString() string { return mask }

// Format masks the password under every verb, also %x.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, mask) }

// MarshalText masks the password in JSON, XML, YAML and log attributes.
func (s Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }
