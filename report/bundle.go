package report

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"mailmedic/probe/evidence"
)

// File is one file of a bundle.
type File struct {
	Name string
	Text []byte
}

// LargestBundle is as much as every helpdesk's mail and ticket system takes.
const LargestBundle = 200_000

// longestTranscript bounds transcript.txt before it is packed. It is packed to a tenth.
const longestTranscript = 300_000

// BundleName is the file that a report's bundle is written to.
func BundleName(r *Report) string {
	keep := func(c rune) rune {
		if c == '-' || clip(string(c), 1) != "" {
			return c
		}
		return -1
	}
	name := strings.Map(keep, r.Run.ID)
	return strings.TrimSuffix("mail-report-"+name[:min(len(name), 40)], "-") + ".zip"
}

// Bundle packs a report into files for a helpdesk, and these into one archive of at most
// LargestBundle. What does not fit is left out and said so; the same report gives the same
// bytes. It hides nothing: r is what may be seen.
func Bundle(r *Report) ([]File, []byte, error) {
	for _, smaller := range []func(*Report) (*Report, string){
		func(r *Report) (*Report, string) { return r, "" },
		withoutWire, withoutEvidence,
	} {
		less, note := smaller(r)
		files, err := bundled(less, note)
		if err != nil {
			return nil, nil, err
		}
		archive, err := packed(files, stamp(r))
		if err != nil {
			return nil, nil, err
		}
		if len(archive) <= LargestBundle {
			return files, archive, nil
		}
	}
	return nil, nil, fmt.Errorf("pack the report: it does not fit into %d bytes", LargestBundle)
}

// stamp is the time of the run, which every file of the bundle bears.
func stamp(r *Report) time.Time {
	if r.Run.StartedAt == nil || r.Run.StartedAt.Year() < 1980 || r.Run.StartedAt.Year() > 2107 {
		return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) // the first and last year of the format
	}
	return r.Run.StartedAt.UTC()
}

// withoutWire leaves the conversations out, which no check looks at.
func withoutWire(r *Report) (*Report, string) {
	less := *r
	if r.Evidence != nil {
		less.Evidence = silenced(r.Evidence)
	}
	return &less, "The conversations with the servers were too long for the bundle. They are left out of report.json."
}

func silenced(e *evidence.Evidence) *evidence.Evidence {
	quiet := *e
	quiet.Sessions = slices.Clone(e.Sessions)
	for i := range quiet.Sessions {
		quiet.Sessions[i].Wire = nil
	}
	if e.Successor != nil {
		quiet.Successor = silenced(e.Successor)
	}
	return &quiet
}

func withoutEvidence(r *Report) (*Report, string) {
	less := *r
	less.Evidence = nil
	return &less, "What was observed was too much for the bundle. It is left out of report.json, which cannot be judged anew."
}

func bundled(r *Report, note string) ([]File, error) {
	var text, document bytes.Buffer
	if err := Text(&text, r, TextOptions{Verbose: 1, Marks: true}); err != nil {
		return nil, err
	}
	if err := JSON(&document, r); err != nil {
		return nil, err
	}
	shortened := text.Bytes()
	if len(shortened) > longestTranscript {
		shortened = append(wholeLines(shortened, longestTranscript), "\nThe rest was left out: the bundle has to stay small.\n"...)
	}
	return []File{
		{"report.txt", shortened},
		{"report.json", document.Bytes()},
		{"transcript.txt", transcriptOf(r)},
		{"environment.txt", environmentOf(r)},
		{"hidden.txt", hiddenIn(r, note)},
	}, nil
}

// wholeLines gives the lines at the start of a text that fit into a size.
func wholeLines(text []byte, size int) []byte {
	text = text[:min(len(text), size)]
	return bytes.Clone(text[:bytes.LastIndexByte(text, '\n')+1])
}

// transcriptOf is every step of every path and all that was said there.
func transcriptOf(r *Report) []byte {
	t := newPrinter(TextOptions{Verbose: 3}, r.speak)
	t.details(r)
	text := []byte(strings.TrimLeft(t.b.String(), "\n"))
	switch {
	case len(text) == 0:
		return []byte(r.speak.Say("Nothing was observed.") + "\n")
	case len(text) > longestTranscript:
		return append(wholeLines(text, longestTranscript), "\n"+r.speak.Say("The rest was left out: the bundle has to stay small.")+"\n"...)
	}
	return text
}

// environmentOf lists what is known of the computer and of the run, a fact on a line.
func environmentOf(r *Report) []byte {
	e := observed(r)
	var b strings.Builder
	for _, fact := range [][2]string{
		{"mailmedic", r.Tool.Version}, {"known issues", r.Tool.KnownIssues}, {"report", r.Run.ID},
		{"system", words("/", r.Environment.OS, r.Environment.Arch)},
		{"name servers", r.Environment.Resolver}, {"proxies", r.Environment.Proxy},
		{"route IPv4", linkText(e.Host.RouteV4, e.Host.LinkV4)}, {"route IPv6", linkText(e.Host.RouteV6, e.Host.LinkV6)},
		{"provider", provider(r)}, {"mode", r.Run.Mode}, {"scenario", r.Run.Scenario},
		{"connections", fmt.Sprint(r.Run.Connections)}, {"duration", fmt.Sprintf("%.1f s", float64(r.Run.DurationMS)/1000)},
		{"logins tried", fmt.Sprintf("imap %d, smtp %d", r.Run.LoginAttempts.IMAP, r.Run.LoginAttempts.SMTP)},
	} {
		if fact[1] != "" {
			b.WriteString(left(fact[0], 14) + Clean(fact[1], 300) + "\n")
		}
	}
	return []byte(b.String())
}

func linkText(route evidence.Seen, link evidence.Link) string {
	tunnel := ""
	if link.Tunnel == evidence.Yes {
		tunnel = "a tunnel"
	}
	return words(", ", cmp.Or(string(route), string(unknown)), link.Name, tunnel)
}

// hiddenIn says what the bundle does not hold.
func hiddenIn(r *Report, note string) []byte {
	var list []string
	for _, kind := range slices.Sorted(maps.Keys(r.Redaction.Hidden)) {
		list = append(list, fmt.Sprintf("%s: %d", Clean(kind, 40), r.Redaction.Hidden[kind]))
	}
	lines := []string{
		r.speak.Say("Level of hiding: %s.", Clean(r.Redaction.Level, 20)),
		r.speak.Say("The password is in none of the files: mailmedic records none. No message was read beyond its header fields."),
		"", r.speak.Say("Hidden, and how often:"),
	}
	if len(list) == 0 {
		lines[3] = r.speak.Say("Nothing else was hidden.")
	}
	lines = append(lines, list...)
	if note != "" {
		lines = append(lines, "", note)
	}
	var b strings.Builder
	for _, line := range lines {
		for _, part := range Wrap(line, filled) {
			b.WriteString(part + "\n")
		}
		if line == "" {
			b.WriteString("\n")
		}
	}
	return []byte(b.String())
}

// packed makes the archive. Every file bears the same time.
func packed(files []File, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: at})
		if err == nil {
			_, err = entry.Write(f.Text)
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.Name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack the report: %w", err)
	}
	return b.Bytes(), nil
}

// The limits of an archive that somebody sends. What a mail program packed again may have
// further files, other names and folders.
const (
	mostFiles   = 50
	largestFile = 32 << 20
)

// IsArchive tells whether data is a zip archive.
func IsArchive(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

// Unpack reads the files of an archive into memory. Their names lead nowhere: nothing is
// written. The error is a *Misread.
func Unpack(archive []byte) ([]File, error) {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil && r == nil {
		return nil, &Misread{"the archive", "damaged, or not a zip archive"}
	}
	if len(r.File) > mostFiles {
		return nil, &Misread{"the archive", fmt.Sprintf("more than %d files, so it is no bundle", mostFiles)}
	}
	var files []File
	room := int64(largestFile)
	for _, f := range r.File {
		if f.Mode().IsDir() || f.UncompressedSize64 > uint64(room) {
			continue
		}
		text, err := unpacked(f, room)
		if err != nil {
			continue // the others may hold the report
		}
		room -= int64(len(text))
		files = append(files, File{f.Name, text})
	}
	if len(files) == 0 {
		return nil, &Misread{"the archive", "no file in it can be read"}
	}
	return files, nil
}

func unpacked(f *zip.File, room int64) ([]byte, error) {
	from, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer from.Close()
	text, err := io.ReadAll(io.LimitReader(from, room+1))
	if err == nil && int64(len(text)) > room {
		return nil, zip.ErrFormat // larger than its header says
	}
	return text, err
}
