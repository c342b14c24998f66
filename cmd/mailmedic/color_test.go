package main

import "testing"

// set makes a lookup from names and values.
func set(pairs ...string) lookup {
	values := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return values[name] }
}

func TestColored(t *testing.T) {
	const terminal, pipe = true, false
	tests := []struct {
		name   string
		choice string
		env    lookup
		stream bool
		want   bool
	}{
		{"a terminal", "auto", set(), terminal, true},
		{"a pipe", "auto", set(), pipe, false},
		{"--color always wins over NO_COLOR", "always", set("NO_COLOR", "1"), pipe, true},
		{"--color never wins over FORCE_COLOR", "never", set("FORCE_COLOR", "1"), terminal, false},
		{"NO_COLOR", "auto", set("NO_COLOR", "1"), terminal, false},
		{"NO_COLOR that is empty does not count", "auto", set("NO_COLOR", ""), terminal, true},
		{"NO_COLOR wins over FORCE_COLOR", "auto", set("NO_COLOR", "1", "FORCE_COLOR", "1"), terminal, false},
		{"FORCE_COLOR", "auto", set("FORCE_COLOR", "1"), pipe, true},
		{"FORCE_COLOR=0 does not force", "auto", set("FORCE_COLOR", "0"), pipe, false},
		{"FORCE_COLOR=false does not force", "auto", set("FORCE_COLOR", "False"), pipe, false},
		{"FORCE_COLOR=0 does not forbid either", "auto", set("FORCE_COLOR", "0"), terminal, true},
		{"CLICOLOR_FORCE", "auto", set("CLICOLOR_FORCE", "1"), pipe, true},
		{"CLICOLOR_FORCE wins over TERM=dumb", "auto", set("CLICOLOR_FORCE", "1", "TERM", "dumb"), terminal, true},
		{"TERM=dumb", "auto", set("TERM", "dumb"), terminal, false},
		{"CLICOLOR=0", "auto", set("CLICOLOR", "0"), terminal, false},
		{"CLICOLOR=1 does not colour a pipe", "auto", set("CLICOLOR", "1"), pipe, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := colored(test.choice, test.env, test.stream); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestASCII(t *testing.T) {
	tests := []struct {
		name     string
		env      lookup
		system   string
		terminal bool
		want     bool
	}{
		{"UTF-8", set("LANG", "en_GB.UTF-8"), "linux", true, false},
		{"utf8 in small letters", set("LANG", "de_DE.utf8"), "linux", false, false},
		{"Latin-1", set("LANG", "de_DE.ISO-8859-1"), "linux", true, true},
		{"LC_ALL wins", set("LC_ALL", "C", "LANG", "en_GB.UTF-8"), "linux", true, true},
		{"LC_CTYPE wins over LANG", set("LC_CTYPE", "C.UTF-8", "LANG", "C"), "linux", true, false},
		{"no locale", set(), "linux", true, true},
		{"a Windows console", set(), "windows", true, false},
		{"a Windows pipe", set(), "windows", false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := ascii(test.env, test.system, test.terminal); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestWidth(t *testing.T) {
	tests := []struct {
		name    string
		env     lookup
		columns int
		want    int
	}{
		{"COLUMNS wins", set("COLUMNS", "40"), 120, 40},
		{"the terminal's own", set(), 120, 120},
		{"nothing known", set(), 0, fallbackWidth},
		{"COLUMNS that is no number", set("COLUMNS", "wide"), 0, fallbackWidth},
		{"COLUMNS=0", set("COLUMNS", "0"), 100, 100},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := width(test.env, test.columns); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}
