package checks

import (
	"cmp"
	"slices"
	"strings"

	"mailmedic/checks/program"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Difference is one setting of a mail program that is not what it should be.
type Difference struct {
	Code     Code
	Severity Severity
	Sure     Sure // empty means certain
	Field    program.Field
	Found    say.Text
	Wanted   say.Text
	Why      say.Text // a sentence
	Where    string   // menu path, or file and key
}

// Differences compares an account with what the provider asks for and with what this run
// saw, if there was one: e may be a record without sessions. They come in the order in
// which a person goes through the settings.
func Differences(e *evidence.Evidence, c evidence.Client) []Difference {
	d := differing{e: e, c: c, next: successor(e)}
	d.server(profile.IMAP, c.Receiving)
	d.server(profile.SMTP, c.Sending)
	d.folders()
	d.habits()
	how, _ := program.Find(c.Program)
	for i := range d.list {
		d.list[i].Where = how.Where(d.list[i].Field)
	}
	order := program.Fields()
	slices.SortStableFunc(d.list, func(a, b Difference) int {
		return cmp.Compare(slices.Index(order, a.Field), slices.Index(order, b.Field))
	})
	return d.list
}

// differing collects the differences of one account.
type differing struct {
	e    *evidence.Evidence
	c    evidence.Client
	next profile.Profile // the provider's newer instructions; the zero value where there are none
	list []Difference
}

// successor is the provider's newer instructions, which are as right as the ones of the
// profile.
func successor(e *evidence.Evidence) profile.Profile {
	if e.Successor != nil {
		return e.Successor.Profile
	}
	if e.Profile.Successor == "" {
		return profile.Profile{}
	}
	next, err := profile.Load(e.Profile.Successor)
	if err != nil {
		return profile.Profile{}
	}
	return next
}

// page is the instructions that speak of a server: those of the profile, or the newer ones
// if the server is theirs.
func (d *differing) page(s *evidence.ClientServer) profile.Profile {
	its := func(p profile.Profile) bool {
		return slices.ContainsFunc(p.Paths, func(path profile.Path) bool { return sameHost(path.Host, s.Host) })
	}
	if !its(d.e.Profile) && its(d.next) {
		return d.next
	}
	return d.e.Profile
}

func (d *differing) add(code Code, severity Severity, f program.Field, found, wanted, why say.Text) {
	d.list = append(d.list, Difference{Code: code, Severity: severity, Field: f, Found: found, Wanted: wanted, Why: why})
}

// folders compares the folder paths with the server that the account receives from, if
// this run saw its folders, else with the provider's page.
func (d *differing) folders() {
	if d.c.Receiving == nil {
		return
	}
	s := d.mailbox()
	if s == nil {
		d.rootByPage()
		return
	}
	right := ToType(s, d.e.Profile)
	_, sure := Prefix(s)
	if root := d.c.RootPath; root != nil && !d.withoutRoot() && d.c.Asks != evidence.Yes && sure != "" && !sameRoot(s, *root, right.Root) && !allOpen(s, root, d.path(s, d.c.SentPath), d.path(s, d.c.DraftsPath)) {
		d.add("MM803", Fault, program.RootPath, orEmpty(*root), orEmpty(right.Root), "")
		d.list[len(d.list)-1].Sure = sure
		d.behindNewRoot(s, right, sure)
		return
	}
	for _, p := range []struct {
		field program.Field
		set   *string
		right string
		why   say.Text
	}{
		{program.SentPath, d.path(s, d.c.SentPath), right.Sent, "For sent mail the program asks for %s, which the server does not have."},
		{program.DraftsPath, d.path(s, d.c.DraftsPath), right.Drafts, "For drafts the program asks for %s, which the server does not have."},
	} {
		if sure == "" {
			break // what stands in front of a name is not known
		}
		o, wanted := Opens(s, d.root(), p.set), p.right
		if o != nil && d.withoutRoot() {
			o.Name, o.There = o.Typed, has(s, o.Typed)
			if right.Root != "" {
				wanted = right.Root + s.Folders.Delimiter + wanted
			}
		}
		if o != nil && !o.There && p.right != "" {
			d.add("MM803", Fault, p.field, say.Verbatim(o.Typed), say.Verbatim(wanted), say.With(p.why, o.Name))
			d.list[len(d.list)-1].Sure = sure
		}
	}
	if o := Opens(s, d.root(), d.path(s, d.c.DraftsPath)); o != nil && !o.There && right.Drafts == "" && d.e.Profile.Folders.Drafts.Unsupported {
		d.add("MM805", Warning, program.DraftsPath, say.Verbatim(o.Typed), "on this device", "This server keeps no drafts.")
	}
}

// path is a folder path with the server's separator in place of the program's own.
func (d *differing) path(s *evidence.Session, set *string) *string {
	if set == nil || d.c.Separator == "" || s.Folders.Delimiter == "" {
		return set
	}
	return new(strings.ReplaceAll(*set, d.c.Separator, s.Folders.Delimiter))
}

// behindNewRoot wants the paths together with the root: left as they are, one of them could
// carry the root a second time.
func (d *differing) behindNewRoot(s *evidence.Session, right FolderPaths, sure Sure) {
	for _, p := range []struct {
		field program.Field
		set   *string
		right string
	}{{program.SentPath, d.path(s, d.c.SentPath), right.Sent}, {program.DraftsPath, d.path(s, d.c.DraftsPath), right.Drafts}} {
		if p.set != nil && p.right != "" && pathAlone(s, *p.set) != p.right {
			d.add("MM803", Fault, p.field, orEmpty(*p.set), say.Verbatim(p.right), "It goes with that root folder path.")
			d.list[len(d.list)-1].Sure = sure
		}
	}
}

// root is what the program puts in front of folder paths. One that asks the server puts
// the server's own.
func (d *differing) root() *string {
	if d.c.Asks == evidence.Yes {
		return nil
	}
	return d.c.RootPath
}

// withoutRoot tells whether the program puts nothing in front of folder paths and does not
// look for a root either: mutt, where the URL in folder has no path.
func (d *differing) withoutRoot() bool {
	how, known := program.Find(d.c.Program)
	return known && how.Where(program.RootPath) == "" && d.c.RootPath != nil && *d.c.RootPath == ""
}

// mailbox is the session whose folders are those that the account sees.
func (d *differing) mailbox() *evidence.Session {
	for i := range d.e.Sessions {
		s := &d.e.Sessions[i]
		if s.Path.Protocol == profile.IMAP && s.Path.Port == d.c.Receiving.Port && sameHost(s.Path.Host, d.c.Receiving.Host) && s.Folders.Step.Done() && !s.Folders.Cut {
			return s
		}
	}
	return nil
}

func (d *differing) rootByPage() {
	d.draftsByPage()
	want := d.page(d.c.Receiving).Folders.Root.Name
	if d.c.RootPath == nil || d.c.Asks == evidence.Yes || d.withoutRoot() {
		return
	}
	if found := strings.TrimRight(*d.c.RootPath, "./"); found != want && !(strings.EqualFold(found, "INBOX") && strings.EqualFold(want, "INBOX")) && !below(want, d.c.SentPath, d.c.DraftsPath) {
		d.add("MM803", Warning, program.RootPath, orEmpty(*d.c.RootPath), orEmpty(want), "The server has the last word: mailmedic check asks it.")
		d.list[len(d.list)-1].Sure = Possible
	}
}

// below tells whether the whole names of folders stand in the other fields, so that no root
// is needed.
func below(root string, paths ...*string) bool {
	return root != "" && slices.ContainsFunc(paths, func(path *string) bool {
		return path != nil && len(*path) > len(root) && strings.EqualFold((*path)[:len(root)], root) && strings.ContainsAny((*path)[len(root):len(root)+1], "./^")
	})
}

// draftsByPage looks at drafts where the page says that the server keeps none. Of a server
// on trial it says nothing.
func (d *differing) draftsByPage() {
	set := d.c.DraftsPath
	page := d.page(d.c.Receiving)
	if !page.Folders.Drafts.Unsupported || set == nil || *set == "" {
		return
	}
	for _, path := range page.Paths {
		if path.Protocol == profile.IMAP && path.Port == d.c.Receiving.Port && path.Role == profile.Trial {
			return
		}
	}
	d.add("MM805", Warning, program.DraftsPath, say.Verbatim(*set), "on this device", "The provider's page says that the server keeps no drafts.")
	d.list[len(d.list)-1].Sure = Likely
}

// habits are what a program does to the server again and again.
func (d *differing) habits() {
	if least := d.e.Profile.Checking.MinMinutes; d.c.CheckMinutes != nil && *d.c.CheckMinutes > 0 && *d.c.CheckMinutes <= least {
		d.add("MM958", Warning, program.CheckInterval, minutes(*d.c.CheckMinutes),
			say.Count(rarer(least), "%d minute or more", "%d minutes or more"),
			say.Count(least, "The provider asks for more than %d minute; checks that come sooner slow the server.", "The provider asks for more than %d minutes; checks that come sooner slow the server."))
	}
	if _, asked := issue(d.e, "MM959"); asked {
		if d.c.SyncsAll == evidence.Yes {
			d.add("MM959", Warning, program.SyncsAll, "all folders", "only those that you use", "The provider asks not to synchronise everything each time.")
		}
		if d.c.Searches == evidence.Yes {
			d.add("MM959", Warning, program.Searches, "on the server, while you type", "off", "The provider asks not to search in that way.")
		}
	}
	if d.c.Connections > fewConnections && len(tooManyConnections.Run(d.e)) > 0 {
		d.add("MM960", Warning, program.Connections, number(d.c.Connections), number(fewConnections), "The server refuses further connections (MM709).")
	}
}

func minutes(n int) say.Text { return say.Count(n, "%d minute", "%d minutes") }
