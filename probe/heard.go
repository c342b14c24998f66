package probe

import "mailmedic/probe/evidence"

// heard points at every text of the record that came from outside, or from a panic,
// whose words nobody chose.
func heard(e *evidence.Evidence) []*string {
	var t words
	t.add(&e.Run.Broken)
	for i := range e.Lookups {
		if !ours(e.Lookups[i].Why) {
			t.add(&e.Lookups[i].Name)
		}
		t.list(e.Lookups[i].Answers)
		t.step(&e.Lookups[i].Step)
	}
	for i := range e.Logins {
		t.reply(e.Logins[i].Reply)
		t.failure(e.Logins[i].Failure)
	}
	for i := range e.Controls {
		t.add(&e.Controls[i].Location)
		t.step(&e.Controls[i].Step)
	}
	for i := range e.Sessions {
		t.session(&e.Sessions[i])
	}
	for i := range e.Clients {
		t.client(&e.Clients[i])
	}
	if e.Successor != nil {
		t = append(t, heard(e.Successor)...)
	}
	return t
}

// ours tells whether the name that was looked up is one of the profile's, of the user's, or
// made up. Those of certificates are the servers'.
func ours(w evidence.Why) bool {
	return w == evidence.ForPath || w == evidence.ForRandom || w == evidence.ForControl
}

// words collects what a record heard.
type words []*string

func (t *words) add(more ...*string) { *t = append(*t, more...) }

func (t *words) list(list []string) {
	for i := range list {
		t.add(&list[i])
	}
}

func (t *words) reply(r *evidence.Reply) {
	if r != nil {
		t.add(&r.Text, &r.Code, &r.Enhanced)
	}
}

func (t *words) failure(f *evidence.Failure) {
	if f != nil {
		t.add(&f.Text)
		t.reply(f.Reply)
	}
}

func (t *words) step(s *evidence.Step) { t.failure(s.Failure) }

func (t *words) session(s *evidence.Session) {
	t.add(&s.Broken, &s.Capability.Name)
	t.list(s.Capability.Clear)
	t.list(s.Capability.Final)
	t.greeting(&s.Greeting)
	t.secure(&s.Secure)
	for _, step := range []*evidence.Step{&s.Capability.Step, &s.Login, &s.Farewell} {
		t.step(step)
	}
	for i := range s.Dials {
		d := &s.Dials[i]
		t.step(&d.Step)
		if d.Greeting != nil {
			t.greeting(d.Greeting)
		}
		if d.Secure != nil {
			t.secure(d.Secure)
		}
	}
	t.folders(&s.Folders)
	for i := range s.Messages {
		t.messages(&s.Messages[i])
	}
	t.envelope(s.Envelope)
	t.envelope(s.Anonymous)
	for i := range s.Looks {
		t.add(&s.Looks[i].Name, &s.Looks[i].Judged.Missing) // the name is one of the certificate's
		t.step(&s.Looks[i].Step)
	}
	for i := range s.Wire {
		t.add(&s.Wire[i].Text)
	}
}

func (t *words) greeting(g *evidence.Greeting) {
	t.add(&g.Line)
	t.reply(g.Reply)
	t.step(&g.Step)
}

func (t *words) secure(s *evidence.Secure) {
	t.add(&s.Judged.Missing)
	t.reply(s.Answer)
	t.step(&s.Step)
	for i := range s.Chain {
		t.add(&s.Chain[i].Subject, &s.Chain[i].Issuer, &s.Chain[i].IssuerURL)
		t.list(s.Chain[i].Names)
	}
}

func (t *words) folders(f *evidence.Folders) {
	t.add(&f.Prefix, &f.Delimiter)
	t.list(f.Others)
	t.step(&f.Step)
	t.step(&f.Inbox)
	for i := range f.List {
		t.add(&f.List[i].Name, &f.List[i].Delimiter)
		t.list(f.List[i].Attributes)
	}
	for i := range f.Quota {
		t.add(&f.Quota[i].Root, &f.Quota[i].Resource)
	}
}

func (t *words) envelope(e *evidence.Envelope) {
	if e != nil {
		t.reply(e.MailFrom)
		t.reply(e.RcptTo)
		t.step(&e.Step)
	}
}

func (t *words) messages(m *evidence.Messages) {
	t.add(&m.Folder)
	t.step(&m.Step)
	for _, x := range []*evidence.Example{&m.Imported, &m.Apostrophe, &m.SavedByThunderbird} {
		t.add(&x.Subject, &x.From)
	}
}

// client points at what a mail program's file says: a person wrote it, and a password may
// stand where none belongs.
func (t *words) client(c *evidence.Client) {
	t.add(&c.File, &c.Account, &c.Address, &c.Separator)
	for _, path := range []*string{c.RootPath, c.SentPath, c.DraftsPath} {
		if path != nil {
			t.add(path)
		}
	}
	for _, s := range []*evidence.ClientServer{c.Receiving, c.Sending} {
		if s != nil {
			t.add(&s.Host, &s.Login)
		}
	}
	t.list(c.Missed)
}
