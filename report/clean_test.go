package report

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	tests := []struct {
		in   string
		max  int
		want string
	}{
		{"* OK ready", 0, "* OK ready"},
		{"Gelöschte Objekte 已删除", 0, "Gelöschte Objekte 已删除"},
		{"\x1b[31mred", 0, `\x1b[31mred`},
		{"a\r\nb\tc\x00\x7f", 0, `a\x0d\x0ab\x09c\x00\x7f`},
		{"evil\u202efdp.exe", 0, `evil\u202efdp.exe`},
		{"\u2066\u200b\ufeff\u2028\u2029\u009b", 0, `\u2066\u200b\ufeff\u2028\u2029\x9b`},
		{"joe\u00a0", 0, `joe\xa0`},
		{"joe\u3164\ufe0f\U000e0041", 0, `joe\u3164\ufe0f\U000e0041`},
		{"\xff\xfeA", 0, `\xff\xfeA`},
		{"12345", 5, "12345"},
		{"123456", 5, "1234…"},
		{"ééééé", 3, "éé…"},
		{"ab\x1bcd", 4, "ab…"},
		{"abcd", 1, "…"},
		{"", 3, ""},
	}
	for _, tt := range tests {
		if got := Clean(tt.in, tt.max); got != tt.want {
			t.Errorf("Clean(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\x1b]0;title\x07", 10)
	f.Add("a\u202eb\u2066c\nd\u0000", 0)
	f.Add("\xff\xc3", -1)
	f.Fuzz(func(t *testing.T, s string, max int) {
		got := Clean(s, max)
		if !utf8.ValidString(got) {
			t.Errorf("Clean(%q) = %q is not UTF-8", s, got)
		}
		if n := utf8.RuneCountInString(got); max > 0 && n > max {
			t.Errorf("Clean(%q, %d) has %d characters", s, max, n)
		}
		for _, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Bidi_Control) || r != ' ' && unicode.IsSpace(r) {
				t.Errorf("Clean(%q) = %q lets %U through", s, got, r)
			}
		}
	})
}

func TestWrap(t *testing.T) {
	tests := []struct {
		text  string
		width int
		want  []string
	}{
		{"one two three", 80, []string{"one two three"}},
		{"one two three", 7, []string{"one two", "three"}},
		{"one  two\nthree", 8, []string{"one two", "three"}},
		{"abcdefgh ij", 4, []string{"abcd", "efgh", "ij"}},
		{"日本語 日本", 6, []string{"日本語", "日本"}},
		{"日本語", 5, []string{"日本", "語"}},
		{"e\u0301e\u0301 x", 2, []string{"e\u0301e\u0301", "x"}},
		{"", 10, nil},
	}
	for _, tt := range tests {
		if got := Wrap(tt.text, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("Wrap(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("one two three", 7)
	f.Add("日本語", 3)
	f.Fuzz(func(t *testing.T, s string, width int) {
		s, width = Clean(s, 0), width%100+102
		lines := Wrap(s, width)
		for _, l := range lines {
			if Width(l) > width {
				t.Errorf("Wrap(%q, %d): %q has %d columns", s, width, l, Width(l))
			}
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got, want := squeeze(strings.Join(lines, "")), squeeze(s); got != want {
			t.Errorf("Wrap lost text: got %q, want %q", got, want)
		}
	})
}
