package mailtest

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Store is what one mail store shows to each of its users. A provider may run two:
// profile.Path.Server names the one behind a path.
type Store struct {
	Prefix    string // of the personal namespace, RFC 2342: "INBOX." or ""
	Others    string // prefix of other users' folders, "user."; empty for none
	Separator rune
	Folders   []Folder // as LIST shows them
	Odd       []string // further rows of LIST, as they stand on the wire
}

// Folder is one mailbox.
type Folder struct {
	Name       string
	Attributes []imap.MailboxAttr // \Sent and its kind, RFC 6154
	Messages   []Message

	Unsubscribed bool
}

// Message is one stored mail.
type Message struct {
	Received time.Time // the internal date, RFC 9051 section 2.3.3
	Text     string    // RFC 5322, lines end in CRLF
}

// OldStore keeps all folders below INBOX, and has none for drafts.
func OldStore(now time.Time) Store {
	return Store{Prefix: "INBOX.", Separator: '.', Folders: []Folder{
		{Name: "INBOX", Messages: append(imported(now), delivered(now)...)},
		{Name: "INBOX.Sent", Attributes: []imap.MailboxAttr{imap.MailboxAttrSent}, Messages: sent(now)},
		{Name: "INBOX.Trash", Attributes: []imap.MailboxAttr{imap.MailboxAttrTrash}},
	}}
}

// NewStore keeps all folders at the top, and has one for drafts. The mail is that of OldStore.
func NewStore(now time.Time) Store {
	return Store{Separator: '/', Folders: []Folder{
		{Name: "INBOX", Messages: append(imported(now), delivered(now)...)},
		{Name: "Sent", Attributes: []imap.MailboxAttr{imap.MailboxAttrSent}, Messages: sent(now)},
		{Name: "Drafts", Attributes: []imap.MailboxAttr{imap.MailboxAttrDrafts}},
		{Name: "Trash", Attributes: []imap.MailboxAttr{imap.MailboxAttrTrash}},
	}}
}

// Without is the store with a folder taken away.
func (s Store) Without(name string) Store {
	s.Folders = slices.DeleteFunc(slices.Clone(s.Folders), func(f Folder) bool { return f.Name == name })
	return s
}

// With is the store with a folder more.
func (s Store) With(f Folder) Store {
	s.Folders = append(slices.Clone(s.Folders), f)
	return s
}

// SentDoubled is the store after a client has put its own root path in front of the
// server's: the newest sent mail lies in "INBOX.INBOX.Sent".
func (s Store) SentDoubled(now time.Time) Store {
	name := fmt.Sprintf("INBOX%cINBOX%cSent", s.Separator, s.Separator)
	return s.With(Folder{Name: name, Messages: []Message{
		note(now.Add(-2*time.Hour), "Saved where only one program looks", ""),
	}})
}

// fill makes the mailboxes of one user.
func (s Store) fill(u User) (*imapmemserver.User, error) {
	mail := imapmemserver.NewUser(u.Name, u.Password)
	for _, f := range s.Folders {
		if err := mail.Create(f.Name, nil); err != nil {
			return nil, fmt.Errorf("create folder %s: %w", f.Name, err)
		}
		for _, m := range f.Messages {
			options := &imap.AppendOptions{Time: m.Received, Flags: []imap.Flag{imap.FlagSeen}}
			if _, err := mail.Append(f.Name, literal{bytes.NewReader([]byte(m.Text))}, options); err != nil {
				return nil, fmt.Errorf("store message in %s: %w", f.Name, err)
			}
		}
	}
	return mail, nil
}

// literal gives a bytes.Reader the int64 size that imap.LiteralReader asks for.
type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// delivered is mail that came through a mail server: it has Received fields.
func delivered(now time.Time) []Message {
	var list []Message
	for i, subject := range []string{"Welcome", "Minutes of the meeting", "Holiday photos"} {
		at := now.Add(-time.Duration(3-i) * day)
		received := "Received: from mx.example.net (mx.example.net [192.0.2.200])\r\n" +
			"\tby mx.example.com with ESMTP; " + at.Format(time.RFC1123Z) + "\r\n"
		list = append(list, note(at, subject, received))
	}
	return list
}

// imported is mail that a client uploaded from elsewhere: no server stamped it. The
// apostrophe in the second subject is one of the old server's known issues.
func imported(now time.Time) []Message {
	return []Message{
		note(now.Add(-400*day), "Before the move", ""),
		note(now.Add(-399*day), "The baker's address", ""),
	}
}

// sent is mail that clients saved after sending; the second was saved by Thunderbird.
func sent(now time.Time) []Message {
	return []Message{
		note(now.Add(-30*day), "Thank you", ""),
		note(now.Add(-29*day), "Re: Minutes of the meeting",
			"User-Agent: Mozilla Thunderbird 2.0.0.24 (Windows/20100228)\r\n"),
	}
}

// note is a short plain-text mail with more fields put before its own.
func note(at time.Time, subject, fields string) Message {
	return Message{at, fields +
		"From: Carol <carol@example.net>\r\n" +
		"To: Alice <alice@example.com>\r\n" +
		"Subject: " + subject + "\r\n" +
		"Date: " + at.Format(time.RFC1123Z) + "\r\n" +
		fmt.Sprintf("Message-ID: <%d@example.net>\r\n", at.UnixNano()) +
		"MIME-Version: 1.0\r\n" +
		"Content-Type: text/plain; charset=utf-8\r\n" +
		"\r\n" +
		"This message exists only in a simulation.\r\n"}
}
