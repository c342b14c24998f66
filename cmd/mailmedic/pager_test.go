package main

import "testing"

func TestPager(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // where there is no less
	for _, test := range []struct {
		about string
		env   map[string]string
		dumb  bool
		want  string
	}{
		{"the user's own", map[string]string{"PAGER": "most -w"}, false, "most -w"},
		{"cat is none", map[string]string{"PAGER": "cat"}, false, ""},
		{"empty is none", map[string]string{"PAGER": ""}, false, ""},
		{"blank is none", map[string]string{"PAGER": "  "}, false, ""},
		{"a terminal that can only print", map[string]string{"PAGER": "most"}, true, ""},
		{"no less on this computer", nil, false, ""},
	} {
		lookup := func(name string) (string, bool) { value, set := test.env[name]; return value, set }
		if got := pager(lookup, test.dumb); got != test.want {
			t.Errorf("%s: got %q, want %q", test.about, got, test.want)
		}
	}
}
