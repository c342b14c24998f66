package checks

import (
	"slices"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// TestRefusals: what a server's answer to a login means, by its code first, then by words,
// and what it must not be taken for.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		reply evidence.Reply
		want  string
	}{
		{evidence.Reply{Status: "NO", Code: "AUTHENTICATIONFAILED", Text: "Authentication failed."}, "MM701 certain"},
		{evidence.Reply{Status: "NO", Code: "AUTHENTICATIONFAILED", Text: "Invalid username or password. Please check and try again."}, "MM701 certain"},
		{evidence.Reply{Status: "535", Enhanced: "5.7.8", Text: "Username and Password not accepted. For more information, go to https://support.example/"}, "MM701 certain"},
		{evidence.Reply{Status: "535", Enhanced: "5.7.8", Text: "Invalid login, password expired or account disabled"}, "MM701 certain"},
		{evidence.Reply{Status: "535", Text: "Wrong user name or password (after too many failed attempts you will be locked out)"}, "MM701 certain"},
		{evidence.Reply{Status: "NO", Code: "ALERT", Text: "Please accept the new terms in Webmail"}, "MM701 likely"},
		{evidence.Reply{Status: "BYE", Text: ""}, "MM701 possible"},
		{evidence.Reply{Status: "BYE", Text: "Your mailbox has moved"}, "MM701 possible"},
		{evidence.Reply{Status: "NO", Code: "AUTHENTICATIONFAILED", Text: "Your password has expired, please change it"}, "MM705 likely"},
		{evidence.Reply{Status: "NO", Code: "EXPIRED", Text: "Password expired"}, "MM705 certain"},
		{evidence.Reply{Status: "NO", Code: "LIMIT", Text: "Maximum number of connections"}, "MM709 certain"},
		{evidence.Reply{Status: "NO", Code: "UNAVAILABLE", Text: "Maximum number of connections"}, "MM709 likely"},
		{evidence.Reply{Status: "NO", Code: "UNAVAILABLE", Text: "Temporary authentication failure"}, "MM708 certain"},
		{evidence.Reply{Status: "421", Enhanced: "4.3.0", Text: "trouble"}, "MM708 certain"},
		{evidence.Reply{Status: "421", Enhanced: "4.7.0", Text: "go away"}, "MM702 likely"},
	} {
		result := evidence.RejectedIn
		if tt.reply.Status == "BYE" || tt.reply.Status == "421" || slices.Contains([]string{"LIMIT", "UNAVAILABLE"}, tt.reply.Code) {
			result = evidence.ForNow
		}
		path := profile.Path{Protocol: profile.IMAP, Port: 993, Host: "mail.example.net"}
		e := &evidence.Evidence{
			Sessions: []evidence.Session{{Path: path}},
			Logins:   []evidence.Login{{Path: path.ID(), Name: "alice", Form: evidence.Needed, Result: result, Reply: &tt.reply}},
		}
		var got []string
		for _, f := range Run(e, All()) {
			if f.Stage == StageLogin {
				sure := f.Sure
				if sure == "" {
					sure = Certain
				}
				got = append(got, string(f.Code)+" "+string(sure))
			}
		}
		if !slices.Equal(got, []string{tt.want}) {
			t.Errorf("%+v: got %q, want %q", tt.reply, got, tt.want)
		}
	}
}
