package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"image"
	_ "image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/tools/txtar"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest/debian"
	"mailmedic/report"
)

// recorded are the reports of the six situations that people ask about most, from records
// of them.
func recorded(t *testing.T) map[string]*report.Report {
	t.Helper()
	all := map[string]*report.Report{}
	for _, name := range []string{"healthy", "port-25-dropped", "intercepted-trusted", "name-form-address", "sent-doubled", "no-network"} {
		archive, err := txtar.ParseFile(filepath.Join("../../checks/testdata/scenarios", name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if f.Name != "evidence.json" {
				continue
			}
			var e evidence.Evidence
			if err := json.Unmarshal(f.Data, &e); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			all[name] = judged(&e, report.Options{KnownIssues: knownIssues})
		}
	}
	return all
}

func rendered(t *testing.T, r *report.Report, format string) []byte {
	t.Helper()
	text, err := (output{}).render(r, format, stream{})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestRealPrometheus has Prometheus' own tool read the metrics.
func TestRealPrometheus(t *testing.T) {
	debian.RequireTools(t, "promtool")
	t.Parallel()
	check := func(text []byte) (string, error) {
		cmd := exec.Command("promtool", "check", "metrics")
		cmd.Stdin = bytes.NewReader(text)
		said, err := cmd.CombinedOutput()
		return string(said), err
	}
	for name, r := range recorded(t) {
		if said, err := check(rendered(t, r, "prometheus")); err != nil || said != "" {
			t.Errorf("%s: promtool says %q, %v", name, said, err)
		}
	}
	text := rendered(t, recorded(t)["healthy"], "prometheus")
	if _, err := check(append(text, text...)); err == nil {
		t.Error("promtool takes the same metrics twice, so it proves nothing")
	}
}

// TestRealMarkdown has GitHub's own parser read the text for a ticket, with words in it
// that want to be more than words.
func TestRealMarkdown(t *testing.T) {
	debian.RequireTools(t, "cmark-gfm")
	t.Parallel()
	const evil = "@all [x](http://evil.example) http://evil.example www.evil.example a@evil.example <img src=x> </details> ``` **b** | #1 ![i](x) &lt; \n# head\n"
	for name, r := range recorded(t) {
		r.Verdict.Headline, r.Run.ID, r.Environment.OS = evil+r.Verdict.Headline, evil, evil
		for i := range r.Findings {
			f := &r.Findings[i]
			f.Title, f.Message, f.Actions = f.Title+evil, evil, append([]string{evil}, f.Actions...)
		}
		cmd := exec.Command("cmark-gfm", "-e", "autolink", "-e", "table", "-e", "strikethrough", "-e", "tasklist", "-t", "xml")
		cmd.Stdin = bytes.NewReader(rendered(t, r, "markdown"))
		read, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		nodes, kept := nodesOf(t, read)
		if want := string(rendered(t, r, "text")); kept != want {
			t.Errorf("%s: the text report reads\n%s\nwant\n%s", name, kept, want)
		}
		for node, n := range nodes {
			switch node {
			case "document", "paragraph", "strong", "text", "code", "list", "item", "softbreak":
			case "code_block":
				if n != 1 {
					t.Errorf("%s: got %d blocks of code, want the text report alone", name, n)
				}
			case "html_block":
				if n != 2 {
					t.Errorf("%s: got %d blocks of HTML, want the one that folds and its end", name, n)
				}
			default:
				t.Errorf("%s: somebody else's words became a %s", name, node)
			}
		}
	}
}

// nodesOf counts the nodes of a parsed text, and gives its block of code.
func nodesOf(t *testing.T, read []byte) (nodes map[string]int, block string) {
	t.Helper()
	nodes = map[string]int{}
	in := ""
	d := xml.NewDecoder(bytes.NewReader(read))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nodes, block
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			in = token.Name.Local
			nodes[in]++
		case xml.EndElement:
			in = ""
		case xml.CharData:
			if in == "code_block" {
				block += string(token)
			}
		}
	}
}

// browse opens a page in Chromium, takes a picture of it, and gives what it complained of.
func browse(t *testing.T, page []byte) (picture image.Image, complaints []string) {
	t.Helper()
	folder := t.TempDir()
	file, shot := filepath.Join(folder, "page.html"), filepath.Join(folder, "page.png")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=900,1600",
		"--user-data-dir="+filepath.Join(folder, "profile"), "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--proxy-server=direct://", "--enable-logging=stderr", "--virtual-time-budget=2000", "--screenshot="+shot, "file://"+file)
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("chromium: %v\n%s", err, said)
	}
	for line := range strings.Lines(string(said)) {
		if strings.Contains(line, "CONSOLE") {
			complaints = append(complaints, line)
		}
	}
	opened, err := os.Open(shot)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	defer opened.Close()
	if picture, _, err = image.Decode(opened); err != nil {
		t.Fatal(err)
	}
	return picture, complaints
}

// shades counts the colours of a picture and gives the brightness of its corner, up to 255.
func shades(picture image.Image) (n int, corner uint32) {
	seen := map[[3]uint32]bool{}
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y += 3 {
		for x := bounds.Min.X; x < bounds.Max.X; x += 3 {
			r, g, b, _ := picture.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}] = true
		}
	}
	r, g, b, _ := picture.At(bounds.Min.X, bounds.Min.Y).RGBA()
	return len(seen), (r + g + b) / 3 >> 8
}

// asDark makes the page dark in a browser that is not asked for it.
func asDark(page []byte) []byte {
	return bytes.ReplaceAll(page, []byte("(prefers-color-scheme: dark)"), []byte("(min-width: 1px)"))
}

// TestRealBrowser has a browser draw the page, in the light and in the dark.
func TestRealBrowser(t *testing.T) {
	debian.RequireTools(t, "chromium")
	for name, r := range recorded(t) {
		page := rendered(t, r, "html")
		for scheme, page := range map[string][]byte{"light": page, "dark": asDark(page)} {
			t.Run(name+" "+scheme, func(t *testing.T) {
				t.Parallel()
				picture, complaints := browse(t, page)
				if len(complaints) > 0 {
					t.Errorf("the browser complains: %q", complaints)
				}
				n, corner := shades(picture)
				if n < 50 || (corner < 128) != (scheme == "dark") {
					t.Errorf("got %d colours and a brightness of %d, want letters in many shades on a %s ground", n, corner, scheme)
				}
			})
		}
	}
}

// TestRealBrowserAsksNobody puts into the page what would call its author, should anybody
// ever find a way to. The policy in its head keeps the browser from it.
func TestRealBrowserAsksNobody(t *testing.T) {
	debian.RequireTools(t, "chromium")
	var asked atomic.Int32
	author := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}))
	defer author.Close()
	calls := `<img src="` + author.URL + `/img"><link rel="stylesheet" href="` + author.URL + `/css"><script>fetch("` + author.URL + `/js")</script><iframe src="` + author.URL + `/frame"></iframe></main>`
	page := bytes.Replace(rendered(t, recorded(t)["healthy"], "html"), []byte("</main>"), []byte(calls), 1)
	if _, complaints := browse(t, page); asked.Load() > 0 || len(complaints) < 3 {
		t.Errorf("the author was called %d times, and the browser complains of %q; want no call, and a complaint about each", asked.Load(), complaints)
	}
	policy := []byte(`http-equiv="Content-Security-Policy"`)
	if browse(t, bytes.Replace(page, policy, []byte(`name="nothing"`), 1)); asked.Load() == 0 {
		t.Error("the author was not called without the policy either, so this proves nothing")
	}
}
