package probe

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// TestScrubReachesEverything fills every text of a record with the password and lists
// those that keep it: what the user or the profile said, and words that mailmedic
// chooses itself. A new field of the record has to go on one side or the other.
func TestScrubReachesEverything(t *testing.T) {
	e := &evidence.Evidence{}
	fill(reflect.ValueOf(e).Elem(), 0)
	r := newRun(Plan{Budget: DefaultBudget(), Names: []Attempt{{"alice", evidence.Needed}}}, Credentials{NewSecret([]byte(canary))}, time.Time{})
	r.scrub(e)
	var kept []string
	keeping(reflect.ValueOf(e).Elem(), "", &kept)
	slices.Sort(kept)
	// Everywhere, these fields hold words and numbers that have a form of their own.
	ours := []string{
		"Errno", "Reason", "Status", "Address", "Path", "Version", "Cipher", "Group", "TimeWhy", "ChainWhy", "CompletedBy",
		"KeyType", "Signature", "SHA256", "Date",
	}
	kept = slices.DeleteFunc(kept, func(place string) bool { return slices.Contains(ours, place[strings.LastIndex(place, ".")+1:]) })
	want := []string{
		"Clients.Program", "Controls.Host", "Host.Arch", "Host.LinkV4.Name", "Host.LinkV6.Name", "Host.OS", "Host.Proxies", "Host.Resolvers",
		"Logins.Mechanism", "Logins.Name", "Lookups.RCode", "Lookups.Server", "Lookups.Type",
		"Run.ID", "Run.Mode", "Run.NoLogin", "Run.Simulated", "Run.Unverified", "Sessions.Dials.Family", "Sessions.Override",
	}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("texts that keep a password: -want +got:\n%s", diff)
	}
}

// fill writes the password into every text below v, and one element into every list.
func fill(v reflect.Value, successors int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(canary)
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*evidence.Evidence]() {
			if successors++; successors > 1 {
				return
			}
		}
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), successors)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), successors)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type().PkgPath() == reflect.TypeFor[profile.Profile]().PkgPath() {
			return // neither holds what a server said
		}
		for i := range v.NumField() {
			fill(v.Field(i), successors)
		}
	}
}

// keeping lists the places below v that hold the password still. Words of a type of
// their own are mailmedic's; those of the successor are listed with the record's.
func keeping(v reflect.Value, place string, kept *[]string) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && strings.Contains(v.String(), canary) && !slices.Contains(*kept, place) {
			*kept = append(*kept, place)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			keeping(v.Elem(), place, kept)
		}
	case reflect.Slice:
		for i := range v.Len() {
			keeping(v.Index(i), place, kept)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if !v.Type().Field(i).IsExported() {
				continue
			}
			keeping(v.Field(i), strings.TrimPrefix(strings.TrimPrefix(fmt.Sprintf("%s.%s", place, name), "."), "Successor."), kept)
		}
	}
}

// TestScrubForms has the password come back in every form that a server, a library or our
// own cutting may give it, and ordinary texts that must stay.
func TestScrubForms(t *testing.T) {
	const horse = "correct-horse-battery"
	long := strings.Repeat("x", longest)
	for _, c := range []struct{ name, password, text, want string }{
		{"as it is", horse, "you said " + horse + ".", "you said (secret)."},
		{"in capitals", horse, "CORRECT-Horse-battery", "(secret)"},
		{"in capitals that are not ASCII", "größe-ändern", "GRÖßE-ÄNDERN", "(secret)"},
		{"twice in a row", "abcdef", "abcdefabcdef", "(secret)(secret)"},
		{"overlapping", "abcdabcd", "abcdabcdabcd", "(secret)abcd"},
		{"not UTF-8, bad bytes left out", "caf\xe9-geheim-9", "you said caf-geheim-9", "you said (secret)"},
		{"not UTF-8, one mark", "c\xe9\xe8-geheim-9", "you said c\uFFFD-geheim-9", "you said (secret)"},
		{"not UTF-8, a mark for each byte", "c\xe9\xe8-geheim-9", "you said c\uFFFD\uFFFD-geheim-9", "you said (secret)"},
		{"not UTF-8, as it is", "caf\xe9-geheim-9", "you said caf\xe9-geheim-9", "you said (secret)"},
		{"not UTF-8, as Go quotes it", "caf\xe9-geheim-9", `got "a caf\xe9-geheim-9 b"`, `got "a (secret) b"`},
		{"inside a longer quoted string", `a"b\c d`, `* LIST () "/" "folder a\"b\\c d x"`, `* LIST () "/" "folder (secret) x"`},
		{"as Go quotes it", "tab\there", `got "tab\there"`, `got "(secret)"`},
		{"as Go quotes it in ASCII", "größe-9", `got "gr\u00f6\u00dfe-9"`, `got "(secret)"`},
		{"as Go quotes it, beyond ASCII", "gr\u00f6\u00dfe\t\"9", `got "größe\t\"9"`, `got "(secret)"`},
		{"hexadecimal", horse, "<636f72726563742d686f7273652d62617474657279>", "<(secret)>"},
		{"hexadecimal, capitals", "jklmno", "6A6B6C6D6E6F", "(secret)"},
		{"in an address", "a b/c&d", "http://x/?p=a+b%2Fc%26d http://x/a%20b%2fc&d", "http://x/?p=(secret) http://x/(secret)"},
		{"in an address, every byte", "jklm", "%6A%6b%6c%6d", "(secret)"},
		{"as a folder", "größe & co", `* LIST () "/" "gr&APYA3w-e &- co"`, `* LIST () "/" "(secret)"`},
		{"as a folder, quoted", `große "co"`, `"gro&AN8-e \"co\""`, `"(secret)"`},
		{"beyond 16 bits, as a folder", "key 🔑", "key &2D3dEQ-", "(secret)"},
		{"base64 for addresses", "???>>>???>>>", "_" + "Pz8_Pj4-Pz8_Pj4-" + "_", "_(secret)_"},
		{"cut through", horse, cut(long[:longest-18]+horse, longest), long[:longest-18] + "(secret)…"},
		{"cut behind it", horse, cut(long[:longest-30]+horse+long, longest), long[:longest-30] + "(secret)xxxxxx…"},
		{"cut through the first letters", horse, "xcorr…", "x(secret)…"},
		{"cut through less", horse, "xcor…", "xcor…"},
		{"cut through hexadecimal", horse, "636f72…", "(secret)…"},
		{"not cut", horse, "it is not correct", "it is not correct"},
		{"an ellipsis in a text", horse, "please wait…", "please wait…"},
		{"a short password", "ab", "6162 %61%62 YWI= ab", "6162 %61%62 YWI= (secret)"},
		{"hardly any UTF-8", "\xe9\xe8a", "a cat \uFFFD\uFFFDa", "a cat \uFFFD\uFFFDa"},
		{"letters that change their length", "kilo-kelvin", "İİİ \u212A KILO-kelvin", "İİİ \u212A (secret)"},
	} {
		e := &evidence.Evidence{Sessions: []evidence.Session{{Greeting: evidence.Greeting{Line: c.text}}}}
		newRun(Plan{Budget: DefaultBudget()}, Credentials{NewSecret([]byte(c.password))}, time.Time{}).scrub(e)
		if got := e.Sessions[0].Greeting.Line; got != c.want {
			t.Errorf("%s: got %.60q (%d bytes), want %.60q (%d bytes)", c.name, got, len(got), c.want, len(c.want))
		}
	}
}

// TestScrubLogins: as it was sent, a password is found however short it is.
func TestScrubLogins(t *testing.T) {
	for _, password := range []string{"jq", "jqz", "jq9z", "j q"} {
		e := &evidence.Evidence{Sessions: []evidence.Session{{Greeting: evidence.Greeting{Line: "you said " + b64("\x00alice\x00"+password)}}}}
		newRun(Plan{Budget: DefaultBudget(), Names: []Attempt{{"alice", evidence.Needed}}}, Credentials{NewSecret([]byte(password))}, time.Time{}).scrub(e)
		if got, want := e.Sessions[0].Greeting.Line, "you said (secret)"; got != want {
			t.Errorf("%d bytes: got %q, want %q", len(password), got, want)
		}
	}
}

// TestScrubLookups: a certificate's names are looked up in the server's words; those of the
// profile stay, because the checks find a path's look-up by it.
func TestScrubLookups(t *testing.T) {
	e := &evidence.Evidence{Lookups: []evidence.Lookup{
		{Name: "mail.example.org"}, {Name: "mail.example.org", Why: evidence.ForRandom},
		{Name: "mail.example.org", Why: evidence.ForControl}, {Name: "mail.example.org", Why: evidence.ForCertificate},
	}}
	newRun(Plan{Budget: DefaultBudget()}, Credentials{NewSecret([]byte("mail"))}, time.Time{}).scrub(e)
	var got []string
	for _, l := range e.Lookups {
		got = append(got, l.Name)
	}
	want := []string{"mail.example.org", "mail.example.org", "mail.example.org", "(secret).example.org"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
