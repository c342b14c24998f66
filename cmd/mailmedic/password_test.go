package main

import (
	"errors"
	"strings"
	"testing"

	"mailmedic/probe"
)

func TestFirstLine(t *testing.T) {
	tests := []struct {
		name string
		text string
		want string // empty: refused
	}{
		{"a line", "pw\n", "pw"},
		{"a line from Windows", "pw\r\n", "pw"},
		{"no line end", "pw", "pw"},
		{"more lines", "pw\nnot this\n", "pw"},
		{"blanks belong to it", " p w \n", " p w "},
		{"a byte order mark does not", "\ufeffpw\n", "pw"},
		{"the longest", strings.Repeat("x", longestPassword) + "\n", strings.Repeat("x", longestPassword)},
		{"nothing", "", ""},
		{"an empty line", "\npw\n", ""},
		{"an empty line from Windows", "\r\npw\r\n", ""},
		{"too long", strings.Repeat("x", longestPassword+1), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := firstLine(strings.NewReader(test.text), "the test")
			if test.want == "" {
				var f *failure
				if !errors.As(err, &f) || f.code != exitPassword {
					t.Errorf("got error %v, want exit %d", err, exitPassword)
				}
				return
			}
			if err != nil || !got.Equal(probe.NewSecret([]byte(test.want))) {
				t.Errorf("got another password or error %v, want %q", err, test.want)
			}
		})
	}
}

func TestPasswordCommand(t *testing.T) {
	got, err := passwordCommand(t.Context(), "printf 'pw\\nnot this\\n'")
	if err != nil || !got.Equal(probe.NewSecret([]byte("pw"))) {
		t.Errorf("got another password or error %v, want pw", err)
	}
}
