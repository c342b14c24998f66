package evidence

import (
	_ "embed" // the list of products
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed interceptors.txt
var interceptors string

// Product is a program or a company's service that opens TLS connections on the way.
type Product struct {
	Name string // as its users know it: "Avast"
	Kind ProductKind

	// Distrusts tells that the product itself did not believe the server behind it, and
	// says so with an authority that nobody trusts.
	Distrusts bool
}

// ProductKind says where a product stands.
type ProductKind string

// The kinds.
const (
	OnComputer ProductKind = "computer" // security software on this computer
	OnNetwork  ProductKind = "network"  // a company's or school's proxy or firewall
)

// Interceptor names the product whose own authority issued the certificate that was
// presented, or nil when it is none that is known. One that signs itself is somebody's
// server. Timestamps of certificate transparency clear nobody of suspicion: a product may
// copy them from the server behind it, only the logs' keys could tell, and the trust store
// does not say whose roots are public. So the list holds words that are in no public
// authority's name, and the name alone decides.
func (s *Secure) Interceptor() *Product {
	if len(s.Chain) == 0 || s.Chain[0].SelfSigned {
		return nil
	}
	names := titles(s.Chain[0].Issuer)
	for _, c := range s.Chain[1:] {
		names = append(append(names, titles(c.Subject)...), titles(c.Issuer)...)
	}
	for line := range strings.Lines(interceptors) {
		fields := strings.Split(line, " | ")
		if len(fields) != 4 || strings.HasPrefix(line, "#") || !says(names, fields[2]) {
			continue
		}
		return &Product{
			Name: fields[1], Kind: ProductKind(fields[0]),
			Distrusts: says(names, "untrusted") || says(names, "self-signed"),
		}
	}
	return nil
}

// titles lists the values of O and CN in a distinguished name as RFC 2253 writes it, lower
// case. The other parts say where somebody lives, which is no sign of a product.
func titles(name string) []string {
	var list []string
	for _, part := range attributes(name) {
		kind, value, _ := strings.Cut(part, "=")
		if kind = strings.TrimSpace(kind); strings.EqualFold(kind, "O") || strings.EqualFold(kind, "CN") {
			list = append(list, strings.ToLower(value))
		}
	}
	return list
}

// attributes takes a distinguished name apart at the commas and pluses that no backslash
// protects.
func attributes(name string) []string {
	var parts []string
	from, protected := 0, false
	for i, c := range name {
		if (c == ',' || c == '+') && !protected {
			parts = append(parts, name[from:i])
			from = i + 1
		}
		protected = c == '\\' && !protected
	}
	return append(parts, name[from:])
}

// says tells whether one of the values holds words, whole: "hosting data" holds no "g data".
func says(values []string, words string) bool {
	return slices.ContainsFunc(values, func(value string) bool {
		for from := 0; ; {
			at := strings.Index(value[from:], words)
			if at < 0 {
				return false
			}
			before, _ := utf8.DecodeLastRuneInString(value[:from+at])
			after, _ := utf8.DecodeRuneInString(value[from+at+len(words):])
			if !letter(before) && !letter(after) {
				return true
			}
			from += at + len(words)
		}
	})
}

func letter(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// Revoked tells whether a proven OCSP answer says that the certificate has been revoked.
func (s *Secure) Revoked() bool {
	return s.Staple != nil && s.Staple.Status == "revoked" && s.Staple.Proven == Yes
}
