package probe

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/probe/wire"
)

// folders reads the folder tree with go-imap's client: NAMESPACE and LIST together, then
// STATUS of the folders that matter, then what is inside of them. Folders are examined,
// never selected, created or subscribed.
func (v *visit) folders(ctx context.Context) {
	v.stage(ctx, "folders")
	f := &v.s.Folders
	defer shorten(f) // at the end, because the server is asked by the whole names
	watch := v.begin()
	capabilities, err := v.loggedInCapabilities()
	if err != nil {
		f.Step = watch.failed(withReply(failed(ctx, err), err))
		return
	}
	client, guard := v.library(capabilities)
	defer client.Close()
	err = v.readFolders(client, capabilities)
	if err != nil {
		f.Step = watch.failed(v.libraryFailure(ctx, guard, err))
		v.depart(ctx, guard, client.Logout())
		return
	}
	v.takeWithheld(guard, capabilities)
	asked := v.askBeside(guard, capabilities)
	examines := v.takes("folders of " + v.store())
	reads := examines && v.readsMessages()
	together := examines && !reads && !contested(f.List)
	var opening *reading
	var logout *imapclient.Command
	err = v.countMessages(client, func() {
		if together {
			opening = v.ask(client, inbox(f.List), false)
		}
		if together || !examines {
			logout = client.Logout()
		}
	})
	f.Step = watch.done()
	if err != nil {
		f.Step = watch.failed(v.libraryFailure(ctx, guard, err))
	}
	switch {
	case together:
		opening.opened(v.libraryStep(ctx, guard))
		f.Inbox = opening.open
	case examines:
		logout = v.examine(ctx, client, guard, reads)
	}
	v.depart(ctx, guard, logout)
	v.takeBeside(guard, asked)
}

// loggedInCapabilities is what the server offers now: from the login's answer, or asked for.
func (v *visit) loggedInCapabilities() ([]string, error) {
	if len(v.offered) > 0 {
		return bounded(v.offered), nil
	}
	return v.imapCapabilities()
}

// library hands the connection to go-imap, behind the guard: the library has no limits
// of its own, and one line from a server can spin it for ever.
func (v *visit) library(capabilities []string) (*imapclient.Client, *wire.Guard) {
	guard := wire.NewGuard(v.talk, v.log, wire.DefaultLimits(), v.secured)
	guard.Hide = v.hide
	return imapclient.New(guard.Client(v.line, capabilities), nil), guard
}

func (v *visit) readFolders(client *imapclient.Client, capabilities []string) error {
	f := &v.s.Folders
	if err := client.WaitGreeting(); err != nil {
		return err
	}
	var namespace *imapclient.NamespaceCommand
	if evidence.Offers(capabilities, "NAMESPACE") || evidence.Offers(capabilities, "IMAP4rev2") {
		namespace = client.Namespace()
	}
	var options *imap.ListOptions
	if extended(capabilities) {
		options = &imap.ListOptions{ReturnSubscribed: true, ReturnSpecialUse: evidence.Offers(capabilities, "SPECIAL-USE") || evidence.Offers(capabilities, "IMAP4rev2")}
	}
	watch := v.begin()
	// LIST is drained before anything else is waited for: its channel is bounded, and a
	// full one would stop the reader that every other answer needs.
	rows, cut, err := drain(client.List("", "*", options), v.plan.Budget.Folders)
	if err != nil {
		return err
	}
	f.Cut, f.ListTook = cut, watch.took()
	for _, row := range rows {
		listed := folder(row)
		if options != nil {
			listed.Subscribed = evidence.Saw(slices.Contains(row.Attrs, imap.MailboxAttrSubscribed))
		}
		f.List = append(f.List, listed)
	}
	f.List = merged(f.List)
	if namespace != nil {
		data, err := namespace.Wait()
		// NIL is no answer either: the server has no namespace of the user's own to tell of.
		f.Namespace = evidence.Saw(err == nil && len(data.Personal) > 0)
		if f.Namespace == evidence.Yes {
			f.Prefix, f.Delimiter = short(data.Personal[0].Prefix), delimiter(data.Personal[0].Delim)
		}
		if err == nil {
			f.Others = others(append(data.Other, data.Shared...))
		}
	}
	if f.Delimiter == "" && len(f.List) > 0 {
		f.Delimiter = f.List[0].Delimiter
	}
	if strings.EqualFold(f.Prefix, "INBOX") {
		f.Prefix += f.Delimiter // as every other server writes it
	}
	return nil
}

// mostOthers bounds the namespaces that are kept. Servers have one or two.
const mostOthers = 10

// others are the prefixes below which folders are not the user's own (RFC 2342).
func others(all []imap.NamespaceDescriptor) []string {
	var prefixes []string
	for _, n := range all {
		if n.Prefix != "" && len(prefixes) < mostOthers {
			prefixes = append(prefixes, short(n.Prefix))
		}
	}
	return prefixes
}

// merged makes one folder of the rows that name the same one: a row that is sent twice is
// no second folder, and marks may be spread over both.
func merged(list []evidence.Folder) []evidence.Folder {
	var once []evidence.Folder
	at := map[string]int{}
	for _, f := range list {
		i, again := at[f.Name]
		marks := f.Attributes
		if !again {
			i = len(once)
			at[f.Name], f.Attributes = i, []string{}
			once = append(once, f)
		}
		for _, a := range marks {
			if kept := once[i].Attributes; len(kept) < mostMarks && !slices.Contains(kept, a) {
				once[i].Attributes = append(kept, a)
			}
		}
		if f.Subscribed == evidence.Yes {
			once[i].Subscribed = evidence.Yes
		}
	}
	return once
}

// shorten bounds what the record keeps of each name. No name that begins like another
// becomes one that the server has: the mark at its end is none of theirs.
func shorten(f *evidence.Folders) {
	for i := range f.List {
		f.List[i].Name, f.List[i].Delimiter = short(f.List[i].Name), short(f.List[i].Delimiter)
		for j, a := range f.List[i].Attributes {
			f.List[i].Attributes[j] = cut(a, longestWord)
		}
	}
}

// drain reads all rows and keeps as many as the limit allows.
func drain(list *imapclient.ListCommand, limit int) (rows []*imap.ListData, cut bool, err error) {
	for row := list.Next(); row != nil; row = list.Next() {
		if len(rows) == limit {
			cut = true
			continue
		}
		rows = append(rows, row)
	}
	return rows, cut, list.Close()
}

func folder(row *imap.ListData) evidence.Folder {
	f := evidence.Folder{Name: row.Mailbox, Delimiter: delimiter(row.Delim), Attributes: []string{}}
	for _, a := range row.Attrs {
		f.Attributes = append(f.Attributes, string(a))
	}
	return f
}

func delimiter(r rune) string {
	if r == 0 {
		return ""
	}
	return string(r)
}

// The folders whose messages are counted: INBOX, and those that look like Sent, Drafts or
// Trash, doubled ones included. Where the provider runs two mail stores, others as well: a
// mailbox that was moved shows in its counts what was left behind.
const (
	counted      = 12
	countedTwice = 40
)

// countMessages asks for STATUS of the folders that the verdict is about, all at once, and
// has said behind it what does not depend on the answers. A folder that the server will not
// count stays uncounted; a line that breaks is an error.
func (v *visit) countMessages(client *imapclient.Client, behind func()) (err error) {
	f := &v.s.Folders
	asked := map[int]*imapclient.StatusCommand{}
	for _, i := range worthCounting(f.List, v.twoStores()) {
		asked[i] = client.Status(f.List[i].Name, &imap.StatusOptions{NumMessages: true})
	}
	behind()
	for i, command := range asked {
		data, failed := command.Wait()
		var refused *imap.Error
		switch {
		case failed == nil:
			f.List[i].Messages = data.NumMessages
		case !errors.As(failed, &refused):
			err = failed
		}
	}
	return err
}

// worthCounting lists the folders to count by their place in the list, those that matter
// ahead of the others.
func worthCounting(list []evidence.Folder, two bool) []int {
	var first, others []int
	for i, f := range list {
		switch {
		case f.Misspelt || !f.Selectable():
		case matters(f) && len(first) < counted:
			first = append(first, i)
		case two:
			others = append(others, i)
		}
	}
	return append(first, others[:min(len(others), countedTwice-len(first))]...)
}

// twoStores tells whether the provider runs more than one mail store.
func (v *visit) twoStores() bool {
	return slices.ContainsFunc(v.plan.Targets, func(t Target) bool {
		return t.Path.Protocol == profile.IMAP && t.Path.Server != "" && t.Path.Server != v.s.Path.Server
	})
}

func matters(f evidence.Folder) bool {
	return strings.EqualFold(f.Name, "INBOX") || f.Is(evidence.Sent) || f.Is(evidence.Drafts) || f.Is(evidence.Trash)
}

// libraryFailure classifies an error that went through go-imap. The library formats
// what it wraps, so the connection's own first error comes before it.
func (v *visit) libraryFailure(ctx context.Context, guard *wire.Guard, err error) *evidence.Failure {
	var said *imap.Error
	if errors.As(err, &said) {
		reply := evidence.Reply{Status: string(said.Type), Code: cut(string(said.Code), longestWord), Text: short(said.Text)}
		refused := refusal(imapKind(reply), reply)
		return withReply(failed(ctx, refused), refused)
	}
	f := failed(ctx, err)
	if first := cmp.Or(guard.Err(), v.conn.Err()); first != nil {
		f.Kind = failed(ctx, first).Kind
	}
	if f.Kind == evidence.Other {
		f.Kind = evidence.Protocol
	}
	return f
}
