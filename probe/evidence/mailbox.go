package evidence

import "time"

// Folders is the mailbox tree as one server shows it.
type Folders struct {
	Step      Step     `json:"step"`
	Namespace Seen     `json:"namespace"` // the server answered NAMESPACE, RFC 2342
	Prefix    string   `json:"prefix"`    // of the personal namespace, "INBOX." or ""
	Delimiter string   `json:"delimiter"`
	List      []Folder `json:"list"`
	Cut       bool     `json:"cut"`          // more folders than the limit; the rest was not read
	ListTook  Millis   `json:"list_took_ms"` // from LIST to its last row
	Quota     []Quota  `json:"quota"`        // of INBOX, RFC 9208; empty where the server has none
}

// Quota is one limit on a mailbox.
type Quota struct {
	Root     string `json:"root"`
	Resource string `json:"resource"` // STORAGE in units of 1024 bytes, or MESSAGE
	Used     int64  `json:"used"`
	Limit    int64  `json:"limit"`
}

// Folder is one row of LIST.
type Folder struct {
	Name       string   `json:"name"`
	Delimiter  string   `json:"delimiter"`
	Attributes []string `json:"attributes"` // as sent: \Sent, \Noselect
	Subscribed Seen     `json:"subscribed"`
	Misspelt   bool     `json:"misspelt,omitempty"` // the name is no modified UTF-7 (RFC 3501 section 5.1.3) or UTF-8; it stands here as it was sent
	Messages   *uint32  `json:"messages,omitempty"`
}

// Messages is what the header fields of one folder's newest messages showed.
// It holds counts and UIDs, never a subject or an address.
type Messages struct {
	Folder             string    `json:"folder"`
	Step               Step      `json:"step"`
	Examined           int       `json:"examined"`
	Newest             time.Time `json:"newest"`     // INTERNALDATE of the newest one; zero where unknown
	Imported           Example   `json:"imported"`   // no trace of delivery: appended by a client
	Apostrophe         Example   `json:"apostrophe"` // imported, with U+0027 in the subject
	SavedByThunderbird Example   `json:"saved_by_thunderbird"`
}

// Example counts messages and names the newest of them.
type Example struct {
	Count int    `json:"count"`
	UID   uint32 `json:"uid,omitempty"`
	Date  string `json:"date,omitempty"` // INTERNALDATE, RFC 3339
}
