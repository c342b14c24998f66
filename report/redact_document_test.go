package report

import (
	"strings"
	"testing"
)

// TestFailedHides: the document of a run that could not start repeats no address, whether it
// is one or not.
func TestFailedHides(t *testing.T) {
	for _, c := range []struct{ message, want string }{
		{`"jane.doe@@example.net" is not an address: it has more than one @.`, `"j***@@example.net" is not an address: it has more than one @.`},
		{"There are several accounts: jane@a.example, olav@b.example. Say which one.", "There are several accounts: j***@a.example, o***@b.example. Say which one."},
		{"mailmedic check jane@a.example --client x", "mailmedic check j***@a.example --client x"},
		{"Write it like this:  mailmedic check you@example.net", "Write it like this:  mailmedic check you@example.net"},
		{"j***@example.net is known, and to=jane@x.example", "j***@example.net is known, and to=j***@x.example"},
	} {
		r := Failed(64, Tool{}, c.message, c.message)
		if r.Error.Message != c.want || r.Error.Hint != c.want || r.Verdict.Headline != c.want || r.Redaction.Level != "share" {
			t.Errorf("%s: got %+v, %q at level %s, want %q", c.message, r.Error, r.Verdict.Headline, r.Redaction.Level, c.want)
		}
	}
}

// TestScrub hides in a report without evidence what it says of its user.
func TestScrub(t *testing.T) {
	r := blank(Tool{Version: "1.0.0"})
	login := "jane.doe"
	r.Input = Input{Address: "jane.doe@example.net", Login: &login}
	r.Verdict.Headline = "jane.doe cannot log in"
	r.Error = &Error{Message: "olav@@friend.example is no address"}
	r.Findings = []Finding{{Code: "MM501", Message: "The server refuses jane.doe.", Actions: []string{"Log in as jane.doe@example.net."}, Params: map[string]string{"name": "jane.doe"}}}
	for _, level := range []Level{Share, Strict} {
		hidden := Scrub(r, level)
		var b strings.Builder
		if err := JSON(&b, hidden); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"jane", "olav"} {
			if at := strings.Index(b.String(), secret); at >= 0 {
				t.Errorf("level %s: got %q", level, b.String()[at-20:at+40])
			}
		}
		if level == Strict && strings.Contains(b.String(), "friend.example") || hidden.Redaction.Level != string(level) || hidden.Redaction.Hidden["address"] == 0 {
			t.Errorf("level %s: got %+v in %s", level, hidden.Redaction, b.String())
		}
	}
	if r.Input.Address != "jane.doe@example.net" || *r.Input.Login != "jane.doe" {
		t.Errorf("the report itself was changed to %+v", r.Input)
	}
}
