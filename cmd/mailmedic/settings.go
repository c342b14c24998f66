package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// The groups of the flags of settings.
const (
	groupApp  = "For one mail app"
	groupSeen = "What a run saw working (at most one)"
)

const settingsExamples = `mailmedic settings you@example.net
mailmedic settings you@example.net --app thunderbird
mailmedic settings you@example.net --app mbsync --test --files .
mailmedic settings --app ios --report report.json --files -`

const settingsNotes = `With --test or --report, only what was seen to work is printed and written: the best server and port for receiving and for sending, the login name that was accepted, the folder paths of that server. If a direction has none, the exit code is 2. Without them it is what the provider publishes, and says so.

No file holds a password, and no file is replaced without --force.`

func settingsFlags() []cli.Flag {
	flags := []cli.Flag{
		&cli.StringFlag{Name: "provider", Category: groupYou, Usage: "`NAME` built-in provider, or the file of a profile"},
		&cli.StringFlag{Name: "login", Category: groupYou, Usage: "`NAME` login name to test, exactly as it stands in your mail app"},
		&cli.StringFlag{Name: "app", Category: groupApp, Usage: "`NAME` say where each setting stands, as thunderbird"},
		&cli.StringFlag{Name: "files", Category: groupApp, Usage: "`FOLDER` write the app's file, ready to use; - prints it"},
		&cli.BoolFlag{Name: "force", Category: groupApp, Usage: "replace a file that is there"},
		&cli.BoolFlag{Name: "test", Category: groupSeen, Usage: "test now, as check does; without a login if no password source is given"},
		&cli.StringFlag{Name: "report", Category: groupSeen, Usage: "`FILE` take it from a report that check --json made, - for standard input"},
	}
	for _, f := range append(accountFlags(), append(testFlags(), reportFlags("10s")...)...) {
		if slices.Contains(trialFlags(), f.Names()[0]) {
			flags = append(flags, f)
		}
	}
	return append(flags, &cli.BoolFlag{Name: "json", Category: groupReport, Usage: "print JSON"})
}

// trialFlags are those of check that --test takes too.
func trialFlags() []string {
	return append(passwordFlags(), "paths", "4", "6", "resolver", "timeout", "deadline", "connect", "ca-file", "no-memory")
}

// advised is what a person types into a mail app. Text and JSON are made from it.
type advised struct {
	Schema    string     `json:"schema"`
	Provider  string     `json:"provider"`
	Title     string     `json:"title"`
	Successor string     `json:"successor"` // profile with newer instructions, or empty
	Address   string     `json:"address"`
	Guessed   bool       `json:"guessed"` // the address did not tell whose it is
	Receiving []server   `json:"receiving"`
	Sending   []server   `json:"sending"`
	Login     []login    `json:"login"`
	RootPath  folder     `json:"root_path"`
	SentPath  folder     `json:"sent_path"`
	Drafts    folder     `json:"drafts_path"`
	Checking  checking   `json:"checking"`
	Consider  []consider `json:"considerations"`

	Guide *guide `json:"guide,omitempty"` // for --app
}

// origin says where a setting was read.
type origin struct {
	Source string `json:"source"` // title of the page
	Years  string `json:"years"`
}

type server struct {
	Path       string             `json:"path"`
	Host       string             `json:"host"`
	Port       int                `json:"port"`
	Encryption profile.Encryption `json:"encryption"`
	Shown      string             `json:"encryption_shown"` // as mail apps call it
	Role       profile.Role       `json:"role"`
	origin
}

type login struct {
	Kind  profile.Kind `json:"kind"` // own or hosted: whose domain the address is in
	Names []string     `json:"names"`
	origin
}

type folder struct {
	Name        string `json:"name"`
	Optional    bool   `json:"optional"`
	Unsupported bool   `json:"unsupported"`
	origin
}

type checking struct {
	MinMinutes int `json:"min_minutes"`
	origin
}

type consider struct {
	Code  string   `json:"code"`
	Title string   `json:"title"`
	Text  string   `json:"text"`
	Apps  []string `json:"apps"`
	origin
}

// settings prints the provider's instructions for one address, or those for one mail app.
func (p *program) settings(c *cli.Context) error {
	if c.NArg() > 1 {
		return usage("mailmedic settings you@example.net", "settings takes one address, and there are %d words.", c.NArg())
	}
	address := ""
	if c.NArg() == 1 {
		var err error
		if address, err = typedAddress(c); err != nil {
			return err
		}
	}
	if c.IsSet("app") {
		return p.settingsFor(c, address)
	}
	for _, flag := range append(trialFlags(), "login", "files", "force", "test", "report") {
		if c.IsSet(flag) {
			return usage("Name your mail app as well, as in:  --app thunderbird", "%s is for one mail app, and none is named.", dashed(flag))
		}
	}
	chosen, because, err := chooseProfile(c, address)
	if err != nil {
		return err
	}
	a := advise(chosen, address)
	a.Guessed = because == evidence.Undecided && address != ""
	if c.Bool("json") {
		return p.printJSON(a)
	}
	return p.io.say(a.text(p.speak, p.io.columns(p.io.out)))
}

// advise turns a profile into settings for one address, or for any if it is empty.
func advise(p profile.Profile, address string) advised {
	from := func(o profile.Origin) origin { return origin{p.Sources[o.Source], o.Years} }
	place := func(f profile.Folder) folder { return folder{f.Name, f.Optional, f.Unsupported, from(f.Origin)} }
	a := advised{
		Schema: "mailmedic/settings", Provider: p.Name, Title: p.Title, Successor: p.Successor, Address: address,
		Receiving: []server{}, Sending: []server{}, Login: []login{}, Consider: []consider{},
		RootPath: place(p.Folders.Root), SentPath: place(p.Folders.Sent), Drafts: place(p.Folders.Drafts),
		Checking: checking{p.Checking.MinMinutes, from(p.Checking.Origin)},
	}
	for _, path := range p.Paths {
		s := server{path.ID(), path.Host, path.Port, path.Encryption, path.Encryption.Shown(), path.Role, from(path.Origin)}
		if path.Protocol == profile.IMAP {
			a.Receiving = append(a.Receiving, s)
		} else {
			a.Sending = append(a.Sending, s)
		}
	}
	user, domain, known := profile.Split(address)
	for _, rule := range p.Login {
		if known && rule.Kind != p.Kind(address) {
			continue
		}
		names := slices.Clone(rule.Forms)
		if known {
			for i, form := range names {
				names[i] = strings.NewReplacer("{user}", user, "{domain}", domain).Replace(form)
			}
		}
		a.Login = append(a.Login, login{rule.Kind, names, from(rule.Origin)})
	}
	for _, issue := range p.Issues {
		apps := issue.Apps
		if apps == nil {
			apps = []string{}
		}
		a.Consider = append(a.Consider, consider{issue.Code, issue.Title, issue.Text, apps, from(issue.Origin)})
	}
	return a
}

// printJSON writes one document.
func (p *program) printJSON(v any) error {
	text, err := encoded(v)
	if err != nil {
		return err
	}
	return p.io.print(text)
}

func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return report.EscapeHidden(b.Bytes()), nil
}
