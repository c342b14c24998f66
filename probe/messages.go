package probe

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	"mime"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"time"

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

// subjectOf undoes encoded words (RFC 2047), in which an apostrophe may hide.
func subjectOf(header textproto.MIMEHeader) string { return decoded(header.Get("Subject")) }

func decoded(text string) string {
	plain, err := (&mime.WordDecoder{CharsetReader: latin}).DecodeHeader(unlabelled(text))
	if err != nil {
		return text
	}
	return plain
}

// unlabelled takes the language out of encoded words, "=?utf-8*en?Q?...?=" (RFC 2231
// section 5), which mime does not know.
func unlabelled(text string) string { return language.ReplaceAllString(text, "$1?$2") }

var language = regexp.MustCompile(`(=\?[^?*]+)\*[^?]*\?([bBqQ]\?)`)

// latin reads a charset of which the bytes below 0x80 are ASCII, as they are wherever no
// letter of two bytes has one of the apostrophe's value in it. Its other letters become
// question marks: they matter to nobody here. Of a charset that is not like that it gives
// what is surely ASCII, or nothing: an error would spoil the words beside it.
func latin(charset string, in io.Reader) (io.Reader, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	switch charset = strings.ToLower(charset); {
	case strings.Contains(charset, "2022") || strings.HasPrefix(charset, "cp5022"):
		text = inASCII(text)
	case strings.HasPrefix(charset, "utf-16"), strings.HasPrefix(charset, "utf-32"), strings.HasPrefix(charset, "hz"):
		text = nil
	}
	for i, b := range text {
		if b >= 0x80 {
			text[i] = '?'
		}
	}
	return bytes.NewReader(text), nil
}

// inASCII keeps of an ISO 2022 text what stands in the sets of one byte, which are ASCII or
// its national forms: "ESC ( B" leads into one, "ESC $" out of it (RFC 1468).
func inASCII(text []byte) []byte {
	const escape = 0x1b
	var kept []byte
	single := true
	for i := 0; i < len(text); i++ {
		if text[i] != escape {
			if single {
				kept = append(kept, text[i])
			}
			continue
		}
		for i++; i < len(text) && text[i] >= 0x20 && text[i] <= 0x2f; i++ {
			single = text[i] == '(' // of several the last counts: ESC $ ( D is of two bytes
			if text[i] == '$' {
				single = false
				i++
				for i < len(text) && text[i] >= 0x20 && text[i] <= 0x2f {
					i++
				}
				break
			}
		}
	}
	return kept
}

func byThunderbird(header textproto.MIMEHeader) bool {
	return strings.Contains(strings.ToLower(header.Get("User-Agent")), "thunderbird") ||
		header.Get("X-Mozilla-Status") != "" || header.Get("X-Mozilla-Keys") != ""
}
