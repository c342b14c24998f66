package checks

import (
	"slices"
	"strconv"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// Compared is one mailbox as two servers of the same provider show it.
type Compared struct {
	Old, New *evidence.Session // the one that the profile lists first, and the other
	Rows     []ComparedRow
	Advice   say.Text // whether to change from one to the other, in a sentence or two
}

// ComparedRow is one thing about both.
type ComparedRow struct {
	What, Old, New say.Text
	Differs        bool // in a way that settings or people notice; times never do
}

// Compare puts two mail stores of the provider side by side, if folders were read on both.
func Compare(e *evidence.Evidence) (Compared, bool) {
	var c Compared
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if s.Path.Server == "" || !s.Folders.Step.Done() || s.Folders.Cut {
			continue
		}
		switch {
		case c.Old == nil || s.Path.Server == c.Old.Path.Server && !inboxOpened(c.Old) && inboxOpened(s):
			c.Old = s
		case s.Path.Server == c.Old.Path.Server:
		case c.New == nil || s.Path.Server == c.New.Path.Server && !inboxOpened(c.New) && inboxOpened(s):
			c.New = s
		}
	}
	if c.Old == nil || c.New == nil {
		return Compared{}, false
	}
	c.Rows = rowsOf(e, c.Old, c.New)
	c.Advice = whether(e, c)
	return c, true
}

// ServerNamed speaks of a mail store by the provider's own word for it, as Path.Server has it.
func ServerNamed(word string) say.Text {
	switch word {
	case "old":
		return "the old server"
	case "new":
		return "the new server"
	}
	return say.With("the %s server", say.Recorded(word))
}

// inboxOpened tells whether the inbox was opened on this path: it is on one path to each store.
func inboxOpened(s *evidence.Session) bool { return s.Folders.Inbox.Done() }

func rowsOf(e *evidence.Evidence, a, b *evidence.Session) []ComparedRow {
	row := func(what say.Text, of func(*evidence.Session) say.Text) ComparedRow {
		r := ComparedRow{What: what, Old: of(a), New: of(b)}
		r.Differs = r.Old != r.New
		return r
	}
	took := func(what say.Text, of func(*evidence.Session) say.Text) ComparedRow {
		r := row(what, of)
		r.Differs = false
		return r
	}
	there := func(s *evidence.Session) say.Text {
		return onlyIn(s.Capability.Final, map[*evidence.Session][]string{a: b.Capability.Final, b: a.Capability.Final}[s])
	}
	left := func(s *evidence.Session) say.Text {
		return orNone(some(missing(s, tree(map[*evidence.Session]*evidence.Session{a: b, b: a}[s])), 6))
	}
	rows := []ComparedRow{
		row("prefix", func(s *evidence.Session) say.Text { return orNone(say.Verbatim(prefixOf(s))) }),
		row("separator", func(s *evidence.Session) say.Text { return orNone(say.Verbatim(s.Folders.Delimiter)) }),
		row("marked folders", marks),
		row("folders", func(s *evidence.Session) say.Text { return number(len(s.Folders.List)) }),
		row("folders only here", left),
	}
	rows = append(rows, countRows(a, b)...)
	return append(rows,
		row(knownIssues, func(s *evidence.Session) say.Text { return orNone(say.Verbatim(strings.Join(issuesOn(e, s), " "))) }),
		took("offered only here", there),
		took("time to list", func(s *evidence.Session) say.Text { return say.With("%d ms", s.Folders.ListTook) }),
		took("time to open INBOX", func(s *evidence.Session) say.Text {
			if !inboxOpened(s) {
				return "not tested"
			}
			return say.With("%d ms", s.Folders.Inbox.Took)
		}),
	)
}

// countRows tells of the folders that both have and whose messages were counted on both:
// each that differs, and how many do not.
func countRows(a, b *evidence.Session) []ComparedRow {
	var rows []ComparedRow
	same, there, prefix := 0, tree(b), prefixOf(a)
	for _, f := range a.Folders.List {
		name := plainName(a, prefix, f)
		twin, ok := there[name]
		switch {
		case !ok || f.Messages == nil || twin.Messages == nil:
		case *f.Messages == *twin.Messages:
			same++
		default:
			rows = append(rows, ComparedRow{say.With("messages in %s", name), number(int(*f.Messages)), number(int(*twin.Messages)), true})
		}
	}
	if same > 0 {
		rows = append(rows, ComparedRow{"folders with equal counts", number(same), number(same), false})
	}
	return rows
}

// knownIssues is the row that is no difference between settings.
const knownIssues say.Text = "known issues"

func number(n int) say.Text { return say.Verbatim(strconv.Itoa(n)) }

// marks lists the roles that the server marks folders with (RFC 6154).
func marks(s *evidence.Session) say.Text {
	var roles []string
	for _, f := range s.Folders.List {
		for _, r := range []evidence.Role{evidence.Sent, evidence.Drafts, evidence.Trash} {
			if f.Special(r) && !slices.Contains(roles, string(r)) {
				roles = append(roles, string(r))
			}
		}
	}
	slices.Sort(roles)
	return orNone(say.Verbatim(strings.Join(roles, " ")))
}

// issuesOn lists the known issues that show in messages, where the provider says that they
// occur on the server.
func issuesOn(e *evidence.Evidence, s *evidence.Session) []string {
	var codes []string
	for _, i := range e.Profile.Issues {
		if len(i.Absent) > 0 && !slices.Contains(i.Absent, s.ID()) {
			codes = append(codes, i.Code)
		}
	}
	return codes
}

// onlyIn lists the capabilities that the other server does not offer.
func onlyIn(here, there []string) say.Text {
	var only []string
	for _, word := range here {
		if !evidence.Offers(there, word) && !slices.Contains(only, strings.ToUpper(word)) {
			only = append(only, strings.ToUpper(word))
		}
	}
	if len(only) > 12 {
		return say.With("%s and others", strings.Join(only[:12], " "))
	}
	return orNone(say.Verbatim(strings.Join(only, " ")))
}

func orNone(s say.Text) say.Text {
	if s == "" {
		return "none"
	}
	return s
}

// whether says what the comparison means for the user. What is missing on the new server
// comes before what is better there.
func whether(e *evidence.Evidence, c Compared) say.Text {
	lost := missing(c.Old, tree(c.New))
	there := tree(c.New)
	for name, f := range tree(c.Old) {
		// Where the new one has more, mail came in between.
		if twin, ok := there[name]; ok && f.Messages != nil && twin.Messages != nil && *f.Messages > *twin.Messages {
			lost = append(lost, name)
		}
	}
	slices.Sort(lost)
	inbox, counted := tree(c.New)["INBOX"], false
	if twin := tree(c.Old)["INBOX"]; twin.Messages != nil && inbox.Messages != nil {
		counted = true
	}
	switch {
	case c.New.Folders.Inbox.Failed():
		return say.With("The inbox could not be opened on port %d. Stay on port %d.", c.New.Path.Port, c.Old.Path.Port)
	case len(lost) > 0:
		return say.With("The two servers do not hold the same mail (%s). Stay on port %d and ask the provider before you change.", few(lost), c.Old.Path.Port)
	case !counted:
		return "Whether both hold the same mail is not known: the messages were not counted on both."
	case c.New.Usable() && met(e) && len(issuesOn(e, c.New)) == 0:
		free := say.With("Both hold the same folders and as many messages where they were counted, and known issues that your messages meet do not occur on %s.", ServerNamed(c.New.Path.Server))
		if rootOf(c.New) == "" {
			return say.Join(free, say.With("To change, set incoming mail (IMAP) to: %s, and the root folder path to: nothing, an empty field.", Setting(c.New.Path)))
		}
		return say.Join(free, say.With("To change, set incoming mail (IMAP) to: %s, and the root folder path to: %s.", Setting(c.New.Path), rootOf(c.New)))
	}
	return "Both hold the same folders and as many messages where they were counted. There is no reason to change from one to the other."
}

// met tells whether the messages that were read show one of the known issues.
func met(e *evidence.Evidence) bool {
	for _, c := range []Check{importedShown, apostropheInSubject} {
		if len(c.Run(e)) > 0 {
			return true
		}
	}
	return len(savedByThunderbird(e)) > 0
}
