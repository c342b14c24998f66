package main

import "testing"

func TestLanguage(t *testing.T) {
	for _, test := range []struct {
		line []string
		env  map[string]string
		want string
	}{
		{nil, nil, "en"},
		{nil, map[string]string{"LANG": "nb_NO.UTF-8"}, "nb"},
		{nil, map[string]string{"LANG": "no_NO"}, "nb"},
		{nil, map[string]string{"LANG": "nn_NO.UTF-8"}, "nb"},
		{nil, map[string]string{"LANG": "de_DE.UTF-8"}, "en"},
		{nil, map[string]string{"LANG": "nb_NO.UTF-8", "LC_ALL": "C"}, "en"},
		{nil, map[string]string{"LANG": "en_US.UTF-8", "LC_MESSAGES": "nb_NO.UTF-8"}, "nb"},
		{nil, map[string]string{"LANG": "nb_NO.UTF-8", "MAILMEDIC_LANG": "en"}, "en"},
		{nil, map[string]string{"LANG": "nb_NO.UTF-8", "MAILMEDIC_LANG": "xx"}, "nb"},
		{nil, map[string]string{"LANG": "en_US.UTF-8", "LANGUAGE": "de:nb:en"}, "nb"},
		{nil, map[string]string{"LANG": "nb_NO.UTF-8", "LANGUAGE": "en_GB:nb"}, "en"},
		{nil, map[string]string{"LANG": "nb_NO.UTF-8", "LANGUAGE": "de"}, "nb"},
		{nil, map[string]string{"LANG": "C.UTF-8", "LANGUAGE": "nb"}, "en"},
		{nil, map[string]string{"LC_ALL": "POSIX", "LANG": "nb_NO.UTF-8", "LANGUAGE": "nb"}, "en"},
		{nil, map[string]string{"LANGUAGE": "nb"}, "en"},
		{[]string{"check", "--lang", "nb"}, map[string]string{"LC_ALL": "C"}, "nb"},
		{[]string{"check", "--lang=en"}, map[string]string{"LANG": "nb_NO.UTF-8"}, "en"},
		{[]string{"issues", "--", "--lang=nb"}, nil, "en"},
		{[]string{"check", "--lang"}, nil, "en"},
	} {
		got := language(test.line, func(name string) string { return test.env[name] })
		if string(got) != test.want {
			t.Errorf("%q with %v: got %s, want %s", test.line, test.env, got, test.want)
		}
	}
}

// A flag that names a language has to name one that is spoken; nearly right is not right.
func TestLanguageFlag(t *testing.T) {
	for l, want := range map[string]bool{"en": true, "en_US.UTF-8": true, "EN": true, "nb": true, "no": true, "nn-NO": true, "de": false, "enx": false, "english": false} {
		if err := spoken([]string{"check", "--lang", l}); (err == nil) != want {
			t.Errorf("--lang %s: got %v, want it taken: %t", l, err, want)
		}
	}
}
