package evidence

import "mailmedic/probe/profile"

// Client is one account as a mail program on this computer has it set up. It holds no
// password. A setting that the program's file does not say is nil, empty or unknown; one
// that the program falls back to by itself is what the program does.
type Client struct {
	Program string `json:"program"` // "thunderbird", "mbsync": one of the names of package clientconf
	File    string `json:"file"`    // where it was read, the home folder as "~"
	Account string `json:"account"` // what the program or the user calls it
	Address string `json:"address"` // the sender's address, empty where the file has none

	Receiving *ClientServer `json:"receiving,omitempty"` // IMAP; nil where the file sets none up
	Sending   *ClientServer `json:"sending,omitempty"`   // SMTP; likewise

	// The folder paths as they stand in the file. Asks says whether the program asks the
	// server for the root (NAMESPACE, RFC 2342) in place of what it is set to.
	RootPath   *string `json:"root_path,omitempty"`
	SentPath   *string `json:"sent_path,omitempty"`
	DraftsPath *string `json:"drafts_path,omitempty"`
	Asks       Seen    `json:"asks"`
	Separator  string  `json:"separator,omitempty"` // between the parts of the paths, where the program writes one of its own, whatever the server's is

	CheckMinutes *int `json:"check_minutes,omitempty"` // between two checks for mail; 0: it does not check by itself. Seconds are rounded up
	SyncsAll     Seen `json:"syncs_all"`               // it goes through all folders at each check, or keeps all of them on this computer
	Searches     Seen `json:"searches"`                // it searches on the server while the user types
	Connections  int  `json:"connections"`             // that it keeps open to the receiving server; 0: unknown

	Missed []string `json:"missed,omitempty"` // what of the file was not read and could matter, a sentence each: "include ~/x is not followed"
}

// ClientServer is one server as a mail program has it.
type ClientServer struct {
	Host       string             `json:"host"`
	Port       int                `json:"port"`       // the file's, else the one that the program takes by itself; 0: unknown
	Encryption profile.Encryption `json:"encryption"` // empty: unknown
	IfOffered  bool               `json:"if_offered"` // STARTTLS where the server offers it, else in the clear
	Unverified bool               `json:"unverified"` // certificates are not verified
	Login      string             `json:"login"`
	Auth       Auth               `json:"auth"`
	Stored     bool               `json:"stored"` // a password stands in the file, or a command that gives one
}

// Auth is how a program proves who the user is.
type Auth string

// The ways, as far as they matter to a provider. AuthUnknown is what a program decides
// by itself.
const (
	AuthUnknown   Auth = ""
	AuthPassword  Auth = "password"           // PLAIN or LOGIN
	AuthEncrypted Auth = "encrypted-password" // CRAM-MD5, DIGEST-MD5, SCRAM
	AuthOAuth     Auth = "oauth2"             // XOAUTH2, OAUTHBEARER
	AuthOther     Auth = "other"              // GSSAPI, NTLM, EXTERNAL
	AuthNone      Auth = "none"
)

// Known tells whether the word is one of the ways.
func (a Auth) Known() bool {
	switch a {
	case AuthUnknown, AuthPassword, AuthEncrypted, AuthOAuth, AuthOther, AuthNone:
		return true
	}
	return false
}
