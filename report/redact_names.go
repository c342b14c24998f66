package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// names gives addresses and login names another name. What the checks ask of a name stays:
// its "@" or "%", its domain, what of it does not show, whether two differ in capitals only,
// and whether letters of two scripts are mixed.
type names struct {
	was     Level // that hid names in the record before
	level   Level
	own     []string            // the provider's own domains, which are nobody's secret
	users   map[string]string   // the part before the "@", in small letters, by its new name
	spelled map[string][]string // in small letters: the spellings of it, in the order met
	taken   map[string]bool     // new names, in small letters
	domains map[string]string
	last    map[string]int  // the last number that new names of a kind have
	tested  map[string]bool // hosts of the paths, in small letters
	hosts   map[string]bool // names of servers and domains that are no secret, in small letters
	order   []sought        // users of the record, longest first
	sorted  []string        // the keys of users, in order, as far as there is room
	places  []string        // those of domains
	common  map[string]bool
	hidden  map[string]int
}

// sought is a user's name as it is looked for in texts.
type sought struct {
	name     string // folded
	ordinary bool
}

func newNames(e *evidence.Evidence, was, level Level, hidden map[string]int) *names {
	n := &names{was: was, level: level, users: map[string]string{}, spelled: map[string][]string{}, taken: map[string]bool{}, domains: map[string]string{}, last: map[string]int{}, tested: map[string]bool{}, hosts: hostsIn(e), common: map[string]bool{}}
	n.own = slices.Clone(e.Profile.Domains)
	for _, s := range e.Sessions {
		n.tested[strings.ToLower(s.Path.Host)] = true
	}
	if e.Successor != nil {
		n.own = append(n.own, e.Successor.Profile.Domains...)
	}
	n.hidden = map[string]int{} // to meet a name is not to hide it
	for _, name := range namesIn(e) {
		for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '@' || r == '%' }) {
			if n.isToken(part) || n.isDomainToken(part) {
				n.taken[strings.ToLower(part)] = true // nobody else may have it
			}
		}
	}
	for _, name := range namesIn(e) {
		n.name(name)
	}
	n.hidden = hidden
	for _, word := range strings.Fields(commonWords) {
		n.common[word] = true
	}
	for user := range n.users {
		if !n.isToken(user) {
			n.order = append(n.order, sought{folded(user), n.ordinary(user)})
		}
	}
	slices.SortFunc(n.order, func(a, b sought) int { return cmp.Or(len(b.name)-len(a.name), strings.Compare(a.name, b.name)) })
	for domain := range n.domains {
		n.hosts[domain] = true
	}
	return n
}

// namesIn lists the addresses and login names of a record, the user's own first: theirs is
// the name without a number.
func namesIn(e *evidence.Evidence) []string {
	list := []string{e.Account.Address, e.Account.Login}
	list = append(list, e.Profile.LoginNames(e.Account.Address)...)
	for _, l := range e.Logins {
		list = append(list, l.Name)
	}
	for _, c := range e.Clients {
		list = append(list, c.Address)
		for _, s := range []*evidence.ClientServer{c.Receiving, c.Sending} {
			if s != nil {
				list = append(list, s.Login)
			}
		}
	}
	if e.Successor != nil {
		list = append(list, namesIn(e.Successor)...)
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// name is the other name of an address or a login name.
func (n *names) name(s string) string {
	if s == "" {
		return ""
	}
	kind := hiddenLogin
	if strings.Contains(s, "@") {
		kind = hiddenAddress
	}
	hidden := n.renamed(s)
	if hidden != s {
		n.hidden[kind]++
	}
	return hidden
}

func (n *names) renamed(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		at = strings.LastIndexByte(s, '%')
	}
	switch {
	case at == 0:
		return s[:1] + n.renamed(s[1:])
	case at < 0:
		return n.bare(s)
	case strings.ContainsAny(s[:at], "@%"):
		return n.renamed(s[:at]) + s[at:at+1] + n.domainPart(s[at+1:])
	}
	return n.user(s[:at]) + s[at:at+1] + n.domainPart(s[at+1:])
}

// bare renames a name without "@" and "%". One that is a known name and its domain, put
// together in another way, stays so.
func (n *names) bare(s string) string {
	low := folded(s)
	for _, user := range n.sorted {
		at := strings.Index(low, folded(user))
		if at < 0 || len(user) == len(s) || touches(s, at, at+len(user)) {
			continue
		}
		for _, domain := range n.places {
			rest := s[:at] + s[at+len(user):]
			from := indexFold(rest, domain)
			if from < 0 || strings.ContainsFunc(rest[:from]+rest[from+len(domain):], letterOrDigit) {
				continue
			}
			token := n.user(s[at : at+len(user)])
			s = s[:at] + token + s[at+len(user):]
			if from = indexFold(s, domain); from >= 0 {
				s = s[:from] + n.domainPart(s[from:from+len(domain)]) + s[from+len(domain):]
			}
			return s
		}
	}
	return n.user(s)
}

// user is the other name of the part before the "@".
func (n *names) user(s string) string {
	lead, core, tail := trimmed(s)
	inside := strings.Map(func(r rune) rune {
		if unseen(r) {
			return r
		}
		return -1
	}, core)
	shown := strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, core)
	if shown == "" {
		return s
	}
	token := n.token(shown)
	if inside != "" {
		_, first := utf8.DecodeRuneInString(token)
		token = token[:first] + inside + token[first:]
	}
	return lead + token + tail
}

// token is the new name of a user whose name has no more in it than what shows.
func (n *names) token(shown string) string {
	key := strings.ToLower(shown)
	token, known := n.users[key]
	if !known {
		token = shown
		if !n.isToken(shown) {
			token = n.unused(shown)
		}
		n.users[key] = token
		n.sorted = inserted(n.sorted, key)
		n.taken[strings.ToLower(token)] = true
	}
	if !slices.Contains(n.spelled[key], shown) {
		n.spelled[key] = append(n.spelled[key], shown)
	}
	if n.spelled[key][0] != shown {
		return otherCase(token)
	}
	return token
}

// unused makes a new name for a user: the first letter and three stars, with a number for
// the second of the kind. Where letters of two scripts are mixed it keeps one of each.
func (n *names) unused(shown string) string {
	stem, join := initial(shown)+"***", ""
	if n.level == Strict && latin(shown) {
		stem, join = "user", "-"
	}
	for i := n.last[stem] + 1; ; i++ {
		n.last[stem] = i
		token := stem + join + strconv.Itoa(i)
		if i == 1 && join == "" {
			token = stem
		}
		if !n.taken[strings.ToLower(token)] {
			return token
		}
	}
}

// isToken tells whether a name was hidden before, so that it stays what it is.
func (n *names) isToken(s string) bool {
	shared := (n.was == Share || n.was == Strict) && sharedUser().MatchString(s)
	if n.level == Strict {
		return n.was == Strict && strictUser().MatchString(s) || shared && !latin(s)
	}
	return shared
}

func (n *names) isDomainToken(s string) bool {
	return n.level == Strict && n.was == Strict && (strictDomain().MatchString(s) || sharedUser().MatchString(s) && !latin(s))
}

var (
	sharedUser   = pattern(`^[^*]{0,2}\*\*\*[0-9]*$`)
	strictUser   = pattern(`^(?i:user)-[0-9]+$`)
	strictDomain = pattern(`^(?i:domain)-[0-9]+$`)
)

// domainPart is what stands for a domain behind "@" or "%". Only strict hides it.
func (n *names) domainPart(s string) string {
	lead, core, tail := trimmed(s)
	key := strings.ToLower(core)
	if n.level == Share && strings.ContainsFunc(core, unicode.IsSpace) {
		return n.user(s) // no domain: who knows what stands there
	}
	if core == "" {
		return s
	}
	if n.isDomainToken(core) {
		n.place(key, key)
		return s
	}
	if n.level != Strict || slices.ContainsFunc(n.own, func(own string) bool { return strings.EqualFold(own, core) }) {
		n.place(key, key)
		return s
	}
	token, known := n.domains[key]
	if !known {
		token = n.unusedDomain(key)
		n.place(key, token)
		n.taken[token] = true
	}
	n.hidden[hiddenDomain]++
	if core != key {
		token = otherCase(token)
	}
	return lead + token + tail
}

func (n *names) place(domain, token string) {
	if _, known := n.domains[domain]; !known {
		n.places = inserted(n.places, domain)
	}
	n.domains[domain] = token
}

// inserted puts a word where it belongs in a list, as long as there is room.
func inserted(list []string, word string) []string {
	if len(list) >= mostNames {
		return list
	}
	at, _ := slices.BinarySearch(list, word)
	return slices.Insert(list, at, word)
}

func (n *names) unusedDomain(domain string) string {
	stem := "domain-"
	if !latin(domain) {
		stem = initial(domain) + "***"
	}
	for i := n.last[stem] + 1; ; i++ {
		n.last[stem] = i
		if token := stem + strconv.Itoa(i); !n.taken[token] {
			return token
		}
	}
}

// domain is domainPart for a domain that stands alone, if it is one of a name.
func (n *names) domain(s string) string {
	if _, known := n.domains[strings.ToLower(s)]; !known {
		return s
	}
	return n.domainPart(s)
}

// addresses are what looks like an address in a text.
var addresses = pattern(`[\p{L}\p{N}._%+'’-]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?`)

// text hides names in a text: those of the record in each of their forms, and whatever else
// looks like an address, but for those that are offices.
func (n *names) text(s string) string {
	low := folded(s)
	signs := slices.DeleteFunc([]string{"@", "%40", "%"}, func(sign string) bool { return !strings.Contains(low, sign) })
	for _, user := range n.order {
		for _, sign := range signs {
			if !strings.Contains(low, user.name+sign) {
				continue
			}
			for _, domain := range n.places {
				s = replaceWords(s, user.name+sign+domain, true, apart, func(found string) string {
					user, domain, _ := cutFold(found, sign)
					n.hidden[hiddenAddress]++
					return n.user(user) + sign + n.domainPart(domain)
				})
			}
		}
	}
	return n.others(s)
}

// words hides in a text the part before the "@" alone, unless servers say such a word
// anyhow. Among the words of a protocol one in capitals is another of them.
func (n *names) words(s string, protocol bool) string {
	low := folded(s)
	for _, user := range n.order {
		if user.ordinary || !strings.Contains(low, user.name) {
			continue
		}
		s = replaceWords(s, user.name, true, n.meant, func(found string) string {
			if protocol && found == strings.ToUpper(found) && !strings.Contains(found, ".") {
				return found
			}
			n.hidden[hiddenLogin]++
			return n.user(found)
		})
	}
	if n.level == Strict {
		for _, domain := range n.places {
			if domain != n.domains[domain] {
				s = replaceWords(s, domain, true, n.hostIn(domain), n.domainPart)
			}
		}
	}
	return s
}

// others hides addresses that the record does not know.
func (n *names) others(s string) string {
	if !strings.Contains(s, "@") {
		return s
	}
	var b strings.Builder
	done := 0
	for _, at := range addresses().FindAllStringIndex(s, -1) {
		at[0] += len(s[at[0]:at[1]]) - len(strings.TrimLeft(s[at[0]:at[1]], "'’")) // a quotation mark
		found := s[at[0]:at[1]]
		user, _, _ := profile.Split(found)
		_, known := n.users[strings.ToLower(user)]
		inside := at[0] > 0 && strings.IndexByte("*@", s[at[0]-1]) >= 0 // of one that is hidden
		if inside || office(user) && !known || n.isToken(user) {
			continue
		}
		b.WriteString(s[done:at[0]] + n.name(found))
		done = at[1]
	}
	return b.String() + s[done:]
}

// initial is the first letter or digit of a word, and where it mixes scripts one of either.
func initial(word string) string {
	first, isLatin, second := "", false, ""
	for _, r := range word {
		switch {
		case first == "" && unicode.IsLetter(r):
			first, isLatin = string(r), unicode.Is(unicode.Latin, r)
		case first != "" && second == "" && unicode.IsLetter(r) && unicode.Is(unicode.Latin, r) != isLatin:
			second = string(r)
		}
	}
	if first == "" {
		for _, r := range word {
			if unicode.IsDigit(r) {
				return string(r)
			}
		}
	}
	return first + second
}

// latin tells whether all letters of a word are Latin.
func latin(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) })
}

// otherCase changes the first letter of a token between small and capital.
func otherCase(token string) string {
	for i, r := range token {
		if up := unicode.ToUpper(r); up != r {
			return token[:i] + string(up) + token[i+len(string(r)):]
		}
		if down := unicode.ToLower(r); down != r {
			return token[:i] + string(down) + token[i+len(string(r)):]
		}
	}
	return token
}

// unseen tells whether a character does not show.
func unseen(r rune) bool { return unicode.Is(unicode.Cf, r) || unicode.IsControl(r) }

// trimmed takes off what stands around a name and does not belong to it: blanks, quotes and
// what does not show.
func trimmed(s string) (lead, core, tail string) {
	around := func(r rune) bool {
		return unseen(r) || unicode.IsSpace(r) || strings.ContainsRune(`"'<>`, r)
	}
	core = strings.TrimLeftFunc(s, around)
	lead = s[:len(s)-len(core)]
	core = strings.TrimRightFunc(core, around)
	return lead, core, s[len(lead)+len(core):]
}
