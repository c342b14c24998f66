package profile

import "strings"

// Serves tells whether one of a domain's mail exchangers is the provider's, which is
// how a hosted domain shows whose mail it is.
func (p *Profile) Serves(exchangers []string) bool {
	for _, host := range exchangers {
		host = strings.ToLower(strings.TrimSuffix(host, "."))
		for _, below := range p.MX {
			if host == below || strings.HasSuffix(host, "."+below) {
				return true
			}
		}
	}
	return false
}
