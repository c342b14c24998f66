package report

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
)

// What may be an address in the name that a provider gives to a customer's: digits without
// anything between them, groups of IPv6 with hyphens, and single digits, as ip6.arpa has them.
var (
	runs    = pattern(`(?i)[0-9a-f]{8,}`)
	dashed  = pattern(`(?i)[0-9a-f]{1,4}(?:--?[0-9a-f]{1,4}){2,}`)
	nibbles = pattern(`(?i)(?:[0-9a-f]\.){31}[0-9a-f]`)
	halved  = pattern(`(?i)(?:[0-9a-f]{1,4}[-._:][0-9a-f]{1,4}|x[-._]x)[-._:]x[-._:]x\b|\bx[-._]x[-._][0-9]{1,3}[-._][0-9]{1,3}|(?:x\.){24}(?:[0-9a-f]\.){7}[0-9a-f]` +
		`|[0-9a-f]{8}x{24}|[0-9a-f]{4}xxxx\b|\bxxxx[0-9a-f]{4}|[0-9]{6}x{6}|x{6}[0-9]{6}`)
)

// spelled hides the own address in the names of a text, forwards and turned round, as block
// lists ask for it (RFC 5782 section 2.1).
func (p *places) spelled(s string) string {
	if p.level == Strict {
		s = halved().ReplaceAllString(s, "<public-ip>") // of a report that is hidden again
	}
	s = p.rows(s)
	if len(p.own) == 0 {
		return s
	}
	s = nibbles().ReplaceAllStringFunc(s, p.nibbles)
	s = dashed().ReplaceAllStringFunc(s, p.dashes)
	return runs().ReplaceAllStringFunc(s, p.undivided)
}

// rows hides it where its numbers stand in a row.
func (p *places) rows(s string) string {
	var b strings.Builder
	done := 0
	for _, at := range numbers().FindAllStringIndex(s, -1) {
		b.WriteString(s[done:at[0]] + p.row(s[at[0]:at[1]], follows(s[at[1]:])))
		done = at[1]
	}
	return b.String() + s[done:]
}

// row hides the own address in numbers of a name. In front of a name they are an address,
// and may be turned round: of one that is nowhere else in the record nothing is shown.
func (p *places) row(s string, inFront bool) string {
	parts := splitKeeping(s, ".-_")
	for i := 0; i+7 <= len(parts); i += 2 {
		a, ok := octets(parts[i], parts[i+2], parts[i+4], parts[i+6])
		shown, masked := parts[i:i+7], ""
		switch {
		case !ok || p.servers[a] || p.servers[turned(a)]:
			continue
		case p.own[a]:
			masked = shown[0] + shown[1] + shown[2] + shown[3] + "x" + shown[5] + "x"
		case p.own[turned(a)]:
			masked = "x" + shown[1] + "x" + shown[3] + shown[4] + shown[5] + shown[6]
		case inFront && len(parts) == 7 && strings.Count(s, ".") == 3 && p.anybodys(a) && p.anybodys(turned(a)):
			masked = "x.x.x.x"
		default:
			continue
		}
		rest := p.row(strings.Join(parts[i+7:], ""), inFront)
		return strings.Join(parts[:i], "") + p.public(masked) + rest
	}
	return s
}

// anybodys tells whether an address may be the own one.
func (p *places) anybodys(a netip.Addr) bool {
	return !p.asked[a] && !a.IsLoopback() && !a.IsUnspecified()
}

// octets reads an address of IPv4. A provider may fill its numbers up with zeros.
func octets(parts ...string) (netip.Addr, bool) {
	var o [4]byte
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil {
			return netip.Addr{}, false
		}
		o[i] = byte(n)
	}
	return netip.AddrFrom4(o), true
}

// turned is an address with its last part first.
func turned(a netip.Addr) netip.Addr {
	o := a.As4()
	return netip.AddrFrom4([4]byte{o[3], o[2], o[1], o[0]})
}

// undivided hides the own address where nothing stands between its numbers: as eight or 32
// hexadecimal digits, or as twelve decimal ones.
func (p *places) undivided(s string) string {
	for i := range s {
		for _, width := range []int{32, 12, 8} {
			if i+width > len(s) {
				continue
			}
			part := s[i : i+width]
			a, ok := together(part)
			half := width / 2
			masked := ""
			switch {
			case !ok:
				continue
			case p.own[a] && width == 32:
				masked = part[:8] + strings.Repeat("x", 24)
			case p.own[a]:
				masked = part[:half] + strings.Repeat("x", half)
			case a.Is4() && p.own[turned(a)]:
				masked = strings.Repeat("x", half) + part[half:]
			default:
				continue
			}
			return s[:i] + p.public(masked) + p.undivided(s[i+width:])
		}
	}
	return s
}

// together reads an address of which nothing but the digits is there.
func together(s string) (netip.Addr, bool) {
	if len(s) == 12 {
		return octets(s[:3], s[3:6], s[6:9], s[9:])
	}
	raw, err := hex.DecodeString(s)
	if err != nil {
		return netip.Addr{}, false
	}
	return netip.AddrFromSlice(raw)
}

// mostGroups bounds how far an address of IPv6 is looked for: eight groups, and one that is
// left out.
const mostGroups = 9

// dashes hides an own address of IPv6 whose colons are hyphens.
func (p *places) dashes(s string) string {
	parts := strings.Split(s, "-")
	for from := range parts {
		for to := min(len(parts), from+mostGroups); to > from+2; to-- {
			a, err := netip.ParseAddr(strings.Join(parts[from:to], ":"))
			if err != nil || !p.own[a] {
				continue
			}
			masked := p.public(strings.ReplaceAll(half(a), ":", "-"))
			rest := append([]string{masked}, strings.Split(p.dashes(strings.Join(parts[to:], "-")), "-")...)
			return strings.TrimSuffix(strings.Join(append(parts[:from:from], rest...), "-"), "-")
		}
	}
	return s
}

// nibbles hides an own address of IPv6 as single digits, of which the last comes first.
func (p *places) nibbles(s string) string {
	plain := []byte(strings.ReplaceAll(s, ".", ""))
	for i, j := 0, len(plain)-1; i < j; i, j = i+1, j-1 {
		plain[i], plain[j] = plain[j], plain[i]
	}
	a, ok := together(string(plain))
	if !ok || !p.own[a] {
		return s
	}
	return p.public(strings.Repeat("x.", 24) + s[len(s)-15:])
}
