package evidence

import "time"

// Folders is the mailbox tree as one server shows it.
type Folders struct {
	Step      Step     `json:"step"`
	Namespace Seen     `json:"namespace"`        // the server answered NAMESPACE, RFC 2342
	Prefix    string   `json:"prefix"`           // of the personal namespace, "INBOX." or ""
	Others    []string `json:"others,omitempty"` // prefixes of other users' and of shared folders
	Delimiter string   `json:"delimiter"`
	List      []Folder `json:"list"`
	Cut       bool     `json:"cut"`          // more folders than the limit; the rest was not read
	ListTook  Millis   `json:"list_took_ms"` // from LIST to its last row
	Inbox     Step     `json:"inbox"`        // EXAMINE of INBOX, on one path to each mail store
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

	// Newest is INTERNALDATE of the newest message, where several folders play one role.
	Newest time.Time `json:"newest,omitzero"`
}

// Messages is what the header fields of one folder's newest messages showed.
type Messages struct {
	Folder   string    `json:"folder"`
	Step     Step      `json:"step"`
	Total    int       `json:"total"`    // messages in the folder
	Examined int       `json:"examined"` // of which so many were read, the newest
	Newest   time.Time `json:"newest"`   // INTERNALDATE of the newest one that was delivered; zero where unknown

	// Imported are messages of INBOX that a program put there, and why that follows; see
	// the page of MM951.
	Imported   Example `json:"imported"`
	Untraced   int     `json:"untraced"`   // no trace of a delivery
	Late       int     `json:"late"`       // stored at another time than their last stop had them
	Foreign    int     `json:"foreign"`    // their last stop was not the provider's, and others' was
	Apostrophe Example `json:"apostrophe"` // imported, with U+0027 in the subject

	SavedByThunderbird Example `json:"saved_by_thunderbird"` // in a folder for sent mail, without the trace of a delivery
}

// Example counts messages and names the newest of them. Subject and From are there only if
// the user wanted to see them.
type Example struct {
	Count   int    `json:"count"`
	UID     uint32 `json:"uid"`
	Date    string `json:"date"` // INTERNALDATE, RFC 3339
	Subject string `json:"subject,omitempty"`
	From    string `json:"from,omitempty"`
}
