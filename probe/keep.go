package probe

import (
	"crypto/x509/pkix"
	"strings"

	"mailmedic/probe/wire"
)

// How much is kept of what a server says. Nothing here is near what an honest server
// sends, and a server must not decide how long the report is or how long a run computes.
const (
	longest     = 2000 // bytes of a text: more than any that a person would read
	longestWord = 500  // bytes of a capability: RFC 5321 section 4.5.3.1.5 allows a reply line 512
	mostWords   = 200  // capabilities: real lists have at most some forty
	mostMarks   = 50   // attributes of a folder: RFC 9051 and RFC 6154 know sixteen

	// Real chains have two to four certificates. The rest of a longer one is neither kept
	// nor judged: each is a signature to verify.
	mostCertificates = 10
	mostNames        = 100     // names in a certificate that are kept: what public authorities allow
	longestHost      = 253     // bytes of a host name, RFC 1035 section 2.3.4
	largestName      = 4 << 10 // bytes of a distinguished name; writing one takes time with the square of its parts
)

// short keeps as much of a text as a person would read.
func short(text string) string { return cut(text, longest) }

// cut keeps at most so many bytes of a text, valid UTF-8. The mark at its end tells
// readers, and what looks for the password, that there was more.
func cut(text string, most int) string {
	if len(text) > most {
		text = text[:most-len(wire.CutMark)]
		return strings.ToValidUTF8(text, "") + wire.CutMark
	}
	return strings.ToValidUTF8(text, "")
}

// bounded keeps the words of a capability list.
func bounded(list []string) []string {
	kept := []string{}
	for _, word := range list[:min(len(list), mostWords)] {
		kept = append(kept, cut(word, longestWord))
	}
	return kept
}

// distinguished writes a name as RFC 2253 does. Of one that is larger than any real one,
// only what says whose it is.
func distinguished(raw []byte, name pkix.Name) string {
	if len(raw) > largestName {
		name = pkix.Name{Organization: name.Organization[:min(len(name.Organization), 1)], CommonName: name.CommonName}
	}
	return short(name.String())
}

// hostNames keeps the names that a certificate is for. What is too long to be a host's is
// left out, because the beginning of it would be another name.
func hostNames(names []string) []string {
	kept := []string{}
	for _, name := range names {
		if len(kept) < mostNames && len(name) <= longestHost {
			kept = append(kept, name)
		}
	}
	return kept
}
