package probe

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"mailmedic/probe/evidence"
	"mailmedic/probe/wire"
)

// mostRivals bounds the folders of one role whose newest message is asked for: more than
// any set of mail programs has made.
const mostRivals = 4

// takes tells whether this path is the first that wants to do something which is done once
// in a run.
func (v *visit) takes(what string) bool {
	_, taken := v.taken.LoadOrStore(what, true)
	return !taken
}

// store names the mail store behind the path: paths that lead to one show the same.
func (v *visit) store() string {
	if v.s.Path.Server != "" {
		return "server " + v.s.Path.Server
	}
	return "host " + strings.ToLower(v.s.Path.Host)
}

// examine opens folders read-only (RFC 9051 section 6.3.3), once for each mail store, and
// asks everything at once: how long INBOX takes, which of several folders for one role is
// in use, and what the known issues need of the newest messages. LOGOUT is said behind the
// last question.
func (v *visit) examine(ctx context.Context, client *imapclient.Client, guard *wire.Guard, reads bool) *imapclient.Command {
	f := &v.s.Folders
	v.conn.Until(v.limit(ctx, v.plan.Budget.Step))
	more := []*reading{v.ask(client, inbox(f.List), reads)}
	var newest []*dating
	for _, i := range rivals(f.List) {
		newest = append(newest, v.date(client, &f.List[i]))
	}
	if sent, ok := sentFolder(f.List); ok && reads {
		more = append(more, v.ask(client, sent, true))
	}
	logout := client.Logout()
	// Each answer has its own reader from the start: go-imap's reader stops at a literal
	// until somebody takes it, so that an answer which comes out of order would stop it for
	// ever.
	var readers sync.WaitGroup
	for _, d := range newest {
		readers.Go(d.take)
	}
	for _, r := range more {
		readers.Go(func() { r.opened(v.libraryStep(ctx, guard)) })
		readers.Go(r.take)
	}
	readers.Wait()
	f.Inbox = more[0].open
	for _, r := range more {
		if len(r.fetches) > 0 {
			v.s.Messages = append(v.s.Messages, r.found(v.libraryStep(ctx, guard)))
		}
	}
	return logout
}

// libraryStep makes the step that a stopwatch measured, with go-imap's error if there is one.
func (v *visit) libraryStep(ctx context.Context, guard *wire.Guard) func(stopwatch, error) evidence.Step {
	return func(w stopwatch, err error) evidence.Step {
		if err != nil {
			return w.failed(v.libraryFailure(ctx, guard, err))
		}
		return w.done()
	}
}

// contested tells whether a role could have rivals, whatever is in the folders.
func contested(list []evidence.Folder) bool {
	for _, role := range []evidence.Role{evidence.Sent, evidence.Drafts, evidence.Trash} {
		played := 0
		for _, f := range list {
			if f.Is(role) {
				played++
			}
		}
		if played > 1 {
			return true
		}
	}
	return false
}

// rivals finds the folders of a role that more than one folder with messages plays, by
// their place in the list.
func rivals(list []evidence.Folder) []int {
	var all []int
	for _, role := range []evidence.Role{evidence.Sent, evidence.Drafts, evidence.Trash} {
		var used []int
		for i, f := range list {
			if f.Is(role) && f.Messages != nil && *f.Messages > 0 && len(used) < mostRivals {
				used = append(used, i)
			}
		}
		if len(used) > 1 {
			all = append(all, used...)
		}
	}
	return all
}

// dating is the question for the newest message of a folder.
type dating struct {
	folder  *evidence.Folder
	examine *imapclient.SelectCommand
	fetch   *imapclient.FetchCommand
}

func (v *visit) date(client *imapclient.Client, f *evidence.Folder) *dating {
	return &dating{f, client.Select(f.Name, &imap.SelectOptions{ReadOnly: true}),
		client.Fetch(imap.SeqSetNum(*f.Messages), &imap.FetchOptions{UID: true, InternalDate: true})}
}

// take keeps the date that comes. A folder that cannot be opened has none, which is no
// failure of the reading.
func (d *dating) take() {
	for message := d.fetch.Next(); message != nil; message = d.fetch.Next() {
		for item := message.Next(); item != nil; item = message.Next() {
			if date, ok := item.(imapclient.FetchItemDataInternalDate); ok {
				d.folder.Newest = utc(date.Time)
			}
		}
	}
	d.fetch.Close()
	d.examine.Wait()
}

// depart waits for the answer to a LOGOUT that is on its way.
func (v *visit) depart(ctx context.Context, guard *wire.Guard, logout *imapclient.Command) {
	watch := v.begin()
	v.conn.Until(time.Now().Add(v.plan.Budget.Farewell))
	if err := logout.Wait(); err != nil {
		v.s.Farewell = watch.failed(v.libraryFailure(ctx, guard, err))
		return
	}
	v.s.Farewell = watch.done()
}
