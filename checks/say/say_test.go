package say

import "testing"

func TestEnglish(t *testing.T) {
	for _, test := range []struct {
		text Text
		want string
	}{
		{"", ""},
		{"The server does not answer.", "The server does not answer."},
		{"A name such as user%domain.", "A name such as user%domain."},
		{With("Port %d of %s answers.", 587, "smtp.example.net"), "Port 587 of smtp.example.net answers."},
		{With("UID %d", uint32(7)), "UID 7"},
		{With("Some folders carry %q twice.", "INBOX"), `Some folders carry "INBOX" twice.`},
		{With("It took %.1f s.", 1.25), "It took 1.2 s."},
		{With("%s. %s", With("Port %d is silent", 25), Text("Use 587.")), "Port 25 is silent. Use 587."},
		{With("%s (%s)", Count(2, "%d message", "%d messages"), "Sent"), "2 messages (Sent)"},
		{Count(1, "%d message in %s", "%d messages in %s", "Sent"), "1 message in Sent"},
		{Count(0, "%d message", "%d messages"), "0 messages"},
		{Join("One.", "", With("Port %d.", 25), "Two 100%."), "One. Port 25. Two 100%."},
		{Join(), ""},
		{Join("", ""), ""},
		{List(nil), ""},
		{List([]string{"25"}), "25"},
		{List([]string{"25", "26", "587"}), "25, 26 and 587"},
		{Verbatim("100%s of it"), "100%s of it"},
		{With("It said: %s", "\x02evil\x1fd1\x03"), `It said: \x02evil\x1fd1\x03`},
		{With("%s and %s", Join("A.", "B."), Join("C.", "D.")), "A. B. and C. D."},
	} {
		if got := test.text.String(); got != test.want {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}

// What goes into a message keeps its place in a language with another order, and the
// messages inside it are looked up as well.
func TestOtherLanguage(t *testing.T) {
	words := map[Text]string{
		"%s is blocked by %s": "%[2]s sperrer %[1]s",
		"port %d":             "port nummer %d",
		"the network":         "nettverket",
		"%d messages":         "%d meldinger",
		"%.1f s":              "%.1f s",
	}
	norwegian := Language{Comma: true, Words: func(one, many Text, n int) string {
		if many != "" && n != 1 {
			return words[many]
		}
		return words[one]
	}}
	text := With("%s is blocked by %s", With("port %d", 25), Text("the network"))
	if got, want := text.In(norwegian), "nettverket sperrer port nummer 25"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := Count(3, "%d message", "%d messages").In(norwegian), "3 meldinger"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := With("%.1f s", 0.25).In(norwegian), "0,2 s"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSameWordsAreTheSameText(t *testing.T) {
	if a, b := With("port %d", 25), With("port %d", 25); a != b {
		t.Errorf("%q and %q differ", a, b)
	}
	if a, b := With("port %d", 25), With("port %s", "25"); a == b {
		t.Errorf("%q and %q are the same", a, b)
	}
}

// Whatever a text is made of, saying it ends and does not panic.
func FuzzText(f *testing.F) {
	f.Add("Port %d of %s", "host", 25)
	f.Add("\x02\x03\x1f", "\x1ft\x02", 0)
	f.Fuzz(func(t *testing.T, message, value string, n int) {
		_ = Text(message).String()
		_ = With(Text(message), value, n, Text(value)).String()
		if got := With("%s, %d", value, n).String(); len(got) < len(value) {
			t.Errorf("With lost a part of %q: %q", value, got)
		}
	})
}

// What a profile holds may be somebody's own: it is never taken for the inside of a Text.
func TestRecorded(t *testing.T) {
	if got := With("the %s server", Recorded("old")).String(); got != "the old server" {
		t.Errorf("got %q, want the words as they stand", got)
	}
	if got := Recorded("a\x02b %d 100%").String(); got != `a\x02b %d 100%` {
		t.Errorf("got %q, want the mark made visible and nothing filled in", got)
	}
}
