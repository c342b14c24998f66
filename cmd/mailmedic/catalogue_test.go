package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/leonelquinteros/gotext"
	"github.com/urfave/cli/v2"

	mail "mailmedic/checks/program"
	"mailmedic/checks/say"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
	"mailmedic/report/messages"
)

var update = flag.Bool("update", false, "write the catalogues anew: what is there stays, what is new stands without words")

// message is a constant of type say.Text somewhere in the module.
type message struct {
	one, many string
	file      string // where it first stands
}

// TestCatalogues holds the catalogues and the source together. What a language lacks would
// be said in English amid it, and what it has too much nobody would ever hear.
func TestCatalogues(t *testing.T) {
	all := saidIn(t)
	if len(all) < 300 {
		t.Fatalf("found %d messages in the source, which cannot be all", len(all))
	}
	for _, l := range messages.Languages() {
		if l == messages.English {
			continue
		}
		file := filepath.Join(top, "report/messages", string(l)+".po")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		po := gotext.NewPo()
		po.Parse(data)
		have := po.GetDomain().GetTranslations()
		if *update {
			if err := os.WriteFile(file, written(l, all, have), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		for _, m := range all {
			checkTranslation(t, l, m, have[m.one])
			delete(have, m.one)
		}
		for id := range have {
			if id != "" {
				t.Errorf("%s.po has %q, which nothing says", l, id)
			}
		}
	}
}

// checkTranslation asks that a message has words, for one and for many, with the same gaps.
func checkTranslation(t *testing.T, l messages.Language, m message, have *gotext.Translation) {
	t.Helper()
	forms := 1
	if m.many != "" {
		forms = 2
	}
	if have == nil || have.PluralID != m.many {
		t.Errorf("%s.po lacks %q %q of %s: go test ./cmd/mailmedic -run TestCatalogues -update", l, m.one, m.many, m.file)
		return
	}
	for i := range forms {
		words := have.Trs[i]
		if words == "" {
			t.Errorf("%s.po has no words for %q of %s, form %d", l, m.one, m.file, i)
			continue
		}
		id := m.one
		if i > 0 {
			id = m.many
		}
		if want, got := gaps(id), gaps(words); !slices.Equal(got, want) {
			t.Errorf("%s.po fills other gaps than %q:\n got %q in %q\nwant %q", l, id, got, words, want)
		}
		if a, b := edges(id), edges(words); a != b && strings.Contains(id, " ") { // a word alone may be an abbreviation
			t.Errorf("%s.po begins or ends otherwise than %q: %q", l, id, words)
		}
	}
}

// gaps lists the verbs of a format by the value that each takes.
func gaps(format string) []string {
	var list []string
	next := 1
	for _, found := range regexp.MustCompile(`%(?:\[(\d+)\])?([-+# 0-9.]*[a-zA-Z%])`).FindAllStringSubmatch(format, -1) {
		if found[2] == "%" {
			continue
		}
		if found[1] != "" {
			next, _ = strconv.Atoi(found[1])
		}
		list = append(list, fmt.Sprintf("%d%s", next, found[2]))
		next++
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// edges are what a message is joined to others by: blanks, line ends and full stops.
func edges(s string) string {
	first, last := "", ""
	if trimmed := strings.TrimLeft(s, " \n"); trimmed != s {
		first = s[:len(s)-len(trimmed)]
	}
	if trimmed := strings.TrimRight(s, " \n.:?"); trimmed != s {
		last = s[len(trimmed):]
	}
	return first + "|" + last
}

// saidIn finds every constant of type say.Text, pairs of say.Count together, and what is
// said of plain strings.
func saidIn(t *testing.T) []message {
	t.Helper()
	found := map[string]message{}
	fset := token.NewFileSet()
	for _, p := range typedPackages(t, fset) {
		for _, file := range p.files {
			name, _ := filepath.Rel(p.top, fset.Position(file.Pos()).Filename)
			c := collector{p.info, filepath.ToSlash(name), found, map[ast.Expr]bool{}}
			ast.Inspect(file, c.look)
		}
	}
	c := collector{found: found, file: "cmd/mailmedic/help.go"}
	for _, text := range plainTexts() {
		c.add(text, "")
	}
	for _, m := range found {
		if other, both := found[m.many]; both && m.many != "" && other.many == "" && m.many != m.one {
			delete(found, m.many) // said by itself too, which gettext cannot tell apart
			t.Errorf("%q is a message, and the plural of %q", m.many, m.one)
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b message) int {
		return cmp.Or(strings.Compare(a.file, b.file), strings.Compare(a.one, b.one))
	})
}

type collector struct {
	info  *types.Info
	file  string
	found map[string]message
	taken map[ast.Expr]bool
}

func (c collector) look(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		c.pair(n)
	}
	e, ok := n.(ast.Expr)
	if !ok || c.taken[e] {
		return !ok || !c.taken[e]
	}
	v, ok := c.info.Types[e]
	if !ok || v.Value == nil || v.Type.String() != "mailmedic/checks/say.Text" || v.Value.Kind() != constant.String {
		return true
	}
	c.add(constant.StringVal(v.Value), "")
	return false // its parts are no messages of their own
}

// pair takes the two forms of a message about a number.
func (c collector) pair(call *ast.CallExpr) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	if name != "Count" || len(call.Args) < 3 {
		return
	}
	one, many := c.info.Types[call.Args[1]], c.info.Types[call.Args[2]]
	if one.Value == nil || many.Value == nil || one.Type.String() != "mailmedic/checks/say.Text" {
		return
	}
	c.add(constant.StringVal(one.Value), constant.StringVal(many.Value))
	c.taken[call.Args[1]], c.taken[call.Args[2]] = true, true
}

// plainTexts lists the messages that other types have as strings: of the help, which cli
// holds, of the built-in scenarios, and the names of mail programs that are no proper names.
func plainTexts() []string {
	var texts []string
	chapters := slices.Sorted(maps.Values(chapters()))
	for _, c := range (&program{}).commands().Commands {
		texts = append(texts, c.Usage)
		chapters = append(chapters, c.Description)
		for example := range strings.Lines(c.UsageText) {
			_, aside := remark(example)
			texts = append(texts, aside)
		}
		for _, f := range c.Flags {
			texts = append(texts, category(f), f.(cli.DocGenerationFlag).GetUsage())
		}
	}
	for _, text := range chapters {
		for line := range strings.Lines(text) {
			kept, said := prose(strings.TrimSuffix(line, "\n"))
			texts = append(texts, saidName(kept), said)
		}
	}
	texts = append(texts, profileTexts()...)
	for _, s := range mailtest.Scenarios() {
		texts = append(texts, s.Title)
	}
	for _, p := range mail.All() {
		if strings.Contains(p.Title, " ") {
			texts = append(texts, p.Title)
		}
	}
	return texts
}

// profileTexts lists what stands in the built-in profiles for a person to read.
func profileTexts() []string {
	var texts []string
	for _, name := range profile.BuiltIn() {
		p, err := profile.Load(name)
		if err != nil {
			panic(err)
		}
		for _, path := range p.Paths {
			texts = append(texts, path.Server)
		}
		for _, issue := range p.Issues {
			texts = append(texts, issue.Title, issue.Text)
		}
	}
	return texts
}

func (c collector) add(one, many string) {
	date := strings.HasPrefix(one, "%d %s") // a language may write the day with a full stop
	if one == "" || !date && !strings.ContainsFunc(strings.NewReplacer("%s", "", "%d", "", "%q", "").Replace(one), func(r rune) bool { return r > ' ' && r != '%' && !strings.ContainsRune(`()":.,`, r) }) {
		return // nothing but gaps, or the marks of package say
	}
	if _, known := c.found[one]; !known || many != "" {
		c.found[one] = message{one, many, c.file}
	}
}

// pkg is a package of the module with its types.
type pkg struct {
	top   string
	files []*ast.File
	info  *types.Info
}

// typedPackages reads the module's packages without their tests. What they import comes from the
// compiler's own files, which go list makes.
func typedPackages(t *testing.T, fset *token.FileSet) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.Dir}}\t{{range .GoFiles}}{{.}} {{end}}", top+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	absolute, err := filepath.Abs(top)
	if err != nil {
		t.Fatal(err)
	}
	exports, sources := map[string]string{}, map[string][]string{}
	for line := range strings.Lines(string(out)) {
		part := strings.Split(strings.TrimSpace(line), "\t")
		if len(part) < 3 {
			continue
		}
		exports[part[0]] = part[1]
		if strings.HasPrefix(part[0], "mailmedic/") && len(part) > 3 {
			for _, file := range strings.Fields(part[3]) {
				sources[part[0]] = append(sources[part[0]], filepath.Join(part[2], file))
			}
		}
	}
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	var all []pkg
	for _, path := range slices.Sorted(maps.Keys(sources)) {
		p := pkg{top: absolute, info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}}
		for _, name := range sources[path] {
			file, err := parser.ParseFile(fset, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			p.files = append(p.files, file)
		}
		if _, err := (&types.Config{Importer: imports}).Check(path, fset, p.files, p.info); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// written is a language's file: the words that it has, and gaps for those it lacks.
func written(l messages.Language, all []message, have map[string]*gotext.Translation) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "msgid \"\"\nmsgstr \"\"\n\"Language: %s\\n\"\n\"MIME-Version: 1.0\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Content-Transfer-Encoding: 8bit\\n\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n", l)
	for _, m := range all {
		words := map[int]string{}
		if known := have[m.one]; known != nil {
			words = known.Trs
		}
		fmt.Fprintf(&b, "\n#: %s\nmsgid %s\n", m.file, poText(m.one))
		if m.many == "" {
			fmt.Fprintf(&b, "msgstr %s\n", poText(words[0]))
			continue
		}
		fmt.Fprintf(&b, "msgid_plural %s\nmsgstr[0] %s\nmsgstr[1] %s\n", poText(m.many), poText(words[0]), poText(words[1]))
	}
	return b.Bytes()
}

// poText quotes as gettext does: a text of several lines has one a line.
func poText(s string) string {
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`)
	if !strings.Contains(strings.TrimSuffix(s, "\n"), "\n") {
		return `"` + quote.Replace(s) + `"`
	}
	text := `""`
	for line := range strings.Lines(s) {
		text += "\n\"" + quote.Replace(line) + `"`
	}
	return text
}

// TestEveryLanguageSaysIt reads a few words back as a person would see them.
func TestEveryLanguageSaysIt(t *testing.T) {
	norwegian := messages.In(messages.Bokmal)
	for _, test := range []struct {
		got, want string
	}{
		{norwegian.Say("Nothing was changed, sent or uploaded."), "Ingenting er endret, sendt eller lastet opp."},
		{norwegian.Count(1, "%d step", "%d steps"), "1 steg"},
		{norwegian.Say("%.1f s", 0.25), "0,2 s"},
		{norwegian.Say(say.List([]string{"25", "26", "587"})), "25, 26 og 587"},
		{messages.In("de").Say("Nothing was changed, sent or uploaded."), "Nothing was changed, sent or uploaded."},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
