package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/clientconf"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

const clientNotes = `Without FILE it looks where Thunderbird, mutt, mbsync, msmtp, OfflineIMAP, aerc, himalaya and Evolution keep their settings. FILE may also be an Apple configuration profile (.mobileconfig), an Outlook .prf file, or an export of K-9 or Thunderbird for Android. Files are only read, and nothing is contacted; mailmedic check --client compares with what the servers answer. Exit codes: 0 nothing differs, 1 something should be changed, 2 the program cannot work so; a file that is named and cannot be read ends with 65 or 66, and the others are read all the same.`

func clientFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "provider", Usage: "`NAME` compare with this built-in provider, or the file of a profile"},
		&cli.BoolFlag{Name: "json", Usage: "print JSON"},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "show every setting that was read"},
	}
}

// clientPlace is where mail programs of this user keep their settings.
func clientPlace(env func(string) string) clientconf.Place {
	home, _ := os.UserHomeDir() // empty where there is none, and then nothing is found
	return clientconf.Place{OS: runtime.GOOS, Home: home, Config: env("XDG_CONFIG_HOME"), AppData: env("APPDATA")}
}

// settingsFile is a file with the accounts in it, beside what is wrong with them.
type settingsFile struct {
	File     string  `json:"file"`
	Program  string  `json:"program"`
	Error    string  `json:"error"` // why nothing, or not all of it, could be read
	Accounts []setUp `json:"accounts"`
	missing  bool    // the file is not there
}

// setUp is one account of a mail program.
type setUp struct {
	evidence.Client
	Provider    string       `json:"provider"` // the profile that it was compared with, empty for none
	Title       string       `json:"provider_title"`
	Differences []difference `json:"differences"`
}

// difference is checks.Difference as JSON has it.
type difference struct {
	Code       checks.Code     `json:"code"`
	Severity   checks.Severity `json:"severity"`
	Confidence checks.Sure     `json:"confidence"`
	Field      string          `json:"field"`
	Title      string          `json:"title"`
	Found      string          `json:"found"` // in English, as scripts know it
	Wanted     string          `json:"wanted"`
	Why        string          `json:"why"`
	Where      string          `json:"where"`

	found, wanted string // in the user's language
}

// clientDocument is what client prints as JSON.
type clientDocument struct {
	Schema   string         `json:"schema"`
	ExitCode int            `json:"exit_code"`
	Files    []settingsFile `json:"files"`
}

// client reads the settings of mail programs and compares them with what the provider asks.
func (p *program) client(c *cli.Context) error {
	named, err := namedProvider(c)
	if err != nil {
		return err
	}
	d := clientDocument{Schema: "mailmedic/client", Files: []settingsFile{}}
	for _, f := range foundFiles(c.Args().Slice(), clientPlace(p.io.env)) {
		d.Files = append(d.Files, p.settingsIn(f, named, c.NArg() > 0))
	}
	if len(d.Files) == 0 {
		return fail(exitNoInput, "Name a file:  mailmedic client FILE   or compare by hand:  mailmedic settings", "No settings of a mail program were found in the usual places.")
	}
	end := clientExit(d.Files, c.NArg() > 0)
	d.ExitCode = int(end)
	if c.Bool("json") {
		err = p.printJSON(d)
	} else {
		err = p.io.say(d.text(p.speak, c.Bool("verbose")))
	}
	p.end = end
	return err
}

// namedProvider is the profile of --provider, or nil.
func namedProvider(c *cli.Context) (*profile.Profile, error) {
	if !c.IsSet("provider") {
		return nil, nil
	}
	p, err := loadProfile(c.String("provider"))
	return &p, err
}

// foundFiles reads the files that were named, or looks in the usual places.
func foundFiles(named []string, place clientconf.Place) []clientconf.Found {
	if len(named) == 0 {
		return clientconf.Find(place)
	}
	var found []clientconf.Found
	for _, name := range named {
		found = append(found, clientconf.Read(name, place))
	}
	return found
}

// settingsIn holds each account of a file against its provider. Accounts of a file that the
// user named are compared with the provider that they named, whosever they are.
func (p *program) settingsIn(f clientconf.Found, named *profile.Profile, explicit bool) settingsFile {
	s := settingsFile{File: f.File, Program: f.Program, Accounts: []setUp{}}
	if f.Err != nil {
		s.Error, s.missing = p.speak.Say(reason(f.Err)), errors.Is(f.Err, fs.ErrNotExist)
	}
	for _, account := range f.Accounts {
		of, ok := providerOf(account, named, explicit)
		one := setUp{Client: account, Differences: []difference{}}
		if ok {
			one.Provider, one.Title = of.Name, of.Title
		}
		e := &evidence.Evidence{Profile: of, Account: profile.Account{Address: account.Address, Kind: of.Kind(account.Address)}}
		for _, d := range checks.Differences(e, account) {
			one.Differences = append(one.Differences, difference{
				d.Code, d.Severity, cmp.Or(d.Sure, checks.Certain), string(d.Field), p.speak.Say(d.Field.Title()), d.Found.String(), d.Wanted.String(), p.speak.Say(d.Why), d.Where,
				p.speak.Say(d.Found), p.speak.Say(d.Wanted),
			})
		}
		s.Accounts = append(s.Accounts, one)
	}
	return s
}

// reason is an error in one line, in the words of people where they are known. The others
// are those of the system, or name a place in a file in the words of its format.
func reason(err error) say.Text {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "it may not be read"
	}
	return say.Verbatim(strings.ReplaceAll(err.Error(), "\n", "; "))
}

// reason is reason in the user's language, with nothing in it that cannot be seen.
func (p *program) reason(err error) string { return visible(p.speak.Say(reason(err))) }

// providerOf finds whose account it is: by its servers, or else by its address. Of several
// built-in profiles for one provider it is the one that has these servers.
func providerOf(c evidence.Client, named *profile.Profile, explicit bool) (profile.Profile, bool) {
	if named != nil {
		if explicit || hasHost(*named, c) || named.Kind(c.Address) == profile.Own || anyOwn(*named, c) {
			return *named, true
		}
		return profile.Profile{}, false
	}
	var all []profile.Profile
	for _, name := range profile.BuiltIn() {
		if p, err := profile.Load(name); err == nil {
			all = append(all, p)
		}
	}
	for _, fits := range []func(profile.Profile) bool{
		func(p profile.Profile) bool { return hasHost(p, c) },
		func(p profile.Profile) bool { return p.Kind(c.Address) == profile.Own || anyOwn(p, c) },
	} {
		if at := slices.IndexFunc(all, fits); at >= 0 {
			return all[at], true
		}
	}
	return profile.Profile{}, false
}

// hasHost tells whether a server of the account is one of the profile's.
func hasHost(p profile.Profile, c evidence.Client) bool {
	return slices.ContainsFunc(serversOf(c), func(s evidence.ClientServer) bool { return isHost(p, s.Host) })
}

// anyOwn tells whether a server of the account is in one of the provider's own domains.
func anyOwn(p profile.Profile, c evidence.Client) bool {
	return slices.ContainsFunc(serversOf(c), func(s evidence.ClientServer) bool { return inDomain(p, s.Host) })
}

func isHost(p profile.Profile, host string) bool {
	return slices.ContainsFunc(p.Paths, func(path profile.Path) bool { return strings.EqualFold(path.Host, host) })
}

func inDomain(p profile.Profile, host string) bool {
	return slices.ContainsFunc(p.Domains, func(domain string) bool { return strings.HasSuffix("."+strings.ToLower(host), "."+domain) })
}

func serversOf(c evidence.Client) []evidence.ClientServer {
	var list []evidence.ClientServer
	for _, s := range []*evidence.ClientServer{c.Receiving, c.Sending} {
		if s != nil {
			list = append(list, *s)
		}
	}
	return list
}

// clientExit is the exit code: of a file that was named and cannot be read first, then of
// the heaviest difference. A file that was only found by looking is worth a warning.
func clientExit(files []settingsFile, explicit bool) exit {
	end := exitOK
	for _, f := range files {
		switch {
		case f.Error != "" && explicit && f.missing:
			end = max(end, exitNoInput)
		case f.Error != "" && explicit:
			end = max(end, exitData)
		case f.Error != "":
			end = max(end, exitWarning)
		}
		for _, a := range f.Accounts {
			for _, d := range a.Differences {
				end = max(end, map[checks.Severity]exit{checks.Warning: exitWarning, checks.Fault: exitProblem}[d.Severity])
			}
		}
	}
	return end
}
