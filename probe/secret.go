package probe

import (
	"bytes"
	"fmt"
)

// Credentials is what a login needs beside the name.
type Credentials struct {
	Password Secret
}

// Secret is a password. Every way to print, log or marshal it gives a mask.
type Secret struct {
	// A function has no bytes that reflection could find: fmt looks into an unexported field
	// of whatever it prints, and does not ask the Format of what stands there.
	value func() []byte
}

// NewSecret keeps a copy of the password.
func NewSecret(password []byte) Secret {
	kept := bytes.Clone(password)
	return Secret{func() []byte { return kept }}
}

// bytes is the password itself, for the login and for what looks for it.
func (s Secret) bytes() []byte {
	if s.value == nil {
		return nil
	}
	return s.value()
}

// Empty tells whether there is no password.
func (s Secret) Empty() bool { return len(s.bytes()) == 0 }

// Equal tells whether two are the same password.
func (s Secret) Equal(other Secret) bool { return bytes.Equal(s.bytes(), other.bytes()) }

const mask = "(secret)"

// String masks the password.
func (s Secret) String() string { return mask }

// GoString masks the password in %#v.
func (s Secret) GoString() string { return mask }

// Format masks the password under every verb, also %x.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, mask) }

// MarshalText masks the password in JSON, XML, YAML and log attributes.
func (s Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }
