package probe

import (
	"bufio"
	"context"
	"io"
	"mime"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"mailmedic/probe/evidence"
	"mailmedic/probe/wire"
)

// headerFields are all that is read of a message: enough to tell how it came into its
// folder. PEEK leaves its flags alone.
var headerFields = &imap.FetchItemBodySection{
	Specifier:    imap.PartSpecifierHeader,
	HeaderFields: []string{"Received", "Subject", "User-Agent", "X-Mozilla-Status", "X-Mozilla-Keys"},
	Peek:         true,
}

// takesReading tells whether this path is the one to read messages on: a known issue
// that shows in messages can occur here, and no other path reads already. All paths
// that could lead to the same messages.
func (v *visit) takesReading() bool {
	if v.plan.Options.Messages == 0 {
		return false
	}
	for _, i := range v.plan.Profile.Issues {
		if slices.Contains([]string{"MM951", "MM952", "MM953"}, i.Code) && !slices.Contains(i.Absent, v.s.ID()) {
			return v.reading.CompareAndSwap(false, true)
		}
	}
	return false
}

// worthReading lists the folders whose newest messages are read: INBOX and the first Sent.
func worthReading(list []evidence.Folder) []evidence.Folder {
	var folders []evidence.Folder
	sent := false
	for _, f := range list {
		isSent := f.Is(evidence.Sent) && !sent
		if f.Messages == nil || *f.Messages == 0 || !isSent && !strings.EqualFold(f.Name, "INBOX") {
			continue
		}
		sent = sent || isSent
		folders = append(folders, f)
	}
	return folders
}

// readMessages looks at the header fields of the newest messages and says LOGOUT behind
// the last question. All questions go out at once. Each answer has its own reader from
// the start: go-imap's reader stops at a literal until somebody takes it, so that an
// answer which comes out of order would stop it for ever.
func (v *visit) readMessages(ctx context.Context, client *imapclient.Client, guard *wire.Guard, folders []evidence.Folder) *imapclient.Command {
	v.conn.Until(v.limit(ctx, v.plan.Budget.Step))
	found := make([]evidence.Messages, len(folders))
	var readers sync.WaitGroup
	for i, f := range folders {
		watch := v.begin()
		var newest imap.SeqSet
		newest.AddRange(*f.Messages-min(*f.Messages, uint32(v.plan.Options.Messages))+1, *f.Messages)
		examine := client.Select(f.Name, &imap.SelectOptions{ReadOnly: true})
		fetch := client.Fetch(newest, &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{headerFields}})
		readers.Go(func() {
			m := &found[i]
			m.Folder = short(f.Name)
			read(fetch, f, m)
			err := fetch.Close()
			if _, refused := examine.Wait(); refused != nil {
				err = refused
			}
			m.Step = watch.done()
			if err != nil {
				m.Step = watch.failed(v.libraryFailure(ctx, guard, err))
			}
		})
	}
	logout := client.Logout()
	readers.Wait()
	v.s.Messages = append(v.s.Messages, found...)
	return logout
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

// read goes through one folder's answers. What it notes are counts, UIDs and dates.
func read(fetch *imapclient.FetchCommand, folder evidence.Folder, m *evidence.Messages) {
	for message := fetch.Next(); message != nil; message = fetch.Next() {
		var uid imap.UID
		var received time.Time
		var header textproto.MIMEHeader
		for item := message.Next(); item != nil; item = message.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				uid = item.UID
			case imapclient.FetchItemDataInternalDate:
				received = utc(item.Time)
			case imapclient.FetchItemDataBodySection:
				header = fields(item.Literal)
			}
		}
		m.Examined++
		note := func(x *evidence.Example, is bool) {
			if !is {
				return
			}
			x.Count++
			x.UID, x.Date = uint32(uid), ""
			if !received.IsZero() {
				x.Date = received.Format(time.RFC3339)
			}
		}
		// A message that came through a mail server carries its Received fields (RFC 5321
		// section 4.4); one that a client put into INBOX from its own store has none. Copies
		// from another server keep theirs and are not counted: rather too few than wrong.
		inbox, through := strings.EqualFold(folder.Name, "INBOX"), header.Get("Received") != ""
		imported := inbox && len(header) > 0 && !through
		// Only the server's clock dates what arrives; a client dates what it stores itself
		// (RFC 9051 section 6.3.12).
		if inbox && through && received.After(m.Newest) {
			m.Newest = received
		}
		note(&m.Imported, imported)
		note(&m.Apostrophe, imported && strings.Contains(subjectOf(header), "'"))
		note(&m.SavedByThunderbird, folder.Is(evidence.Sent) && byThunderbird(header))
	}
}

// fields parses header fields; what does not parse is left out.
func fields(literal io.Reader) textproto.MIMEHeader {
	if literal == nil {
		return nil
	}
	header, _ := textproto.NewReader(bufio.NewReader(literal)).ReadMIMEHeader()
	io.Copy(io.Discard, literal)
	return header
}

// subjectOf undoes encoded words (RFC 2047), in which an apostrophe may hide.
func subjectOf(header textproto.MIMEHeader) string {
	subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
	if err != nil {
		return header.Get("Subject")
	}
	return subject
}

func byThunderbird(header textproto.MIMEHeader) bool {
	return strings.Contains(strings.ToLower(header.Get("User-Agent")), "thunderbird") ||
		header.Get("X-Mozilla-Status") != "" || header.Get("X-Mozilla-Keys") != ""
}
