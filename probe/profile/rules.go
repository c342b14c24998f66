package profile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// check holds a profile to the rules that its shape cannot express.
func (d document) check(p Profile) error {
	for _, rule := range []func(Profile) error{d.head, d.paths, d.login, d.issues, d.origins} {
		if err := rule(p); err != nil {
			return err
		}
	}
	return nil
}

func (d document) head(p Profile) error {
	if p.Successor != "" && !slices.Contains(BuiltIn(), p.Successor) {
		return d.failAt("successor", "successor %s is no built-in profile%s", quote(p.Successor), meant(p.Successor, BuiltIn()))
	}
	if p.Successor != "" && p.Successor == p.Name {
		return d.failAt("successor", "a profile cannot be its own successor")
	}
	for i, domain := range p.Domains {
		if !Plausible(domain) {
			return d.failAt(fmt.Sprintf("domains[%d]", i), "domain %s is not a domain name", quote(domain))
		}
	}
	for i, host := range p.MX {
		if !Plausible(host) {
			return d.failAt(fmt.Sprintf("mx[%d]", i), "mx %s is not a host name", quote(host))
		}
	}
	if p.Checking.MinMinutes < 0 {
		return d.failAt("checking.min_minutes", "min_minutes is %d, must be 0 or more", p.Checking.MinMinutes)
	}
	return nil
}

func (d document) paths(p Profile) error {
	if len(p.Paths) == 0 {
		return d.failAt("paths", "no paths; a profile needs at least one")
	}
	seen := map[string]bool{}
	for i, path := range p.Paths {
		place := fmt.Sprintf("paths[%d]", i)
		if field, message := wrong(path); field != "" {
			return d.failAt(place+"."+field, "%s", message)
		}
		if !Plausible(path.Host) {
			return d.failAt(place+".host", "host %s is not a host name: write it without https://, port or spaces", quote(path.Host))
		}
		if seen[path.ID()] {
			return d.failAt(place, "path %s is given twice", path.ID())
		}
		seen[path.ID()] = true
	}
	return nil
}

// wrong finds the first field of a path that is outside its set, and says why.
func wrong(p Path) (field, message string) {
	if message := outside("protocol", p.Protocol, protocols()); message != "" {
		return "protocol", message
	}
	if p.Port < 1 || p.Port > 65535 {
		return "port", fmt.Sprintf("port is %d, must be 1 to 65535", p.Port)
	}
	if p.Host == "" {
		return "host", "host is empty"
	}
	if message := outside("encryption", p.Encryption, []Encryption{TLS, STARTTLS, None}); message != "" {
		return "encryption", message
	}
	if message := outside("role", p.Role, []Role{Recommended, Alternate, Optional, Trial}); message != "" {
		return "role", message
	}
	return "", ""
}

func protocols() []Protocol { return []Protocol{IMAP, SMTP} }

// outside says that a word is not in its set, or "" when it is.
func outside[T ~string](what string, word T, set []T) string {
	if slices.Contains(set, word) {
		return ""
	}
	var known []string
	for _, s := range set {
		known = append(known, string(s))
	}
	choice := strings.Join(known[:len(known)-1], ", ") + " or " + known[len(known)-1]
	if word == "" {
		return fmt.Sprintf("%s is empty, must be %s", what, choice)
	}
	return fmt.Sprintf("%s is %s, must be %s%s", what, quote(string(word)), choice, meant(string(word), known))
}

func (d document) login(p Profile) error {
	for i, rule := range p.Login {
		place := fmt.Sprintf("login[%d]", i)
		if message := outside("kind", rule.Kind, []Kind{Own, Hosted}); message != "" {
			return d.failAt(place+".kind", "%s", message)
		}
		if len(rule.Forms) == 0 {
			return d.failAt(place+".forms", "forms is empty, needs at least one such as {user}@{domain}")
		}
		for j, form := range rule.Forms {
			if !strings.Contains(form, "{user}") {
				return d.failAt(fmt.Sprintf("%s.forms[%d]", place, j), "form %s has no {user} in it", quote(form))
			}
			rest := strings.NewReplacer("{user}", "", "{domain}", "").Replace(form)
			if strings.ContainsAny(rest, "{}") {
				return d.failAt(fmt.Sprintf("%s.forms[%d]", place, j), "form %s may hold {user} and {domain}, no other braces", quote(form))
			}
		}
	}
	return nil
}

func (d document) issues(p Profile) error {
	var ids []string
	for _, path := range p.Paths {
		ids = append(ids, path.ID())
	}
	code := regexp.MustCompile(`^MM[0-9]{3}$`)
	for i, issue := range p.Issues {
		place := fmt.Sprintf("issues[%d]", i)
		if !code.MatchString(issue.Code) {
			return d.failAt(place+".code", "code %s must be MM and three digits", quote(issue.Code))
		}
		if issue.Title == "" {
			return d.failAt(place, "issue %s has no title", issue.Code)
		}
		for j, id := range issue.Absent {
			if !slices.Contains(ids, id) {
				return d.failAt(fmt.Sprintf("%s.absent[%d]", place, j), "absent names path %s, which the profile does not have%s", quote(id), meant(id, ids))
			}
		}
	}
	return nil
}

// origins asks that every source named by a fact is listed, and that years read as years.
func (d document) origins(p Profile) error {
	var known []string
	for id := range p.Sources {
		known = append(known, id)
	}
	slices.Sort(known)
	span := regexp.MustCompile(`^([0-9]{4}|[0-9]{4}-|-[0-9]{4}|[0-9]{4}-[0-9]{4})?$`)
	for _, fact := range facts(p) {
		if fact.Source != "" && !slices.Contains(known, fact.Source) {
			return d.failAt(fact.place+".source", "source %s is not listed under sources%s", quote(fact.Source), meant(fact.Source, known))
		}
		if !span.MatchString(fact.Years) {
			return d.failAt(fact.place+".years", "years is %s, must be like 2015, 2015-, -2012 or 2000-2011", quote(fact.Years))
		}
	}
	return nil
}

// fact is the origin of something that a page says, and its place in the document.
type fact struct {
	place string
	Origin
}

func facts(p Profile) []fact {
	var all []fact
	for i, path := range p.Paths {
		all = append(all, fact{fmt.Sprintf("paths[%d]", i), path.Origin})
	}
	for i, rule := range p.Login {
		all = append(all, fact{fmt.Sprintf("login[%d]", i), rule.Origin})
	}
	all = append(all,
		fact{"folders.root", p.Folders.Root.Origin},
		fact{"folders.sent", p.Folders.Sent.Origin},
		fact{"folders.drafts", p.Folders.Drafts.Origin},
		fact{"checking", p.Checking.Origin})
	for i, issue := range p.Issues {
		all = append(all, fact{fmt.Sprintf("issues[%d]", i), issue.Origin})
	}
	return all
}

// Plausible tells whether a name could stand in the DNS (RFC 1123 section 2.1, and
// underscores, which some hosts have). An international name must be in its xn-- form.
func Plausible(host string) bool {
	if len(host) > 253 {
		return false
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if len(label) == 0 || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			ok := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
			if !ok {
				return false
			}
		}
	}
	return true
}
