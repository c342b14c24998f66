package report

import (
	"strings"

	"mailmedic/probe/evidence"
)

// localSuffixes are what routers and systems put behind the name of a computer at home.
const localSuffixes = `lan local home localdomain internal intranet private corp box fritz.box home.arpa speedport.ip`

// linkWords are those of which systems make the names of links.
const linkWords = `wi-fi wifi wlan lan wan ethernet local area wireless connection network adapter bluetooth mobile cellular vpn tunnel vethernet default switch
	lan-verbindung drahtlosnetzwerkverbindung`

var (
	systemLink   = pattern(`^(?:[0-9#*]+|[a-z]{1,10}[0-9][a-z0-9.]*)$`)
	hardwareLink = pattern(`^enx[0-9a-f]{12}$`)
	givenAccount = pattern(`^account-[0-9]+$`)
	homes        = pattern(`(/home/|/Users/|\b[A-Za-z]:\\Users\\)[^/\\\s:;,"'<>]+`)
	inBrackets   = pattern(`("[^"]*"|\p{Lu}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*)+) <[^<>@\s]+@`)
)

// people hides in a text what people are called beside their addresses, and where somebody
// else is at home.
func (h *hider) people(s string) string {
	s = homes().ReplaceAllStringFunc(s, func(found string) string {
		lead := homes().FindStringSubmatch(found)[1]
		h.hidden[hiddenUser]++
		return lead + "…"
	})
	if !strings.Contains(s, " <") {
		return s
	}
	var b strings.Builder
	done := 0
	for _, at := range inBrackets().FindAllStringSubmatchIndex(s, -1) {
		if name := s[at[2]:at[3]]; name == `"…"` || h.said(name) {
			continue
		}
		h.hidden[hiddenUser]++
		b.WriteString(s[done:at[2]] + `"…"`)
		done = at[3]
	}
	return b.String() + s[done:]
}

// said tells whether servers say one of the words of a name anyhow: "Unknown Recipient".
func (h *hider) said(name string) bool {
	if strings.HasPrefix(name, `"`) {
		return false
	}
	for _, word := range strings.Fields(name) {
		if h.names.ordinary(strings.Trim(word, ".'")) {
			return true
		}
	}
	return false
}

// link hides in the name of a link what no system calls one.
func (h *hider) link(l *evidence.Link) {
	if hardwareLink().MatchString(l.Name) {
		l.Name = "enx…" // the rest is the number of the device
		return
	}
	words := strings.Split(l.Name, " ")
	for i, word := range words {
		known := word == "" || word == "…" || systemLink().MatchString(word)
		for _, other := range strings.Fields(linkWords) {
			known = known || strings.EqualFold(other, word)
		}
		if !known {
			words[i] = "…"
			h.hidden[hiddenUser]++
		}
	}
	l.Name = strings.Join(words, " ")
}

// account gives an account of a mail program a number, unless it is called by its address,
// by its server or by the program: users call theirs by their names.
func (h *hider) account(c *evidence.Client, provider string) {
	name := c.Account
	switch {
	case name == "" || strings.Contains(name, "@") || givenAccount().MatchString(name):
		return
	case strings.EqualFold(name, c.Program) || strings.EqualFold(name, provider) || h.names.ordinary(name) || h.names.hosts[strings.ToLower(name)]:
		return
	}
	if _, known := h.names.users[strings.ToLower(name)]; known {
		return
	}
	if h.accounts[name] == "" {
		h.accounts[name] = "account-" + itoa(len(h.accounts)+1)
	}
	h.hidden[hiddenUser]++
	c.Account = h.accounts[name]
}
