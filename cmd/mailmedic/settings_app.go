package main

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"mailmedic/checks"
	mail "mailmedic/checks/program"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
	"mailmedic/report/messages"
)

// guide is what to set in one mail app, and what was seen of it.
type guide struct {
	App    string   `json:"app"`
	Title  string   `json:"title"`
	Begin  string   `json:"begin"` // where a new account is set up
	Told   []string `json:"tested"`
	Report string   `json:"report"` // id of the run, empty where nothing was tested
	Steps  []step   `json:"steps"`
	Notes  []string `json:"notes"` // of the provider about this app, a sentence or more each
	Files  []made   `json:"files"`
}

type step struct {
	Field  mail.Field `json:"field"`
	Where  string     `json:"where"`
	Value  string     `json:"value"` // in English, as scripts know it
	Remark string     `json:"remark"`
	said   string     // the value in the user's language
}

// made is one file for the app.
type made struct {
	Name    string `json:"name"`
	Mode    string `json:"mode"`    // octal
	Text    string `json:"text"`    // of the file
	Written string `json:"written"` // where it was written to, empty where it was not
}

// basis is what the values of a guide come from.
type basis struct {
	profile  profile.Profile
	guessed  bool // the address did not tell whose it is
	settings mail.Settings
	missing  []say.Text // why a direction has no settings that were seen to work
	again    string     // the command that says more
}

func appNames() []string {
	var names []string
	for _, m := range mail.All() {
		names = append(names, m.Name)
	}
	return names
}

// settingsFor prints the settings for one mail app, or writes its file.
func (p *program) settingsFor(c *cli.Context, address string) error {
	if err := oneOf("--app", c.String("app"), appNames()...); err != nil {
		return err
	}
	app, _ := mail.Find(c.String("app"))
	if err := agree(c, app, address); err != nil {
		return err
	}
	b, err := p.basis(c, address)
	if err != nil {
		return err
	}
	if len(b.missing) > 0 {
		return fail(exitProblem, say.With("To see why:  %s", b.again), "%s", say.Join(b.missing[:min(len(b.missing), 2)]...))
	}
	g := newGuide(p.speak, app, b)
	files, err := app.Files(b.settings)
	if err != nil && c.IsSet("files") {
		return fail(exitData, "Without --files, the values are shown.", "%s", wording(err))
	}
	if c.String("files") == "-" {
		return p.io.print([]byte(files[0].Text))
	}
	for _, f := range files {
		one := made{Name: f.Name, Mode: fmt.Sprintf("%04o", f.Mode), Text: f.Text}
		if c.IsSet("files") {
			if one.Written, err = writeFile(c.String("files"), f, c.Bool("force")); err != nil {
				return err
			}
		}
		g.Files = append(g.Files, one)
	}
	a := advise(b.profile, b.settings.Address)
	a.Guessed, a.Guide = b.guessed, &g
	if c.Bool("json") {
		return p.printJSON(a)
	}
	return p.io.say(a.guideText(p.speak, p.io.columns(p.io.out)))
}

// agree refuses flags that do not go together.
func agree(c *cli.Context, app mail.Program, address string) error {
	test, saved := c.Bool("test"), c.IsSet("report")
	switch {
	case test && saved:
		return usage("Give one of them.", "--test and --report are two sources for the same values.")
	case saved && c.IsSet("provider"):
		return usage("Leave it out.", "--provider has no meaning beside --report: the report says whose settings were tested.")
	case c.Bool("force") && !c.IsSet("files"):
		return usage("Name a folder as well:  --files FOLDER", "--force is for files, and none are written.")
	case c.IsSet("files") && !app.HasFiles():
		return usage(say.With("There are files for %s.", withFiles()), "%s takes no file that could be written for it.", say.Text(app.Title))
	case c.String("files") == "-" && c.Bool("json"):
		return usage("Give one of them: the document of --json holds the file.", "--files - and --json both print.")
	case address == "" && !saved && (test || c.IsSet("files")):
		return usage(say.With("mailmedic settings you@example.net --app %s", app.Name), "An address is needed for that.")
	}
	if test {
		return nil
	}
	for _, flag := range append(trialFlags(), "login") {
		if c.IsSet(flag) {
			return usage("Add --test to test now.", "%s is for a test, and there is none.", dashed(flag))
		}
	}
	return nil
}

func withFiles() say.Text {
	var names []string
	for _, m := range mail.All() {
		if m.HasFiles() {
			names = append(names, m.Name)
		}
	}
	return say.List(names)
}

// basis gets the values: from a run now, from a saved one, or from the provider's page.
func (p *program) basis(c *cli.Context, address string) (basis, error) {
	if c.IsSet("report") {
		return p.fromReport(c.String("report"), address)
	}
	chosen, because, err := chooseProfile(c, address)
	if err != nil {
		return basis{}, err
	}
	b := basis{profile: chosen, guessed: because == evidence.Undecided && address != "", again: "mailmedic check " + address}
	if !c.Bool("test") {
		b.settings = checks.Published(chosen, address)
		return b, nil
	}
	e, err := p.trial(c, chosen, because, address)
	if err != nil {
		return basis{}, err
	}
	b.settings, b.missing = checks.Advised(e)
	b.profile = behind(e, b.settings)
	return b, nil
}

// fromReport takes the values from a saved report.
func (p *program) fromReport(name, address string) (basis, error) {
	document, err := p.load(name)
	if err != nil {
		return basis{}, err
	}
	r, err := report.Read(document)
	if err != nil {
		return basis{}, fail(exitData, "A report is what  mailmedic check --json  prints, whole and unchanged.", "%s cannot be read: %s", visible(name), visible(err.Error()))
	}
	if r.Evidence == nil {
		return basis{}, fail(exitData, "Without --report the provider's own settings are shown.", "%s holds no evidence: that run could not start.", visible(name))
	}
	switch of := r.Evidence.Account.Address; {
	case report.Hidden(of) && address == "":
		return basis{}, usage(say.With("mailmedic settings you@example.net --report %s", visible(name)), "The report hides whose it is, so the address is needed here.")
	case report.Hidden(of) && report.Reveal(r.Evidence, address):
	case of == "" && address == "":
		return basis{}, usage(say.With("mailmedic settings you@example.net --report %s", visible(name)), "The report is of no address, so one is needed here.")
	case of == "":
		r.Evidence.Account.Address = address
	case address != "" && address != of:
		return basis{}, usage("Leave the address out.", "The report is of %s, not of %s.", quoted(of), quoted(address))
	}
	b := basis{again: "mailmedic report read " + visible(name)}
	b.settings, b.missing = checks.Advised(r.Evidence)
	b.profile = behind(r.Evidence, b.settings)
	if len(b.missing) == 0 && (report.Hidden(b.settings.Receiving.Login) || report.Hidden(b.settings.Sending.Login)) {
		return b, fail(exitData, "Add --test in place of --report to test now.", "%s hides the login name that worked, and it is no form of your address.", visible(name))
	}
	return b, nil
}

// behind is the profile that settings are of: the newer one, where those were seen working.
func behind(e *evidence.Evidence, s mail.Settings) profile.Profile {
	older := slices.ContainsFunc(e.Profile.Paths, func(p profile.Path) bool { return p.Host == s.Receiving.Host && p.Port == s.Receiving.Port })
	if e.Successor == nil || older || s.Receiving.Host == "" {
		return e.Profile
	}
	return e.Successor.Profile
}

// trial tests now, as check does. Nobody is asked for a password: it has to have a source.
func (p *program) trial(c *cli.Context, chosen profile.Profile, because evidence.Because, address string) (*evidence.Evidence, error) {
	j := job{profile: chosen, progress: p.progressStyle(progressAuto, p.accessible(c))}
	var err error
	if j.options, err = probeOptions(c, chosen); err != nil {
		return nil, err
	}
	j.options.Account = profile.Account{Address: address, Login: c.String("login"), Kind: chosen.Kind(address)}
	if j.options.Roots, err = trusted(p.io.env, c.String("ca-file")); err != nil {
		return nil, err
	}
	j.options.ProfileBecause, j.options.Proxies = because, proxies(p.io.env)
	j.options.ID, j.options.Version, j.options.Mode = runID(), version, p.mode(c)
	if err := p.comparisons(c, &j); err != nil {
		return nil, err
	}
	j.report = report.Options{FailOn: "warning", KnownIssues: knownIssues}
	j.options.NoLogin = noPassword
	if slices.ContainsFunc(passwordFlags(), c.IsSet) {
		if j.creds.Password, j.options.NoLogin, err = p.password(c, who(j.options.Account), held{}); err != nil {
			return nil, err
		}
	}
	e, r, err := p.watch(c.Context, j)
	if err != nil {
		return nil, err
	}
	remember(j.memory, e, r)
	if e.Run.Ended == evidence.Stopped {
		return nil, stopped()
	}
	return e, nil
}

// newGuide is what the app calls the settings, and what the provider says about the app.
// Sentences are for the person, in their language; what scripts compare is in English.
func newGuide(speak *messages.Speaker, app mail.Program, b basis) guide {
	g := guide{
		App: app.Name, Title: speak.Recorded(app.Title), Begin: app.Begin.String(), Told: []string{}, Report: b.settings.Seen.Report,
		Steps: []step{}, Notes: []string{}, Files: []made{},
	}
	for _, told := range b.settings.Told() {
		g.Told = append(g.Told, speak.Say(told))
	}
	for _, s := range app.Guide(b.settings) {
		g.Steps = append(g.Steps, step{s.Field, s.Where, s.Value.String(), speak.Say(s.Remark), speak.Say(s.Value)})
	}
	for _, issue := range b.profile.Issues {
		if !concerns(app, issue) {
			continue
		}
		note := issue.Code + ": " + speak.Recorded(issue.Title) + "."
		if here := app.Note(issue.Code); here != "" {
			note += " " + speak.Say(here)
		}
		g.Notes = append(g.Notes, note)
	}
	return g
}

// concerns tells whether one of the provider's known issues is about this app, or about a
// setting that it has.
func concerns(app mail.Program, issue profile.Issue) bool {
	switch issue.Code {
	case "MM958":
		return app.Where(mail.CheckInterval) != ""
	case "MM959":
		return app.Where(mail.SyncsAll) != "" || app.Where(mail.Searches) != ""
	}
	return slices.Contains(issue.Apps, app.Name)
}
