package profile

import "slices"

// Known tells whether the word is one of the protocols.
func (p Protocol) Known() bool { return p == IMAP || p == SMTP }

// Known tells whether the word is one of the ways to TLS.
func (e Encryption) Known() bool { return slices.Contains([]Encryption{TLS, STARTTLS, None}, e) }

// Known tells whether the word is one of the roles. A profile on the command line gives none.
func (r Role) Known() bool {
	return slices.Contains([]Role{"", Recommended, Alternate, Optional, Trial}, r)
}

// Known tells whether the word is one of the kinds of account.
func (k Kind) Known() bool { return slices.Contains([]Kind{Unknown, Own, Hosted}, k) }
