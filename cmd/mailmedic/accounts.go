package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/say"
	"mailmedic/probe"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/report"
	"mailmedic/report/messages"
)

// atATime is how many accounts are tested side by side. Each has one connection to a host,
// or two where one host does everything, so that they keep to the places of a host without
// waiting for each other.
const atATime = 8

// alone are the flags that speak of one account, or of one report, and make no sense beside
// a list.
func alone() []string {
	return []string{
		"login", "root-path", "sent-path", "drafts-path", "symptom", "app-port", "app", "client",
		"password-file", "password-stdin", "use-client-password", "output", "write", "redact", "account", "demo",
	}
}

// accounts tests the accounts of a list, prints a line for each as it finishes, and at last
// what they have in common.
func (p *program) accounts(c *cli.Context) error {
	j, list, err := p.accountsJob(c)
	if err != nil {
		return err
	}
	if c.Bool("dry-run") {
		return p.announceAccounts(j, list)
	}
	p.tellUnremembered(c, j, list)
	ctx, cancel := context.WithCancel(c.Context)
	defer cancel()
	out := newAccountsOutput(p.io, j, report.NewSummary(j.tool, len(list), time.Now()))
	began := time.Now()
	for a := range j.test(ctx, list) {
		out.add(a)
		if out.closed {
			cancel() // nobody reads on, so nobody is tested for
		}
	}
	out.summary.Close(time.Since(began), c.Context.Err() != nil)
	p.end = exit(out.summary.ExitCode)
	return out.end()
}

// tellUnremembered says, once for all, that rejected logins cannot be remembered.
func (p *program) tellUnremembered(c *cli.Context, j *accountsJob, list []listedAccount) {
	if c.Bool("no-memory") || !slices.ContainsFunc(list, j.logsIn) {
		return
	}
	if err := p.rejections(c, memoryFile(p.io.env)).usable(); err != nil {
		p.tell(unremembered(err))
	}
}

// accountsJob is a list of accounts, ready to be tested.
type accountsJob struct {
	command string // that gives a password where the list has none of its own, "" for none
	noLogin string
	quiet   bool // no line for an account that works
	tool    report.Tool
	format  string
	text    report.TextOptions
	places  *probe.Places
	speak   *messages.Speaker
	tenants map[string]*tenants // by the provider's name, or the file of its profile
}

// accountsJob reads the command line and the list.
func (p *program) accountsJob(c *cli.Context) (*accountsJob, []listedAccount, error) {
	if c.NArg() > 0 {
		return nil, nil, usage("Leave the address out.", "--accounts has the addresses in its file, and there is one more on the line.")
	}
	for _, flag := range alone() {
		if c.IsSet(flag) {
			return nil, nil, usage("The list has its own logins and password commands:  mailmedic help accounts", "--%s is for one account and does not go with --accounts.", flag)
		}
	}
	j := &accountsJob{
		format: c.String("format"), command: c.String("password-command"), tenants: map[string]*tenants{}, places: probe.NewPlaces(),
		quiet: c.Bool("quiet"), speak: p.speak,
		tool: report.Tool{Version: version, KnownIssues: knownIssues, Lang: string(p.speak.Language())},
	}
	if c.Bool("json") {
		j.format = "json"
	}
	if err := oneOf("--format", j.format, "text", "jsonl", "json"); err != nil {
		return nil, nil, err
	}
	if err := checkLooks(c); err != nil {
		return nil, nil, err
	}
	if _, err := p.howToTell(c); err != nil {
		return nil, nil, err
	}
	s := p.io.stdout(c.String("color"))
	j.text = report.TextOptions{Color: s.color, Width: s.width, ASCII: s.ascii, Theme: c.String("theme"), Spoken: p.accessible(c), Say: p.speak}
	if c.Bool("no-login") {
		j.noLogin = noLoginAsked
	}
	list, err := readAccounts(c.String("accounts"))
	if err != nil {
		return nil, nil, err
	}
	for i := range list {
		list[i].tenants, list[i].because = tenantsOf(c, list[i])
		if err := p.addTenants(c, j, list[i].tenants); err != nil {
			return nil, nil, err
		}
	}
	if err := noneTwice(list, func(a listedAccount) string { return latest(j.tenants[a.tenants].profile) }); err != nil {
		return nil, nil, unusableList(c.String("accounts"), err)
	}
	return j, list, nil
}

// latest is the name of a provider's newest instructions: whoever goes by the older ones has
// the same accounts.
func latest(p profile.Profile) string {
	return cmp.Or(p.Successor, p.Name)
}

// tenantsOf is the name of an account's provider, and what chose it.
func tenantsOf(c *cli.Context, a listedAccount) (string, evidence.Because) {
	switch {
	case a.Provider != "":
		return a.Provider, evidence.ByUser
	case c.String("provider") != "":
		return c.String("provider"), evidence.ByUser
	case profile.ForAddress(a.Address) != "":
		return profile.ForAddress(a.Address), evidence.ByDomain
	}
	return "runbox", evidence.Undecided
}

// addTenants makes ready for a provider, once for all its accounts.
func (p *program) addTenants(c *cli.Context, j *accountsJob, name string) error {
	if j.tenants[name] != nil {
		return nil
	}
	loaded, err := loadProfile(name)
	if err != nil {
		return err
	}
	if loaded, err = override(loaded, profile.Override{IMAPHost: c.String("imap-host"), SMTPHost: c.String("smtp-host"), Paths: c.StringSlice("path")}); err != nil {
		return err
	}
	o := job{profile: loaded}
	if o.options, err = probeOptions(c, loaded); err != nil {
		return err
	}
	if !c.IsSet("messages") {
		o.options.Messages = 0 // thousands of header fields of each of a thousand accounts are a load
	}
	if o.options.Roots, err = trusted(p.io.env, c.String("ca-file")); err != nil {
		return err
	}
	o.options.Proxies, o.options.Mode, o.options.Version = proxies(p.io.env), "batch", version
	if err := p.comparisons(c, &o); err != nil {
		return err
	}
	if o.report, err = p.reportOptions(c); err != nil {
		return err
	}
	o.rejections = p.rejections(c, o.memory)
	j.tenants[name] = newTenants(o, j.places)
	return nil
}

// test gives the outcome of each account as it finishes. After Ctrl-C no further account
// begins, and the channel closes when those that are under way have ended.
func (j *accountsJob) test(ctx context.Context, list []listedAccount) <-chan report.Account {
	todo, done := make(chan listedAccount), make(chan report.Account)
	go func() {
		defer close(todo)
		for _, a := range list {
			select {
			case todo <- a:
			case <-ctx.Done():
				return
			}
		}
	}()
	var workers sync.WaitGroup
	for range atATime {
		workers.Go(func() {
			for a := range todo {
				outcome := j.one(ctx, a)
				if ctx.Err() == nil {
					done <- outcome
				}
			}
		})
	}
	go func() {
		workers.Wait()
		for _, t := range j.tenants {
			t.remember()
		}
		close(done)
	}()
	return done
}

// one tests one account. Whatever happens to it, even a fault of mailmedic's own, stays with it.
func (j *accountsJob) one(ctx context.Context, a listedAccount) (outcome report.Account) {
	untested := func(code exit, message, hint say.Text) report.Account {
		return report.UntestedAccount(a.Address, a.Login, a.Provider, int(code), j.speak.Say(message), j.speak.Say(hint))
	}
	defer func() {
		if recover() != nil {
			outcome = untested(exitBug, "mailmedic itself broke and could not go on.", bugHint)
		}
	}()
	if j.logsIn(a) {
		if err := j.tenants[a.tenants].begin(); err != nil {
			f := asFailure(err)
			return untested(f.code, f.message, f.hint) // and no password is asked for
		}
		defer j.tenants[a.tenants].end()
	}
	creds, noLogin, err := j.password(ctx, a)
	if err != nil {
		f := asFailure(err)
		return untested(f.code, f.message, f.hint)
	}
	r, err := j.tenants[a.tenants].test(ctx, a, creds, noLogin)
	if err != nil {
		f := asFailure(err)
		return untested(f.code, f.message, f.hint)
	}
	return report.AccountOf(r)
}

// logsIn tells whether there is a command that gives the account's password.
func (j *accountsJob) logsIn(a listedAccount) bool {
	return j.noLogin == "" && (j.command != "" || a.Command != "")
}

// password runs the command that the list has for the account, or else that of the command
// line, which finds the account's names in its environment.
func (j *accountsJob) password(ctx context.Context, a listedAccount) (probe.Credentials, string, error) {
	command := a.Command
	if command == "" {
		command = j.command
	}
	switch {
	case j.noLogin != "":
		return probe.Credentials{}, j.noLogin, nil
	case command == "":
		return probe.Credentials{}, noPassword, nil
	}
	secret, err := passwordCommand(ctx, command, "MAILMEDIC_ADDRESS="+a.Address, "MAILMEDIC_LOGIN="+a.Login)
	return probe.Credentials{Password: secret}, "", err
}

// announceAccounts prints what testing a list would do, in English as every plan.
func (p *program) announceAccounts(j *accountsJob, list []listedAccount) error {
	var text string
	for _, t := range j.tenants {
		text += "once for all accounts of one provider:\n" + probe.SurveyPlan(t.profile, t.options).String()
	}
	text += fmt.Sprintf("then %d accounts, %d at a time: run the password command, log in on one path for each direction, look at the folders\n", len(list), atATime)
	var shown strings.Builder
	for line := range strings.Lines(text) {
		shown.WriteString(visible(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return p.io.print([]byte(fold(shown.String(), j.text.Width)))
}

// accountsOutput writes the outcomes of many accounts as they come.
type accountsOutput struct {
	io      stdio
	job     *accountsJob
	summary *report.Summary
	closed  bool  // nothing more can be written
	failed  error // why, unless the reader has gone
}

func newAccountsOutput(io stdio, j *accountsJob, s *report.Summary) *accountsOutput {
	o := &accountsOutput{io: io, job: j, summary: s}
	if j.format == "json" {
		o.print(`{"schema":"mailmedic/accounts","schema_version":"1.0","accounts":[`)
	}
	return o
}

func (o *accountsOutput) print(text string) {
	if o.closed {
		return
	}
	if _, err := o.io.out.WriteString(text); err != nil {
		o.closed, o.failed = true, writeFailure(err)
	}
}

// add counts an outcome and writes its line. Of JSON, one document grows line by line.
func (o *accountsOutput) add(a report.Account) {
	between := "\n"
	if o.summary.Tested > 0 {
		between = ",\n"
	}
	o.summary.Add(a)
	switch o.job.format {
	case "json":
		o.print(between + jsonLine(a))
	case "jsonl":
		o.print(jsonLine(a) + "\n")
	default:
		if o.job.quiet && a.Verdict.Status == report.OK {
			return
		}
		o.print(report.AccountLine(a, o.job.text))
	}
}

// end writes the summary.
func (o *accountsOutput) end() error {
	switch o.job.format {
	case "json":
		o.print("\n],\"summary\":" + jsonLine(o.summary) + "}\n")
	case "jsonl":
		o.print(jsonLine(o.summary) + "\n")
	default:
		o.print(report.SummaryText(o.summary, o.job.text))
	}
	return o.failed
}

// jsonLine is a value as JSON on one line. Those that are written here can always be encoded.
func jsonLine(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(report.EscapeHidden(data))
}
