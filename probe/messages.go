package probe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"mailmedic/probe/evidence"
)

// fieldsOf are all that is read of a message: enough to tell how it came into its folder.
// PEEK leaves its flags alone, and the parts are bounded, because the traces of a message
// may be as long as the message: the first one, written by its last stop, is enough.
func fieldsOf(shown bool) []*imap.FetchItemBodySection {
	section := func(most int64, fields ...string) *imap.FetchItemBodySection {
		return &imap.FetchItemBodySection{
			Specifier: imap.PartSpecifierHeader, HeaderFields: fields,
			Partial: &imap.SectionPartial{Size: most}, Peek: true,
		}
	}
	rest := []string{"Subject", "User-Agent", "X-Mozilla-Status", "X-Mozilla-Keys"}
	if shown {
		rest = append(rest, "From")
	}
	return []*imap.FetchItemBodySection{section(600, "Received"), section(1000, rest...)}
}

// firstMessages are the newest messages of a folder, which are asked for ahead of the others: if
// the time runs out, they are what a person has in front of them.
const firstMessages = 200

// readsMessages tells whether this path is the one to read messages on: a known issue that
// shows in messages can occur here, and no other path reads already. All paths that could
// lead to the same messages.
func (v *visit) readsMessages() bool {
	if v.plan.Options.Messages == 0 {
		return false
	}
	for _, i := range v.plan.Profile.Issues {
		if slices.Contains([]string{"MM951", "MM952", "MM953"}, i.Code) && !slices.Contains(i.Absent, v.s.ID()) {
			return v.takes("messages")
		}
	}
	return false
}

// home is what the provider calls its own: the hosts that deliver its mail have such names.
func (v *visit) home() kin {
	k := kinOf(v.plan.Profile, v.plan.Options.Successor)
	for _, name := range v.plan.Profile.MX {
		k.domains[registrable(spelled(name))] = true
	}
	delete(k.domains, "")
	return k
}

// inbox is the folder INBOX as LIST showed it, or as RFC 9051 section 5.1 promises it.
func inbox(list []evidence.Folder) evidence.Folder {
	for _, f := range list {
		if strings.EqualFold(f.Name, "INBOX") {
			return f
		}
	}
	return evidence.Folder{Name: "INBOX"}
}

// sentFolder picks the folder of sent mail to read: the server's own if it marks one, else
// the first with messages in it.
func sentFolder(list []evidence.Folder) (evidence.Folder, bool) {
	pick := -1
	for i, f := range list {
		if f.Is(evidence.Sent) && f.Messages != nil && *f.Messages > 0 && (pick < 0 || f.Special(evidence.Sent) && !list[pick].Special(evidence.Sent)) {
			pick = i
		}
	}
	if pick < 0 {
		return evidence.Folder{}, false
	}
	return list[pick], true
}

// reading is one folder on its way: what was asked, and what has come.
type reading struct {
	watch   stopwatch
	examine *imapclient.SelectCommand
	open    evidence.Step // of examine
	refused error
	fetches []*imapclient.FetchCommand
	tally   tally
	err     error
}

// ask examines a folder and, if it is to be read, asks for its newest messages, the very
// newest first.
func (v *visit) ask(client *imapclient.Client, f evidence.Folder, read bool) *reading {
	r := &reading{watch: v.begin(), examine: client.Select(f.Name, &imap.SelectOptions{ReadOnly: true})}
	if !read || f.Messages == nil {
		return r
	}
	shown, left, last := v.plan.Options.ShowMessages, uint32(v.plan.Options.Messages), *f.Messages
	r.tally = newTally(f, v.home(), shown)
	for _, most := range []uint32{firstMessages, left} {
		n := min(last, most, left)
		if n == 0 {
			break
		}
		var set imap.SeqSet
		set.AddRange(last-n+1, last)
		r.fetches = append(r.fetches, client.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true, BodySection: fieldsOf(shown)}))
		last, left = last-n, left-n
	}
	return r
}

// opened waits for the folder.
func (r *reading) opened(step func(stopwatch, error) evidence.Step) {
	_, r.refused = r.examine.Wait()
	r.open = step(r.watch, r.refused)
}

// take reads the messages as they come.
func (r *reading) take() {
	for _, fetch := range r.fetches {
		r.tally.read(fetch)
		r.err = cmp.Or(r.err, fetch.Close())
	}
}

// found is what a reading came to. What had come before it broke off counts.
func (r *reading) found(step func(stopwatch, error) evidence.Step) evidence.Messages {
	m := r.tally.sum()
	m.Step = step(r.watch, cmp.Or(r.refused, r.err))
	return m
}
