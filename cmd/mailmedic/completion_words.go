package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/pages"
	mail "mailmedic/checks/program"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
	"mailmedic/report"
)

// verb is a command as a shell completes it.
type verb struct {
	name    string
	text    string
	flags   []option
	first   choice // its first argument
	further choice // and those behind it
}

// option is a flag in all its spellings: "-f", "--format".
type option struct {
	names   []string
	text    string
	value   string // what the value is called, empty for a flag without one
	repeats bool
	choice  choice // of values
}

// choice is what can stand in one place. The zero choice is any text.
type choice struct {
	name    string // of the words, which scripts list once
	words   []offer
	list    bool // a comma and another word may follow
	more    bool // "=" follows the word, and then something else
	files   bool // or a file; behind the "=" where there is one
	folders bool
}

type offer struct{ name, text string }

// verbs makes the shells' view of the commands.
func verbs(commands []*cli.Command) ([]verb, error) {
	known, err := lookUp(commands)
	if err != nil {
		return nil, err
	}
	var all []verb
	for _, c := range commands {
		v := verb{name: c.Name, text: c.Usage}
		v.first, v.further = known.arguments(c.Name)
		for _, f := range c.Flags {
			v.flags = append(v.flags, known.option(c.Name, f))
		}
		v.flags = append(v.flags, option{names: []string{"-h", "--help"}, text: "explain this command"})
		all = append(all, v)
	}
	return all, nil
}

// vocabulary is every list of words that is not written down beside its flag.
type vocabulary struct {
	codes, paths, providers, apps, guided, scenarios, topics choice
}

func lookUp(commands []*cli.Command) (vocabulary, error) {
	v := vocabulary{topics: choice{name: "topic"}}
	for _, topic := range topics() {
		v.topics.words = append(v.topics.words, offer{name: topic})
	}
	for _, c := range commands {
		v.topics.words = append(v.topics.words, offer{c.Name, c.Usage})
	}
	v.scenarios.name = "scenario"
	for _, s := range mailtest.Scenarios() {
		v.scenarios.words = append(v.scenarios.words, offer{s.Name, s.Title})
	}
	v.guided.name = "app-with-guide"
	for _, app := range mail.All() {
		v.guided.words = append(v.guided.words, offer{app.Name, app.Title})
	}
	v.codes.name = "code"
	all, err := pages.All()
	for _, page := range all {
		v.codes.words = append(v.codes.words, offer{page.Code, page.Title})
	}
	if err != nil {
		return v, err
	}
	return v, v.provide()
}

// provide takes the words that come with the built-in providers.
func (v *vocabulary) provide() error {
	v.providers = choice{name: "provider", files: true}
	v.paths.name = "path"
	v.apps = choice{name: "app", words: slices.Clone(v.guided.words)}
	for _, name := range profile.BuiltIn() {
		p, err := profile.Load(name)
		if err != nil {
			return profileFailure(err)
		}
		v.providers.words = append(v.providers.words, offer{name, p.Title})
		for _, path := range p.Paths {
			v.paths.add(path.ID())
		}
		for _, app := range apps(p) {
			v.apps.add(app)
		}
	}
	return nil
}

// add puts a word into the list that is not there yet.
func (c *choice) add(name string) {
	if !slices.ContainsFunc(c.words, func(w offer) bool { return w.name == name }) {
		c.words = append(c.words, offer{name: name})
	}
}

// arguments are what a command takes besides flags.
func (v vocabulary) arguments(command string) (first, further choice) {
	files := choice{files: true}
	switch command {
	case "client":
		return files, files
	case "explain":
		return v.codes, v.codes
	case "report":
		return choose("report-verb", "read", "compare", "bundle"), files
	case "demo":
		return v.scenarios, choice{}
	case "help":
		return v.topics, choice{}
	case "completion":
		return choose("shell", shells()...), choice{}
	}
	return choice{}, choice{}
}

func (v vocabulary) option(command string, f cli.Flag) option {
	o := option{names: spellings(f)}
	o.value, o.text = placeholder(f.(cli.DocGenerationFlag).GetUsage())
	switch f := f.(type) {
	case *cli.StringSliceFlag:
		o.repeats = true
	case *cli.BoolFlag:
		o.repeats = f.Count != nil
	}
	if o.value != "" {
		o.choice = v.values(command, f.Names()[0], o.value)
	}
	return o
}

// values are what a flag takes. Any text fits where no list is known.
func (v vocabulary) values(command, flag, value string) choice {
	switch flag {
	case "format":
		return choose("format", formats()...)
	case "write":
		return choice{name: "format", words: choose("format", formats()...).words, more: true, files: true}
	case "fail-on":
		return choose("threshold", thresholds()...)
	case "lang":
		return choose("language", tags()...)
	case "theme":
		return choose("theme", report.Themes()...)
	case "redact":
		return choose("level", report.Levels()...)
	case "color":
		return choose("coloring", colorings()...)
	case "progress":
		return choose("progress", progressStyles()...)
	case "symptom":
		return choose("symptom", symptoms()...)
	case "client":
		return choice{name: "client", words: []offer{{name: "auto"}}, files: true}
	case "local-fault":
		return choose("local-fault", localFaults()...)
	case "demo":
		return choice{name: "demo", words: append([]offer{{listDemos, "list them"}}, v.scenarios.words...)}
	case "provider":
		return v.providers
	case "ignore":
		return v.codes
	case "app-port", "allow-unverified":
		return v.paths
	case "paths":
		return choice{name: v.paths.name, words: v.paths.words, list: true}
	case "connect":
		return choice{name: v.paths.name, words: v.paths.words, more: true}
	}
	switch {
	case flag == "app" && command == "settings":
		return v.guided
	case flag == "app":
		return v.apps
	case flag == "path" && command == "explain":
		return v.paths
	case value == "FILE":
		return choice{files: true}
	case value == "FOLDER":
		return choice{folders: true}
	}
	return choice{}
}

func choose(name string, words ...string) choice {
	c := choice{name: name}
	for _, w := range words {
		c.add(w)
	}
	return c
}

// choices are the lists of words of all commands, each once.
func choices(verbs []verb) []choice {
	var all []choice
	add := func(c choice) {
		if c.name != "" && !slices.ContainsFunc(all, func(known choice) bool { return known.name == c.name }) {
			all = append(all, c)
		}
	}
	for _, v := range verbs {
		add(v.first)
		add(v.further)
		for _, o := range v.flags {
			add(o.choice)
		}
	}
	return all
}

func (c choice) spelled() []string {
	var names []string
	for _, w := range c.words {
		names = append(names, w.name)
	}
	return names
}

// taking are the spellings of the flags that take a value.
func (v verb) taking() []string {
	var names []string
	for _, o := range v.flags {
		if o.value != "" {
			names = append(names, o.names...)
		}
	}
	return names
}
