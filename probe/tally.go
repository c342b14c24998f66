package probe

import (
	"bufio"
	"io"
	"net/textproto"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"mailmedic/probe/evidence"
)

// tally counts what the messages of one folder showed. It keeps counts, UIDs and dates,
// and of the newest message of each kind subject and sender where the user wants to see them.
type tally struct {
	evidence.Messages
	folder evidence.Folder
	home   kin
	shown  bool
	stops  map[string]*stop // by the domain of the last stop
}

// stop is what was last seen at hosts of one domain.
type stop struct {
	all, apostrophe evidence.Example
	newest          time.Time
}

// mostStops bounds the domains that are told apart; a mailbox has one or two.
const mostStops = 64

func newTally(f evidence.Folder, home kin, shown bool) tally {
	return tally{Messages: evidence.Messages{Folder: short(f.Name), Total: int(*f.Messages)}, folder: f, home: home, shown: shown, stops: map[string]*stop{}}
}

// read goes through the answers to one question.
func (t *tally) read(fetch *imapclient.FetchCommand) {
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
				header = fields(header, item.Literal)
			}
		}
		// A server may tell of a change of flags in between, which is no message that was read.
		if header != nil {
			t.add(uint32(uid), received, header)
		}
	}
}

func (t *tally) add(uid uint32, received time.Time, header textproto.MIMEHeader) {
	t.Examined++
	x := evidence.Example{Count: 1, UID: uid}
	if !received.IsZero() {
		x.Date = received.Format(time.RFC3339)
	}
	subject := subjectOf(header)
	if t.shown {
		x.Subject, x.From = short(subject), short(decoded(header.Get("From")))
	}
	traced := header.Get("Received") != ""
	if t.folder.Is(evidence.Sent) && !traced && byThunderbird(header) {
		count(&t.SavedByThunderbird, x)
	}
	if !strings.EqualFold(t.folder.Name, "INBOX") {
		return
	}
	how, by := came(header, received, t.home)
	apostrophe := strings.Contains(subject, "'")
	if how == delivered {
		t.arrived(x, by, received, apostrophe)
		return
	}
	t.imported(x, apostrophe)
	if how == untraced {
		t.Untraced++
	} else {
		t.Late++
	}
}

// arrived counts a message that bears the trace of a delivery.
func (t *tally) arrived(x evidence.Example, by string, received time.Time, apostrophe bool) {
	if t.stops[by] == nil && len(t.stops) == mostStops {
		by = ""
	}
	if t.stops[by] == nil {
		t.stops[by] = &stop{}
	}
	if received.After(t.stops[by].newest) {
		t.stops[by].newest = received
	}
	count(&t.stops[by].all, x)
	if apostrophe {
		count(&t.stops[by].apostrophe, x)
	}
}

func (t *tally) imported(x evidence.Example, apostrophe bool) {
	count(&t.Imported, x)
	if apostrophe {
		count(&t.Apostrophe, x)
	}
}

// sum is what was counted. Where the provider's own hosts are seen to be the last stop of
// messages, one whose last stop is another's was brought along from there. Where they never
// are, their names are not known, and nothing follows.
func (t *tally) sum() evidence.Messages {
	home := false
	for by := range t.stops {
		home = home || t.home.domains[by]
	}
	for by, s := range t.stops {
		if home && by != "" && !t.home.domains[by] {
			t.Foreign += s.all.Count
			count(&t.Imported, s.all)
			count(&t.Apostrophe, s.apostrophe)
			continue
		}
		// Only the server's clock dates what arrives; a program dates what it stores itself.
		if s.newest.After(t.Newest) {
			t.Newest = s.newest
		}
	}
	return t.Messages
}

// count adds messages to what is counted already. The example is the newest, which has the
// highest UID (RFC 9051 section 2.3.1.1).
func count(to *evidence.Example, x evidence.Example) {
	n := to.Count + x.Count
	if x.UID >= to.UID && x.Count > 0 {
		*to = x
	}
	to.Count = n
}

// fields adds the header fields of a part to those of the parts before it. What does not
// parse is left out; the end of a part that was cut off is a field's end.
func fields(header textproto.MIMEHeader, part io.Reader) textproto.MIMEHeader {
	if header == nil {
		header = textproto.MIMEHeader{}
	}
	if part == nil {
		return header
	}
	more, _ := textproto.NewReader(bufio.NewReaderSize(io.MultiReader(part, strings.NewReader("\r\n\r\n")), 1024)).ReadMIMEHeader()
	io.Copy(io.Discard, part)
	for name, values := range more {
		header[name] = append(header[name], values...)
	}
	return header
}

func byThunderbird(header textproto.MIMEHeader) bool {
	return strings.Contains(strings.ToLower(header.Get("User-Agent")), "thunderbird") ||
		header.Get("X-Mozilla-Status") != "" || header.Get("X-Mozilla-Keys") != ""
}
