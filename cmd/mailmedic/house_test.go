package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/checks/pages"
)

// The house rules hold for the whole module. Each stands here with its reason, so that
// whoever has a better one changes the rule in the same commit.

// pure are the rooms between the arrows: the same data in gives the same data out.
func pure() []string {
	return []string{"probe/profile", "probe/evidence", "checks", "checks/cause", "checks/pages", "checks/program", "checks/say", "report", "report/messages"}
}

func TestImports(t *testing.T) {
	const imap, smtp, cli = "github.com/emersion/go-imap/...", "github.com/emersion/go-smtp/...", "github.com/urfave/cli/..."
	all := rooms(t)
	for _, rule := range []struct {
		because string
		rooms   []string // which packages, as patterns for covers
		never   []string // what they must not import, likewise
		deep    bool     // nor import anything that does
	}{
		{"whoever cannot open a connection can be run again on a recording, so a support mail is a test", pure(), []string{"net", "crypto/tls", "crypto/x509", "os/exec", imap, smtp, cli}, true},
		{"chance would make two verdicts of one evidence", pure(), []string{"math/rand/...", "crypto/rand"}, false},
		{"the probe writes down what happened; who also judges asks only for what fits the judgement", []string{"probe/..."}, []string{"mailmedic/checks/...", "mailmedic/report/..."}, true},
		{"a provider made with the probe's own code would make the probe's mistakes, and no test would see them", []string{"probe/mailtest/..."}, []string{"mailmedic/probe", "mailmedic/probe/wire"}, true},
		{"what looks at real servers must not carry a simulated one", []string{"probe/...", "!probe/mailtest/..."}, []string{"mailmedic/probe/mailtest/..."}, true},
		{"flags are a matter of the command line alone", []string{"...", "!cmd/..."}, []string{cli}, true},
		{"the program that people run contains no test code", []string{"...", "!probe/mailtest/debian", "!probe/mailtest/netlab"}, []string{"testing", "mailmedic/probe/mailtest/debian", "mailmedic/probe/mailtest/netlab"}, true},
	} {
		for _, r := range all {
			if !covers(rule.rooms, strings.TrimPrefix(r.ImportPath, "mailmedic/")) {
				continue
			}
			imports := r.Imports
			if rule.deep {
				imports = r.Deps
			}
			for _, i := range imports {
				if covers(rule.never, i) {
					t.Errorf("%s depends on %s, but %s", r.ImportPath, i, rule.because)
				}
			}
		}
	}
}

func TestHouse(t *testing.T) {
	all := sources(t)
	for _, rule := range []struct {
		name, because string
		broken        func([]source) []string
	}{
		{"colours", "one file decides what a colour means, and whether there are any", colours},
		{"pure", "a recording must give the same verdict on any day and any computer", impurities},
		{"openings", "these drop the caller's deadlines, have no limits, and leave the guarded connection aside", openings},
		{"package", "a reader who opens a folder first asks what it is for", nameless},
		{"comments", "the comment is the contract: meaning, unit, errors, source", undocumented},
		{"size", "a file that does not fit into the head gets a second purpose", oversized},
		{"init", "what runs before main is seen by nobody who reads main", inits},
		{"variables", "state that anybody may change makes tests depend on their order", variables},
		{"skips", "a test that is skipped in CI is a test that nobody runs", skips},
		{"top", "who looks at the top level sees the rooms and nothing else", strangers},
		{"loosened", "what Go has forbidden holds a password back; whoever allows it again says in judge what takes its place", loosened},
		{"texts", "a translator gets whole sentences, and nothing else can be looked up in a catalogue", texts},
	} {
		t.Run(rule.name, func(t *testing.T) {
			for _, where := range rule.broken(all) {
				t.Errorf("%s, but %s", where, rule.because)
			}
		})
	}
}

func colours(all []source) (bad []string) {
	for _, s := range all {
		for _, i := range s.syntax.Imports {
			if importPath(i) == "github.com/fatih/color" && s.name != "report/palette.go" {
				bad = append(bad, s.at(i)+": imports fatih/color")
			}
		}
	}
	return bad
}

func impurities(all []source) (bad []string) {
	for _, s := range all {
		if s.test() || !slices.Contains(pure(), s.dir()) {
			continue
		}
		bad = append(bad, s.uses("time", "time", "Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep", "Local")...)
		bad = append(bad, s.uses("os", "os", "Getenv", "LookupEnv", "Environ", "ExpandEnv", "Hostname", "Getwd", "UserHomeDir", "UserConfigDir", "UserCacheDir")...)
	}
	return bad
}

// openings are forbidden in tests as well. Their names are put together here, so that a
// search of the module for them finds nothing.
func openings(all []source) (bad []string) {
	upgrade, dial := "StartTLS", "Dial"
	for _, s := range all {
		bad = append(bad, s.uses("github.com/emersion/go-imap/v2/imapclient", "imapclient", "New"+upgrade, dial+"Insecure", dial+"TLS", dial+upgrade)...)
		bad = append(bad, s.uses("github.com/emersion/go-smtp", "smtp", "NewClient"+upgrade, dial, dial+"TLS", dial+upgrade, "SendMail", "SendMailTLS")...)
		bad = append(bad, s.uses("net/smtp", "smtp", dial, "NewClient", "SendMail")...)
	}
	return bad
}

func nameless(all []source) (bad []string) {
	said := map[string]bool{}
	for _, s := range all {
		if s.test() {
			continue
		}
		want := "Package " + s.syntax.Name.Name + " "
		if s.syntax.Name.Name == "main" {
			want = "Mailmedic "
		}
		said[s.dir()] = said[s.dir()] || strings.HasPrefix(s.syntax.Doc.Text(), want)
	}
	for _, dir := range slices.Sorted(maps.Keys(said)) {
		if !said[dir] {
			bad = append(bad, dir+": no sentence says what the package is for")
		}
	}
	return bad
}

func undocumented(all []source) (bad []string) {
	for _, s := range all {
		if s.test() {
			continue
		}
		for _, decl := range s.syntax.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && !hidden(d.Recv) {
					bad = append(bad, s.at(d)+": "+d.Name.Name+" has no comment")
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if name, comment := named(spec); name != "" && d.Doc == nil && comment == nil {
						bad = append(bad, s.at(spec)+": "+name+" has no comment")
					}
				}
			}
		}
	}
	return bad
}

// hidden tells whether a receiver is of a type that the package keeps to itself.
func hidden(receiver *ast.FieldList) bool {
	return receiver != nil && !ast.IsExported(strings.TrimLeft(types.ExprString(receiver.List[0].Type), "*"))
}

// named is the first exported name of a declaration, and what is said of it.
func named(spec ast.Spec) (string, *ast.CommentGroup) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() {
			return s.Name.Name, s.Doc
		}
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.IsExported() {
				return name.Name, cmp.Or(s.Doc, s.Comment)
			}
		}
	}
	return "", nil
}

func oversized(all []source) (bad []string) {
	const most = 500
	for _, s := range all {
		if n := s.fset.File(s.syntax.Pos()).LineCount(); n > most && !s.test() {
			bad = append(bad, fmt.Sprintf("%s: %d lines, want at most %d", s.name, n, most))
		}
	}
	return bad
}

func inits(all []source) (bad []string) {
	for _, s := range all {
		for _, d := range s.syntax.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				bad = append(bad, s.at(f)+": init function")
			}
		}
	}
	return bad
}

// variables finds package-level variables that are not fixed by what they are.
func variables(all []source) (bad []string) {
	known := map[string]string{
		"cmd/mailmedic version": "the linker sets it when a release is built",
		"cmd/mailmedic commit":  "the linker sets it too",
	}
	for _, s := range all {
		if s.test() {
			continue
		}
		for _, v := range s.variables() {
			key := s.dir() + " " + v.name
			if _, ok := known[key]; !ok && !v.fixed() {
				bad = append(bad, v.at+": variable "+v.name)
			}
			delete(known, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		bad = append(bad, key+": is excused and does not exist")
	}
	return bad
}

func skips(all []source) (bad []string) {
	// Require fails instead of skipping when MAILMEDIC_REAL=1 is set, as it is in CI.
	known := []string{"probe/mailtest/debian/debian.go", "probe/mailtest/netlab/netlab_linux.go"}
	for _, s := range all {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if m, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, m.Sel.Name) && !slices.Contains(known, s.name) {
				bad = append(bad, s.at(n)+": "+types.ExprString(m))
			}
			return true
		})
	}
	return bad
}

func strangers([]source) (bad []string) {
	known := strings.Fields(".ci .git .gitattributes .gitignore CONTRIBUTING.md LICENSE README.md checks cmd go.mod go.sum goreleaser.yaml probe report")
	ignored, err := os.ReadFile(filepath.Join(top, ".gitignore"))
	if err != nil {
		return []string{err.Error()}
	}
	entries, err := os.ReadDir(top)
	if err != nil {
		return []string{err.Error()}
	}
	for _, e := range entries {
		made := slices.ContainsFunc(strings.Fields(string(ignored)), func(pattern string) bool {
			ok, _ := path.Match(strings.Trim(pattern, "/"), e.Name())
			return ok
		})
		if !made && !slices.Contains(known, e.Name()) {
			bad = append(bad, e.Name()+": stands at the top")
		}
	}
	return bad
}

// loosened finds settings that make Go accept again what it refuses by default.
func loosened(all []source) (bad []string) {
	known := []string{
		"x509negativeserial=1", // no verification asks for the sign of a serial number
		"rsa1024min=0",         // probe.judge has a limit of its own
	}
	for _, s := range all {
		for _, group := range s.syntax.Comments {
			for _, c := range group.List {
				if setting, ok := strings.CutPrefix(c.Text, "//go:debug "); ok && !slices.Contains(known, setting) {
					bad = append(bad, s.at(c)+": "+setting)
				}
			}
		}
	}
	return bad
}

// TestCatalogue holds the literal lists of checks and causes together with their files.
// What a list forgets would never run, and nobody would miss it.
func TestCatalogue(t *testing.T) {
	all, retired := sources(t), retiredCodes(t)
	var ofChecks, ofCauses []checks.Code
	for _, c := range checks.All() {
		ofChecks = append(ofChecks, c.Code)
	}
	for _, c := range cause.All() {
		ofCauses = append(ofCauses, c.Code)
	}
	for _, list := range []struct {
		dir, kind string
		codes     []checks.Code
	}{
		{"checks", "Check", ofChecks},
		{"checks/cause", "Cause", ofCauses},
	} {
		homes := homes(all, list.dir, list.kind)
		names := literal(all, list.dir)
		if len(names) != len(list.codes) {
			t.Fatalf("%s: All() reads as %d names and returns %d: want a literal list", list.dir, len(names), len(list.codes))
		}
		seen := map[checks.Code]bool{}
		for i, name := range names {
			code := list.codes[i]
			if seen[code] {
				t.Errorf("%s: %s is in the list twice, but a code means one thing", list.dir, code)
				continue
			}
			seen[code] = true
			if retired[string(code)] {
				t.Errorf("%s: %s is retired, but old reports and scripts still use it in its old meaning", list.dir, code)
			}
			page, ok := pages.Find(string(code))
			if want := list.dir + "/" + strings.ReplaceAll(page.Slug, "-", "_") + ".go"; !ok || homes[name] != want {
				t.Errorf("%s %s: got file %q, want %q, because who knows the slug must be able to guess the file", code, name, homes[name], want)
			}
			delete(homes, name)
		}
		for name, file := range homes {
			t.Errorf("%s: %s is not in All(), so it never runs", file, name)
		}
	}
}

// retiredCodes reads checks/retired.txt: a code at the start of each line that is no comment.
func retiredCodes(t *testing.T) map[string]bool {
	data, err := os.ReadFile(filepath.Join(top, "checks/retired.txt"))
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if word, _, _ := strings.Cut(strings.TrimSpace(line), " "); word != "" && word != "#" {
			codes[word] = true
		}
	}
	return codes
}

// homes finds the package-level variables of a kind, and the file in which each lives.
func homes(all []source, dir, kind string) map[string]string {
	found := map[string]string{}
	for _, s := range all {
		if s.dir() != dir || s.test() {
			continue
		}
		for _, v := range s.variables() {
			if v.made == kind {
				found[v.name] = s.name
			}
		}
	}
	return found
}

// literal reads the names in the list that a package's All returns.
func literal(all []source, dir string) (names []string) {
	for _, s := range all {
		if s.name != dir+"/all.go" {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			list, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			for _, e := range list.Elts {
				if id, ok := e.(*ast.Ident); ok {
					names = append(names, id.Name)
				}
			}
			return true
		})
	}
	return names
}

// covers tells whether the last pattern that fits a path takes it in. "a/..." is a and
// all below it, "..." is everything, and "!" in front leaves out again.
func covers(patterns []string, p string) bool {
	covered := false
	for _, pattern := range patterns {
		pattern, out := strings.CutPrefix(pattern, "!")
		stem, below := strings.CutSuffix(pattern, "...")
		if p == pattern || below && strings.HasPrefix(p+"/", stem) {
			covered = !out
		}
	}
	return covered
}
