package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"mailmedic/checks/program"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// Difference is one setting of a mail program that is not what it should be.
type Difference struct {
	Code     Code
	Severity Severity
	Sure     Sure // empty means certain
	Field    program.Field
	Found    string
	Wanted   string
	Why      string // a sentence
	Where    string // menu path, or file and key
}

// Differences compares an account with what the provider asks for and with what this run
// saw, if there was one: e may be a record without sessions. They come in the order in
// which a person goes through the settings.
func Differences(e *evidence.Evidence, c evidence.Client) []Difference {
	d := differing{e: e, c: c}
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
	list []Difference
}

func (d *differing) add(code Code, severity Severity, f program.Field, found, wanted, why string) {
	d.list = append(d.list, Difference{Code: code, Severity: severity, Field: f, Found: found, Wanted: wanted, Why: why})
}

// fields are the settings of one direction.
type fieldsOf struct{ host, port, encryption, login, auth program.Field }

func fieldsFor(p profile.Protocol) fieldsOf {
	if p == profile.SMTP {
		return fieldsOf{program.SendingHost, program.SendingPort, program.SendingEncryption, program.SendingLogin, program.SendingAuth}
	}
	return fieldsOf{program.ReceivingHost, program.ReceivingPort, program.ReceivingEncryption, program.ReceivingLogin, program.ReceivingAuth}
}

func (d *differing) server(p profile.Protocol, s *evidence.ClientServer) {
	if s == nil {
		return
	}
	f := fieldsFor(p)
	want, known := d.wanted(p, s)
	if known {
		d.place(f, s, want)
	}
	d.encryption(f, s, want, known)
	d.login(f, s)
	d.auth(p, f, s)
	if s.Unverified {
		d.add("MM960", Warning, program.Verification, "certificates are not verified", "verified", "Whoever stands in the way can read the password.")
	}
}

// wanted is the path that the account should use: the one that it uses, if the provider
// has it, else the best that this run saw working, else the provider's first choice.
func (d *differing) wanted(p profile.Protocol, s *evidence.ClientServer) (profile.Path, bool) {
	var first *profile.Path
	for i, path := range d.e.Profile.Paths {
		if path.Protocol != p {
			continue
		}
		if path.Port == s.Port && strings.EqualFold(path.Host, s.Host) {
			return path, true
		}
		if first == nil || first.Role != profile.Recommended && path.Role == profile.Recommended {
			first = &d.e.Profile.Paths[i]
		}
	}
	if best := Best(d.e, p); best != nil {
		return best.Path, true
	}
	if first == nil {
		return profile.Path{}, false
	}
	return *first, true
}

// place compares host and port. A host of the provider's on a port that it does not have
// there is a wrong port.
func (d *differing) place(f fieldsOf, s *evidence.ClientServer, want profile.Path) {
	if s.Host != "" && !strings.EqualFold(s.Host, want.Host) {
		d.host(f, s, want)
	}
	if s.Port != 0 && s.Port != want.Port {
		d.add("MM960", Warning, f.port, fmt.Sprint(s.Port), fmt.Sprint(want.Port), "")
	}
}

// host tells of a name that is not the provider's. Where this run saw the certificate of the
// port, it says whether it is good for that name.
func (d *differing) host(f fieldsOf, s *evidence.ClientServer, want profile.Path) {
	for i := range d.e.Sessions {
		at := &d.e.Sessions[i]
		if at.Path.Protocol != want.Protocol || at.Path.Port != s.Port || !at.Secure.Step.Done() || len(at.Secure.Chain) == 0 || s.Encryption == profile.None {
			continue
		}
		leaf := at.Secure.Chain[0]
		if covers(leaf.Names, s.Host) || !at.Secure.Judged.Verified {
			continue
		}
		d.add("MM404", Fault, f.host, s.Host, want.Host, fmt.Sprintf("If the name leads to the provider's server, that shows a certificate for %s.", List(first(leaf.Names, 3))))
		d.list[len(d.list)-1].Sure = Likely
		return
	}
	d.add("MM960", Warning, f.host, s.Host, want.Host, "")
}

// covers tells whether a certificate is good for a name (RFC 9525 section 6.3): a star
// stands for one label.
func covers(names []string, host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	_, parent, _ := strings.Cut(host, ".")
	return slices.ContainsFunc(names, func(n string) bool {
		n = strings.ToLower(n)
		return n == host || parent != "" && n == "*."+parent
	})
}

// encryption compares how the connection gets its TLS with what the port is for.
func (d *differing) encryption(f fieldsOf, s *evidence.ClientServer, want profile.Path, known bool) {
	right := want.Encryption
	if !known || s.Port != want.Port {
		right = customary(s.Port)
	}
	if right == profile.None {
		return
	}
	wanted := right.Shown()
	if right == "" {
		wanted = profile.TLS.Shown() + " or " + profile.STARTTLS.Shown()
	}
	switch {
	case s.Encryption == profile.None && d.closed(want.Protocol, s.Port):
		d.add("MM960", Fault, f.encryption, "none", wanted, "The server takes no login without encryption.")
	case s.Encryption == profile.None:
		d.add("MM960", Warning, f.encryption, "none", wanted, "The password and all mail can be read on the way.")
	case s.IfOffered:
		d.add("MM960", Warning, f.encryption, "STARTTLS, if available", wanted, "Whoever takes the offer away can read the password.")
	case s.Encryption != "" && right != "" && s.Encryption != right:
		d.add("MM503", Fault, f.encryption, s.Encryption.Shown(), wanted, fmt.Sprintf("Port %d is for %s.", s.Port, wanted))
	}
}

// closed tells whether this run saw that a port takes no login in clear text.
func (d *differing) closed(p profile.Protocol, port int) bool {
	return slices.ContainsFunc(d.e.Sessions, func(s evidence.Session) bool {
		return s.Path.Protocol == p && s.Path.Port == port && len(s.Capability.Clear) > 0 && len(evidence.Mechanisms(p, s.Capability.Clear)) == 0
	})
}

// customary is the encryption of the ports that have one by standard or custom (RFC 8314);
// empty where a port may be either.
func customary(port int) profile.Encryption {
	switch port {
	case 993, 465:
		return profile.TLS
	case 143, 587, 25:
		return profile.STARTTLS
	}
	return ""
}

// login compares the login name with the forms that the provider takes for the address. A
// name that a server has accepted is right, whatever a page says.
func (d *differing) login(f fieldsOf, s *evidence.ClientServer) {
	name := s.Login
	address := cmp.Or(d.c.Address, d.e.Account.Address)
	needed := d.e.Profile.LoginNames(address)
	if name == "" || len(needed) == 0 || answered(d.e, name, evidence.Accepted) || slices.Contains(needed, name) {
		return
	}
	n := nameCase{name, needed}
	switch {
	case n.looksWrong() && (slices.Contains(needed, clean(name)) || !n.rightForm() || clean(name) != name):
		d.add("MM602", Fault, f.login, quotedName(name), needed[0], "What does not show, or capital letters, stand in the name.")
	case n.rightForm() || foreign(name) || !mine(name, address):
		return // another account's name, or one that nothing is known of
	default:
		d.add("MM601", Fault, f.login, name, needed[0], fmt.Sprintf("The provider wants %s.", formOf(needed[0])))
	}
	d.list[len(d.list)-1].Sure = Likely
}

// mine tells whether a login name and an address are of one person as far as both say.
func mine(name, address string) bool {
	user, domain, ok := profile.Split(address)
	if !ok {
		return false
	}
	who, where := name, ""
	if at := strings.LastIndexAny(name, "@%"); at >= 0 {
		who, where = name[:at], name[at+1:]
	}
	return strings.EqualFold(who, user) && (where == "" || strings.EqualFold(where, domain))
}

func quotedName(name string) string { return fmt.Sprintf("%q", name) }

// auth compares the way to log in with what the server offers, or with what the provider
// asks for, which is a password.
func (d *differing) auth(p profile.Protocol, f fieldsOf, s *evidence.ClientServer) {
	offered, seen := d.offers(p, s.Port)
	switch s.Auth {
	case evidence.AuthNone:
		d.add("MM960", Warning, f.auth, "none", "password", "The provider takes mail only after a login.")
	case evidence.AuthEncrypted:
		if seen && !slices.ContainsFunc(offered, func(m string) bool { return m == "CRAM-MD5" || m == "DIGEST-MD5" || strings.HasPrefix(m, "SCRAM-") }) {
			d.add("MM711", Fault, f.auth, "encrypted password", "normal password", "The server offers no login with an encrypted password; the connection is encrypted as a whole.")
		}
	case evidence.AuthOAuth:
		if seen && !slices.ContainsFunc(offered, func(m string) bool { return m == "XOAUTH2" || m == "OAUTHBEARER" }) {
			d.add("MM711", Fault, f.auth, "OAuth2", "normal password", "The server offers no login of this kind.")
		}
	case evidence.AuthPassword, evidence.AuthUnknown, evidence.AuthOther:
	}
}

// offers lists the mechanisms that this run saw on a port.
func (d *differing) offers(p profile.Protocol, port int) ([]string, bool) {
	for i := range d.e.Sessions {
		s := &d.e.Sessions[i]
		if s.Path.Protocol == p && s.Path.Port == port && s.Capability.Step.Done() {
			return offeredMechanisms(s), true
		}
	}
	return nil, false
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
	if root := d.c.RootPath; root != nil && d.c.Asks != evidence.Yes && sure != "" && !sameRoot(s, *root, right.Root) && !wholeNames(s, root, d.c.SentPath, d.c.DraftsPath) {
		d.add("MM803", Fault, program.RootPath, orEmpty(*root), orEmpty(right.Root), "")
		d.list[len(d.list)-1].Sure = sure
		return // what is below a wrong root is wrong because of it
	}
	for _, p := range []struct {
		field      program.Field
		set        *string
		right, why string
	}{{program.SentPath, d.c.SentPath, right.Sent, "sent mail"}, {program.DraftsPath, d.c.DraftsPath, right.Drafts, "drafts"}} {
		if o := Opens(s, d.root(s), p.set); o != nil && !o.There && p.right != "" {
			d.add("MM803", Fault, p.field, o.Typed, p.right, fmt.Sprintf("For %s the program asks for %s, which the server does not have.", p.why, o.Name))
		}
	}
	if o := Opens(s, d.root(s), d.c.DraftsPath); o != nil && !o.There && right.Drafts == "" && d.e.Profile.Folders.Drafts.Unsupported {
		d.add("MM805", Warning, program.DraftsPath, o.Typed, "on this computer", "This server keeps no drafts.")
	}
}

// root is what the program puts in front of folder paths. One that asks the server puts
// the server's own.
func (d *differing) root(*evidence.Session) *string {
	if d.c.Asks == evidence.Yes {
		return nil
	}
	return d.c.RootPath
}

// mailbox is the session whose folders are those that the account sees.
func (d *differing) mailbox() *evidence.Session {
	for i := range d.e.Sessions {
		s := &d.e.Sessions[i]
		if s.Path.Protocol == profile.IMAP && s.Path.Port == d.c.Receiving.Port && s.Folders.Step.Done() && !s.Folders.Cut {
			return s
		}
	}
	return nil
}

func (d *differing) rootByPage() {
	want := d.e.Profile.Folders.Root.Name
	if d.c.RootPath == nil || d.c.Asks == evidence.Yes {
		return
	}
	if found := strings.TrimRight(*d.c.RootPath, "./"); !sameName(found, want) {
		d.add("MM803", Warning, program.RootPath, orEmpty(*d.c.RootPath), orEmpty(want), "The server has the last word: mailmedic check asks it.")
		d.list[len(d.list)-1].Sure = Possible
	}
}

// habits are what a program does to the server again and again.
func (d *differing) habits() {
	if least := d.e.Profile.Checking.MinMinutes; d.c.CheckMinutes != nil && *d.c.CheckMinutes > 0 && *d.c.CheckMinutes <= least {
		d.add("MM958", Warning, program.CheckInterval, minutes(*d.c.CheckMinutes), "more than "+minutes(least), "The provider asks for that; more often slows the server's answers.")
	}
	if _, asked := issue(d.e, "MM959"); asked {
		if d.c.SyncsAll == evidence.Yes {
			d.add("MM959", Warning, program.SyncsAll, "all folders", "the folders that you use", "The provider asks not to synchronise everything each time.")
		}
		if d.c.Searches == evidence.Yes {
			d.add("MM959", Warning, program.Searches, "on the server, while you type", "off", "The provider asks not to search in that way.")
		}
	}
	if d.c.Connections > fewConnections && len(tooManyConnections.Run(d.e)) > 0 {
		d.add("MM960", Warning, program.Connections, fmt.Sprint(d.c.Connections), fmt.Sprint(fewConnections), "The server refuses further connections (MM709).")
	}
}

func minutes(n int) string {
	if n == 1 {
		return "1 minute"
	}
	return fmt.Sprintf("%d minutes", n)
}

// withClients is a check that also looks for its code in the settings of mail programs.
func withClients(code Code, run func(*evidence.Evidence) []Finding) func(*evidence.Evidence) []Finding {
	return func(e *evidence.Evidence) []Finding { return append(run(e), inClients(e, code)...) }
}

// inClients makes a finding of each account whose settings meet a code.
func inClients(e *evidence.Evidence, code Code) []Finding {
	var found []Finding
	for _, c := range e.Clients {
		if f := inClient(e, c, code); f != nil {
			found = append(found, *f)
		}
	}
	return found
}

func inClient(e *evidence.Evidence, c evidence.Client, code Code) *Finding {
	var f *Finding
	for _, d := range Differences(e, c) {
		if d.Code != code || told(e, d) {
			continue
		}
		if f == nil {
			f = &Finding{Stage: stageIn(d.Field), Severity: Note, Text: fmt.Sprintf("%s is not set up as %s asks: ", Named(c), e.Profile.Title), Params: map[string]string{"given": d.Found, "needed": d.Wanted}}
		} else {
			f.Text += "; "
		}
		f.Text += fmt.Sprintf("%s is %s, wanted is %s", d.Field.Title(), d.Found, d.Wanted)
		f.Sure = LessSure(f.Sure, d.Sure)
		f.Severity = heavier(f.Severity, d.Severity)
		fact := fmt.Sprintf("%s, %s: %s", c.File, d.Field.Title(), d.Found)
		f.Facts = append(f.Facts, Fact{Stage: f.Stage, Text: strings.TrimSpace(fact + ". " + d.Why)})
		f.Advice = append(f.Advice, change(c, d))
	}
	if f != nil {
		f.Text += "."
	}
	return f
}

// stageIn is where a setting matters. What stands in the way of a connection is the name's
// stage, as everything is that a person typed: the program fails, whatever this run did.
func stageIn(f program.Field) Stage {
	switch f {
	case program.RootPath, program.SentPath, program.DraftsPath, program.CheckInterval, program.SyncsAll, program.Searches, program.Connections:
		return StageFolders
	}
	return StageName
}

// told tells whether the same setting is already complained of as the user's own word:
// what a program has is what a run takes over from it.
func told(e *evidence.Evidence, d Difference) bool {
	same := func(set *string) bool { return set != nil && orEmpty(*set) == orEmpty(d.Found) }
	switch d.Field {
	case program.ReceivingLogin, program.SendingLogin:
		return d.Found == e.Account.Login && len(e.Logins) > 0
	case program.RootPath:
		return same(e.Account.RootPath) && len(e.Sessions) > 0
	case program.SentPath:
		return same(e.Account.SentPath)
	case program.DraftsPath:
		return same(e.Account.DraftsPath)
	}
	return false
}

func heavier(a, b Severity) Severity {
	order := []Severity{Note, Warning, Fault}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// Named says which account of which program is meant.
func Named(c evidence.Client) string {
	title := c.Program
	if how, ok := program.Find(c.Program); ok {
		title = how.Title
	}
	if c.Account == "" {
		return title
	}
	return fmt.Sprintf("%s (%s)", title, c.Account)
}

// change says what to do about a difference.
func change(c evidence.Client, d Difference) string {
	if d.Where == "" {
		return fmt.Sprintf("%s: set the %s to %s.", Named(c), d.Field.Title(), d.Wanted)
	}
	return fmt.Sprintf("%s: %s, set it to %s.", Named(c), d.Where, d.Wanted)
}
