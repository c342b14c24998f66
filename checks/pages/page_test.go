package pages

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// slugs is the catalogue: a code keeps its slug for ever.
func slugs() map[string]string {
	return map[string]string{
		"MM001": "internal-error", "MM002": "stopped-by-user", "MM003": "deadline-reached",
		"MM101": "no-network", "MM102": "sign-in-page", "MM103": "clock-wrong", "MM104": "proxy-in-the-way",
		"MM105": "ipv6-broken", "MM106": "mail-ports-blocked", "MM107": "slow-link", "MM108": "tls-filtered",
		"MM109": "mtu-black-hole", "MM110": "large-hello-blocked", "MM111": "ipv4-broken",
		"MM201": "name-not-found", "MM202": "resolver-silent", "MM203": "resolver-failure",
		"MM204": "name-answered-falsely", "MM205": "old-server-name", "MM206": "dead-address",
		"MM207": "slow-lookup", "MM208": "malformed-host",
		"MM301": "port-silent", "MM302": "port-closed", "MM303": "smtp-port-blocked", "MM304": "shut-out",
		"MM305": "port-redirected", "MM306": "server-down",
		"MM401": "intercepted-trusted", "MM402": "intercepted-untrusted", "MM403": "certificate-expired",
		"MM404": "certificate-other-name", "MM405": "tls-too-old", "MM406": "no-encryption-offered",
		"MM407": "starttls-stripped", "MM408": "certificate-ends-soon", "MM409": "certificate-not-yet-valid",
		"MM410": "certificate-self-signed", "MM411": "missing-intermediate", "MM412": "unknown-authority",
		"MM413": "weak-certificate", "MM414": "old-key-exchange-only", "MM415": "starttls-injection",
		"MM416": "tls-handshake-failed", "MM417": "certificate-revoked", "MM418": "client-certificate-required",
		"MM419": "certificate-differs",
		"MM501": "other-service", "MM502": "server-busy", "MM503": "wrong-encryption-for-port",
		"MM504": "no-greeting", "MM505": "slow-greeting", "MM506": "smtp-inspected",
		"MM507": "address-blocklisted", "MM508": "greeting-refused", "MM509": "preauth-in-clear",
		"MM510": "closed-before-greeting", "MM511": "conversation-broken",
		"MM601": "name-form-wrong", "MM602": "name-hidden-characters", "MM603": "name-other-provider",
		"MM604": "names-differ",
		"MM701": "login-rejected", "MM702": "too-many-tries", "MM703": "login-needs-encryption",
		"MM704": "app-password-needed", "MM705": "account-closed", "MM706": "sending-refused-only",
		"MM707": "login-not-offered", "MM708": "login-service-down", "MM709": "too-many-connections",
		"MM710": "receiving-refused-only", "MM711": "mechanism-mismatch", "MM712": "over-quota",
		"MM713": "login-unanswered", "MM714": "logins-withheld",
		"MM801": "prefix-doubled", "MM802": "sent-missing", "MM803": "root-path-wrong",
		"MM804": "two-folders-one-role", "MM805": "drafts-unsupported", "MM806": "many-folders",
		"MM807": "not-subscribed", "MM808": "folder-name-encoding", "MM809": "servers-differ",
		"MM810": "folders-unreadable",
		"MM901": "sender-refused", "MM902": "recipient-refused", "MM903": "login-not-required",
		"MM951": "known-import-to-shown-as-from", "MM952": "known-apostrophe-in-subject",
		"MM953": "known-thunderbird-sent-timestamp", "MM954": "new-server-available",
		"MM955": "outlook-sent-items", "MM956": "outlook-delete-folders", "MM957": "apple-mail-load",
		"MM958": "checks-too-often", "MM959": "synchronises-everything", "MM960": "settings-differ",
	}
}

func mustAll(t *testing.T) []Page {
	t.Helper()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// inAll reads the pages of all languages.
func inAll(t *testing.T) []Page {
	t.Helper()
	return append(mustAll(t), mustAllIn(t, "nb")...)
}

func TestEveryCodeHasItsPage(t *testing.T) {
	all, want := mustAll(t), slugs()
	for _, p := range all {
		if slug, known := want[p.Code]; known && p.Slug != slug {
			t.Errorf("%s has the slug %q, want %q", p.Code, p.Slug, slug)
		}
		delete(want, p.Code)
	}
	for code, slug := range want {
		t.Errorf("no page for %s %s", code, slug)
	}
	if !slices.IsSortedFunc(all, func(a, b Page) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("the pages are not in the order of their codes")
	}
}

// The fields of the head stand in tables and headlines, which have so much room.
func TestHead(t *testing.T) {
	kinds := []string{"fault", "fault/warning", "warning", "note", "note/warning", "unknown"}
	seen := map[string]string{}
	for _, p := range inAll(t) {
		if !regexp.MustCompile(`^MM\d{3}$`).MatchString(p.Code) {
			t.Errorf("%q is no code", p.Code)
		}
		if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(p.Slug) {
			t.Errorf("%s: %q is no slug", p.Code, p.Slug)
		}
		if other, twice := seen[p.Slug]; twice && other != p.Code {
			t.Errorf("%s and %s share the slug %q", other, p.Code, p.Slug)
		}
		seen[p.Slug] = p.Code
		if first, _ := utf8.DecodeRuneInString(p.Title); !unicode.IsUpper(first) || strings.HasSuffix(p.Title, ".") {
			t.Errorf("%s: the title %q is no headline", p.Code, p.Title)
		}
		if !slices.Contains(kinds, p.Kind) {
			t.Errorf("%s: kind is %q, want one of %q", p.Code, p.Kind, kinds)
		}
		for field, limit := range map[string]int{p.Title: 60, p.Notice: 40, p.Cause: 45} {
			if n := utf8.RuneCountInString(field); n > limit {
				t.Errorf("%s: %q has %d characters, want at most %d", p.Code, field, n, limit)
			}
		}
		if slices.Contains(p.Words, "") {
			t.Errorf("%s: empty phrase in words", p.Code)
		}
	}
}

func TestProseFitsANarrowTerminal(t *testing.T) {
	for _, p := range inAll(t) {
		lines := 0
		for _, s := range p.Sections {
			for line := range strings.SplitSeq(s.Text, "\n") {
				lines++
				if n := utf8.RuneCountInString(line); n > 76 && !strings.HasPrefix(line, "    ") {
					t.Errorf("%s, %s: line of %d columns, want at most 76: %s", p.Code, s.Heading, n, line)
				}
				if line != strings.TrimRight(line, " \t") || strings.Contains(line, "\t") {
					t.Errorf("%s, %s: a tab, or blanks at the end of %q", p.Code, s.Heading, line)
				}
			}
		}
		if lines <= 10 {
			t.Errorf("%s has %d lines, want more than 10", p.Code, lines)
		}
	}
}

func TestPagesLeadToPages(t *testing.T) {
	all := inAll(t)
	code := regexp.MustCompile(`MM\d{3}`)
	for _, p := range all {
		for _, s := range p.Sections {
			for _, other := range code.FindAllString(s.Text, -1) {
				if !slices.ContainsFunc(all, func(q Page) bool { return q.Code == other }) {
					t.Errorf("%s, %s: there is no page %s", p.Code, s.Heading, other)
				}
			}
		}
		also := strings.Fields(p.Section("See also"))
		if slices.Contains(also, p.Code) {
			t.Errorf("%s leads to itself", p.Code)
		}
		for _, other := range also {
			if !code.MatchString(other) {
				t.Errorf("%s, See also: %q is no code", p.Code, other)
			}
		}
	}
}

func TestWhatIsNeverAdvised(t *testing.T) {
	never := []*regexp.Regexp{
		regexp.MustCompile(`(?i)\b(disable|turn off|switch off) (the |your )?(certificate|verification|ssl|tls|starttls|encryption|ipv6|firewall|antivirus)\b`),
		regexp.MustCompile(`(?i)\b(disable|turn off|switch off|uninstall) (the|your) (antivirus|anti-virus|security) (program|software)\b`),
		regexp.MustCompile(`(?i)(rejectUnauthorized|verify_peer|InsecureSkipVerify|less secure apps|--insecure\b|curl -k\b)`),
		regexp.MustCompile(`(?i)\b(search|google) (for )?(the|this|that) error`),
		regexp.MustCompile(`(?i)\b(accept|trust) the (certificate|warning|exception) anyway`),
		regexp.MustCompile(`(?i)\b(invalid|illegal|fatal)\b`),
		regexp.MustCompile(`(?i)\b(your|the) password is wrong\b`),
		regexp.MustCompile(`(?i)\breinstall\b`),
	}
	refuses := regexp.MustCompile(`(?i)\b(not|never|nobody|rightly|without)\b`)
	neverIn(t, mustAll(t), never, refuses)
}

// The patterns have no \b beside æ, ø and å, which are no letters to it.
func TestWhatIsNeverAdvisedInNorwegian(t *testing.T) {
	never := []*regexp.Regexp{
		regexp.MustCompile(`(?i)\b(slå|skru|koble) (helt |midlertidig )?av (sertifikat|verifisering|ssl|tls|starttls|kryptering|ipv6|brannmur|antivirus|sikkerhetsprogram|virusprogram)`),
		regexp.MustCompile(`(?i)\b(deaktiver|avinstaller|fjern)\w* (sertifikat|verifisering|ssl|tls|starttls|kryptering|ipv6|brannmur|antivirus|sikkerhetsprogram|virusprogram)`),
		regexp.MustCompile(`(?i)(rejectUnauthorized|verify_peer|InsecureSkipVerify|less secure apps|--insecure\b|curl -k\b)`),
		regexp.MustCompile(`(?i)\b(søk|google)\w* (etter|på) (feilen|feilmeldingen)`),
		regexp.MustCompile(`(?i)\b(godta|stol på) (sertifikatet|advarselen|unntaket) likevel`),
		regexp.MustCompile(`(?i)\b(ugyldig|ulovlig|fatal)`),
		regexp.MustCompile(`(?i)\bpassordet( ditt)? er (feil|galt)`),
		regexp.MustCompile(`(?i)\b(reinstaller|installer\w* .{0,30}på nytt)`),
	}
	refuses := regexp.MustCompile(`(?i)\b(ikke|aldri|ingen|med rette|uten)\b`)
	neverIn(t, mustAllIn(t, "nb"), never, refuses)
	for _, bad := range []string{
		"Slå av brannmuren.", "Skru midlertidig av antivirusprogrammet.", "Avinstaller sikkerhetsprogrammet.", "Bruk curl -k.",
		"Søk etter feilmeldingen.", "Godta sertifikatet likevel.", "Navnet er ugyldig.", "Passordet ditt er feil.", "Installer programmet på nytt.",
	} {
		if !slices.ContainsFunc(never, func(re *regexp.Regexp) bool { return re.MatchString(bad) }) {
			t.Errorf("nothing forbids %q", bad)
		}
	}
}

// neverIn looks for what no page may say, but to advise against it.
func neverIn(t *testing.T, all []Page, never []*regexp.Regexp, refuses *regexp.Regexp) {
	t.Helper()
	for _, p := range all {
		for _, s := range p.Sections {
			prose := strings.Join(strings.Fields(s.Text), " ")
			for _, phrase := range never {
				for _, at := range phrase.FindAllStringIndex(prose, -1) {
					before := prose[max(0, at[0]-40):at[0]]
					if !refuses.MatchString(before) {
						t.Errorf("%s, %s: %q", p.Code, s.Heading, before+prose[at[0]:at[1]])
					}
				}
			}
		}
	}
}

func TestTheHelpdeskGetsAReply(t *testing.T) {
	for tag, says := range map[string][2]string{"en": {"Ask", `Reply: "`}, "nb": {"Spør", `Svar: "`}} {
		for _, p := range mustAllIn(t, tag) {
			text := strings.Join(strings.Fields(p.Section("For the helpdesk")), " ")
			ask, reply, found := strings.Cut(text, says[1])
			if !found || !strings.HasPrefix(ask, says[0]) || !strings.HasSuffix(reply, `"`) || strings.Contains(reply, says[1]) {
				t.Errorf("%s in %s: got %q, want %s ... and then %s...\"", p.Code, tag, text, says[0], says[1])
			}
		}
	}
}

func TestCommandsAreIndented(t *testing.T) {
	for _, p := range inAll(t) {
		if text := "\n" + p.Section("How to confirm it by hand"); !strings.Contains(text, "\n    ") {
			t.Errorf("%s: How to confirm it by hand has no command", p.Code)
		}
	}
}

func TestFind(t *testing.T) {
	for _, query := range []string{"MM303", "mm303", "mm-303", "MM 303", "303", " 303 ", "smtp-port-blocked", "SMTP Port Blocked"} {
		if p, ok := Find(query); !ok || p.Code != "MM303" {
			t.Errorf("Find(%q) = %q, %t, want MM303", query, p.Code, ok)
		}
	}
	for _, query := range []string{"", "MM", "MM999", "03", "30", "3030", "smtp", "MM303x"} {
		if p, ok := Find(query); ok {
			t.Errorf("Find(%q) = %s, want none", query, p.Code)
		}
	}
}

func TestNear(t *testing.T) {
	tests := []struct {
		query string
		want  string // among the answers
	}{
		{"MM309", "MM301"},
		{"mm-999", "MM959"},
		{"0303", "MM303"},
		{"smtp-port-bloked", "smtp-port-blocked"},
		{"port-blocked", "smtp-port-blocked"},
		{"certificate", "certificate-expired"},
	}
	for _, test := range tests {
		got := Near(test.query)
		if !slices.Contains(got, test.want) || len(got) > 3 {
			t.Errorf("Near(%q) = %q, want at most three with %s", test.query, got, test.want)
		}
	}
	for _, query := range []string{"", "zzzzzzzzzzzz", "MM"} {
		if got := Near(query); len(got) > 0 {
			t.Errorf("Near(%q) = %q, want nothing", query, got)
		}
	}
}

func TestParseNamesWhatIsWrong(t *testing.T) {
	head := "# MM900 some-slug\ntitle: T\nkind: fault\nnotice: n\ncause: c\nwords: w\nsince: 1.0.0\n"
	body := ""
	for _, h := range english().headings {
		body += "\n## " + h + "\ntext\n"
	}
	if _, err := parse(head + body); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ text, want string }{
		{strings.Replace(head, "# ", "", 1) + body, "first line"},
		{strings.Replace(head, "cause: c\n", "", 1) + body, "cause is missing"},
		{strings.Replace(head, "cause", "couse", 1) + body, `unknown key "couse"`},
		{head + strings.Replace(body, "## Sources\ntext", "", 1), "sections are"},
		{head + strings.Replace(body, "## In short\ntext", "## In short", 1), `section "In short" is empty`},
		{head + body + "\n## More\ntext\n", "sections are"},
	}
	for _, test := range tests {
		if _, err := parse(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got error %v, want one with %q", err, test.want)
		}
	}
}

// A page is read where nothing else works, so it may need nothing: no network, no
// clock, and none of the packages that use pages.
func TestPagesIsALeaf(t *testing.T) {
	allowed := []string{"embed", "fmt", "math", "slices", "strings", "unicode", "unicode/utf8"}
	sources, err := filepath.Glob("*.go")
	if err != nil || len(sources) == 0 {
		t.Fatalf("found the sources %q, error %v", sources, err)
	}
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			if path := strings.Trim(spec.Path.Value, `"`); !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s, want only %q", source, path, allowed)
			}
		}
	}
}
