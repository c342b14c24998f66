package report

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// replaceWords replaces a word wherever it stands in a text as one by itself.
func replaceWords(s, word string, fold bool, stands func(s string, from, to int) bool, with func(found string) string) string {
	within := s
	if fold {
		within, word = folded(s), folded(word)
	}
	if word == "" || !strings.Contains(within, word) {
		return s
	}
	var b strings.Builder
	done := 0
	for from := 0; ; {
		at := strings.Index(within[from:], word)
		if at < 0 {
			return b.String() + s[done:]
		}
		at += from
		end := at + len(word)
		if stands(within, at, end) {
			b.WriteString(s[done:at] + with(s[at:end]))
			done = end
		}
		from = end
	}
}

// apart tells whether a part of a text is a word by itself: not part of a longer one, and
// not of a name with dots or hyphens in it, which is a host's.
func apart(s string, from, to int) bool {
	before, size := utf8.DecodeLastRuneInString(s[:from])
	further, _ := utf8.DecodeLastRuneInString(s[:from-size])
	after, size := utf8.DecodeRuneInString(s[to:])
	behind, _ := utf8.DecodeRuneInString(s[to+size:])
	return !joins(before, further) && !joins(after, behind)
}

// joined is a part of a text with all that dots, hyphens and the like join to it.
func joined(s string, from, to int) string {
	apart := func(r rune) bool { return !letterOrDigit(r) && !strings.ContainsRune(".-_", r) }
	start := 0
	if at := strings.LastIndexFunc(s[:from], apart); at >= 0 {
		_, size := utf8.DecodeRuneInString(s[at:])
		start = at + size
	}
	if at := strings.IndexFunc(s[to:], apart); at >= 0 {
		return s[start : to+at]
	}
	return s[start:]
}

// touches tells whether a letter or digit stands right beside a part of a text.
func touches(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return letterOrDigit(before) || letterOrDigit(after)
}

func joins(next, further rune) bool {
	return letterOrDigit(next) || next == '_' || next == '*' || (next == '.' || next == '-' || next == '+') && letterOrDigit(further)
}

func letterOrDigit(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// folded writes a text in small letters, byte for byte as long as it was, so that what is
// found in it can be taken out of the text.
func folded(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if small := unicode.ToLower(r); r != utf8.RuneError && utf8.RuneLen(small) == size {
			b.WriteRune(small)
		} else {
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// indexFold is where a word in small letters stands in a text, in whatever letters.
func indexFold(s, word string) int { return strings.Index(folded(s), folded(word)) }

// cutFold is strings.Cut at a sign whose letters may be small or capital.
func cutFold(s, sign string) (before, after string, found bool) {
	at := indexFold(s, sign)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sign):], true
}

func itoa(n int) string { return strconv.Itoa(n) }

// office tells whether the part before the "@" is an office and nobody's name.
func office(user string) bool {
	return slices.Contains(strings.Fields(`abuse admin administrator hostmaster info help helpdesk mailer-daemon noc
		no-reply noreply postmaster root security spam support webmaster`), strings.ToLower(user))
}

// ordinary tells whether a word stands in what servers say of anybody. To hide it would hide
// nobody, and could change what a sentence of theirs means: a login name may be "mail".
func (n *names) ordinary(word string) bool {
	if _, err := strconv.Atoi(word); err == nil && len(word) < 5 {
		return true // a port, a status, a number of seconds
	}
	parts := strings.FieldsFunc(strings.ToLower(word), func(r rune) bool { return r == '-' || r == '.' || r == '_' })
	common := !slices.ContainsFunc(parts, func(part string) bool { return !n.common[part] })
	return utf8.RuneCountInString(word) < 2 || office(word) || common
}

// commonWords are those of the protocols and of the sentences that checks look for in
// replies. TestRedactWords holds them against every reply that was ever recorded.
const commonWords = `a about absorbs accept accepted access account action active address addresses admin after again all allowed allowance also
	an and another any anyone app application are as ask at attempt attempts auth authenticate authenticated authentication authentications
	authenticationfailed authorization authorizationfailed available bad barracudacentral be because been begin blacklist blacklisted block blocked blocking blocklist
	blocklisted box broken browser busy but by bye can cannot capability capabilities certificate change check class client clients close closed closing code
	com command commands complete completed concurrent confirm connect connected connecting connection connections contact contactadmin
	could created credential credentials daily data date daemon debian default delivery denied directory disabled disk dnsbl do does domain domains dot down
	each ehlo email enable enabled enhanced error errors esmtp examine exceeded exchange exim exist exists expired expunge fail failed failure failures feature fetch
	file find first flags folder folders for forbidden from full gateway go good greylist greylisted guest has have hello helo help home host hosts hour hours how http https
	ident if imap imap4rev1 in inbox incorrect information insufficient internal invalid inuse ip is issue it lab later laptop ldap level limit limits linux list listed listing
	literal local localhost lock locked log login logged logging logins logout mail mailbox mailboxes mailer mails many max maximum me message messages method minute minutes
	missing mobile mode more must my name namespace network new next no none noop normal not now number occurred of off office ok old on once one only open operation or other our out over own page
	pass passed passwd password passwords pc pending per permanent permanently permitted phone plain please policy port post postfix preauth present privacyrequired problem problems proceed
	process program protocol provider quota rate rbl quit rcpt read ready reason recipient recipients recent reject rejected rejection relay remote reply request requested require
	required requires reset rset resolver response rights rule same seconds secure security see select send sender sending sent server servers service services session set
	short should sign simultaneous size smtp socket sorbs specific spam spamcop spamhaus specific start started starttls status stop storage store subscribe success
	successful support supported suspended switched syntax system tag temporarily temporary terminating test text than thank that the their then there they this throttled ticket time timed
	timeout tls to today todo too transaction transport trial tries try type ubuntu unable unavailable unknown unverified up upgrade us usage use used user username users using
	valid value verification verified verify version via wait was way we web webalert webmail weblogin welcome when which who why will windows with within without word work
	wrong www yet you your yours zen`
