package probe

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"

	"mailmedic/probe/evidence"
)

// scrub takes the password out of everything in the record that a server said, should
// it have echoed it: in any letter case, quoted, or encoded as it was sent or as part
// of something longer. What mailmedic itself writes down cannot hold it.
func (r *run) scrub(e *evidence.Evidence) {
	if r.creds.Password.Empty() {
		return
	}
	forms := spellings(string(r.creds.Password.value), r.plan.Names)
	echo := pattern(forms)
	for _, text := range heard(e) {
		for _, form := range forms {
			*text = strings.ReplaceAll(*text, form, mask)
		}
		*text = echo.ReplaceAllString(*text, mask)
	}
}

// spellings lists the forms in which a password could come back.
func spellings(password string, names []Attempt) []string {
	forms := []string{quote(password), password}
	for _, n := range names {
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte("\x00"+n.Name+"\x00"+password)))
	}
	// Inside something longer, base64 begins at one of three places. The characters that
	// also depend on the neighbours are left off.
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + password))
		from := (shift*8 + 5) / 6
		to := (shift + len(password)) * 8 / 6
		if to-from >= 4 {
			forms = append(forms, encoded[from:to])
		}
	}
	return forms
}

// pattern finds the forms in any letter case.
func pattern(forms []string) *regexp.Regexp {
	var parts []string
	for _, form := range forms {
		if utf8.ValidString(form) {
			parts = append(parts, regexp.QuoteMeta(form))
		}
	}
	return regexp.MustCompile("(?i:" + strings.Join(parts, "|") + ")")
}
