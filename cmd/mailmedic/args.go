package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

// line is a command line in the order in which cli reads it: the command, then its
// flags, then its arguments. By itself cli stops at the first argument and takes every
// flag behind it for another one, so "check a@b.example --json" would not print JSON.
type line struct {
	command   *cli.Command // nil when no command was named
	flags     []string
	arguments []string
	help      bool // --help stands somewhere; the rest does not count then
	version   bool // --version stands before any command
}

// argv is what cli is run with.
func (l line) argv(program string) []string {
	if l.command == nil {
		return []string{program}
	}
	argv := append([]string{program, l.command.Name}, l.flags...)
	argv = append(argv, "--")
	return append(argv, l.arguments...)
}

// arrange puts the words after the program's name in order. It also finds what cli
// would only report with its whole help text: flags that do not exist or lack a value.
func arrange(words []string, commands []*cli.Command) (line, error) {
	var l line
	if len(words) == 0 {
		return l, nil
	}
	switch first := words[0]; {
	case isHelp(first):
		l.help = true
		return l, nil
	case first == "-V" || first == "--version":
		l.version = true
		if len(words) > 1 {
			return l, surplus(first)
		}
		return l, nil
	case isPassword(first):
		return l, passwordTyped()
	case strings.HasPrefix(first, "-"):
		return l, usage("Write it after the command, as in:  mailmedic check you@example.net --no-login",
			"%s stands before the command.", flagName(first))
	}
	if l.command = command(words[0], commands); l.command == nil {
		return l, unknownCommand(words[0], commands)
	}
	return l.walk(words[1:])
}

// walk sorts the words after the command into flags and arguments.
func (l line) walk(words []string) (line, error) {
	l.help = asksForHelp(words)
	if l.help {
		return l, nil
	}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		switch {
		case word == "--":
			l.arguments = append(l.arguments, words...)
			return l, nil
		case word == "-" || !strings.HasPrefix(word, "-"):
			l.arguments = append(l.arguments, word)
			continue
		case isVerbose(word):
			for range word[1:] {
				l.flags = append(l.flags, "-v")
			}
			continue
		}

		flag := find(word, l.command.Flags)
		switch {
		case flag == nil && isPassword(word):
			return l, passwordTyped()
		case flag == nil && l.command.Name == "issues" && isNumber(word):
			l.arguments = append(l.arguments, word)
			continue
		case flag == nil:
			return l, unknownFlag(word, l.command)
		}
		name, value, hasValue := strings.Cut(word, "=")
		if !flag.TakesValue() {
			if hasValue && value != "true" && value != "false" {
				return l, usage(say.With("Write it alone:  %s", name), "%s takes no value.", name)
			}
			l.flags = append(l.flags, word)
			continue
		}
		if !hasValue {
			if len(words) == 0 || strings.HasPrefix(words[0], "-") && find(words[0], l.command.Flags) != nil {
				return l, usage(helpHint(l.command), "%s needs a value.", name)
			}
			value = words[0]
			words = words[1:]
		}
		if value == "" && !mayBeEmpty(name) {
			return l, usage(helpHint(l.command), "%s needs a value.", name)
		}
		l.flags = append(l.flags, name+"="+value)
	}
	return l, nil
}

// find looks a flag up as it was written: "--json", "--format=json", "-q".
func find(word string, flags []cli.Flag) cli.DocGenerationFlag {
	name := strings.TrimLeft(flagName(word), "-")
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			return f.(cli.DocGenerationFlag)
		}
	}
	return nil
}

// flagName cuts the value off, which may be a secret that was typed in the wrong place.
func flagName(word string) string {
	name, _, _ := strings.Cut(word, "=")
	return name
}

// mayBeEmpty tells whether an empty value means something: for a folder path it does,
// anywhere else it comes from a variable that a script forgot to set.
func mayBeEmpty(name string) bool {
	return strings.HasSuffix(name, "-path")
}

func isHelp(word string) bool { return word == "-h" || word == "--help" || word == "-help" }

// isVerbose knows -v, -vv and longer.
func isVerbose(word string) bool {
	return len(word) > 1 && word[0] == '-' && strings.Trim(word[1:], "v") == ""
}

// isPassword knows what people write who mean to give a password. Other programs take
// it right behind -p, so whatever stands there is not repeated.
func isPassword(word string) bool {
	return flagName(word) == "--password" || strings.HasPrefix(word, "-p")
}

// isNumber knows an error number, which is a word to search for: "-8172".
func isNumber(word string) bool {
	return len(word) > 1 && strings.Trim(word[1:], "0123456789") == ""
}

// asksForHelp looks for --help before a "--".
func asksForHelp(words []string) bool {
	if end := slices.Index(words, "--"); end >= 0 {
		words = words[:end]
	}
	return slices.ContainsFunc(words, isHelp)
}

// asksForCron looks for --cron before a "--". Nobody reads along then.
func asksForCron(words []string) bool {
	if end := slices.Index(words, "--"); end >= 0 {
		words = words[:end]
	}
	return slices.Contains(words, "--cron") || slices.Contains(words, "--cron=true")
}

// wanted is the machine's format that the line asks for anywhere, even if it cannot be
// understood otherwise: an error must then be written in it too. It is "" for people.
func wanted(words []string) string {
	for i, word := range words {
		switch name, value, _ := strings.Cut(word, "="); {
		case word == "--":
			return ""
		case word == "--json" || word == "-json" || word == "--json=true":
			return "json"
		case name != "--format" && name != "-f":
		case slices.Contains(forErrors(), value):
			return value
		case i+1 < len(words) && word == name && slices.Contains(forErrors(), words[i+1]):
			return words[i+1]
		}
	}
	return ""
}

// forErrors lists the formats that also say why a run could not start.
func forErrors() []string { return []string{"json", "jsonl", "junit"} }

func command(name string, commands []*cli.Command) *cli.Command {
	for _, c := range commands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

func unknownCommand(word string, commands []*cli.Command) error {
	if strings.Contains(word, "@") {
		return usage(say.With("To test an address:  mailmedic check %s", visible(word)), "%s is not a command.", visible(word))
	}
	var known []string
	for _, c := range commands {
		known = append(known, c.Name)
	}
	hint := say.With("The commands are: %s", strings.Join(known, ", "))
	if near := profile.Nearest(word, known); near != "" {
		hint = say.With("Did you mean:  mailmedic %s", near)
	}
	return usage(hint, "mailmedic has no command %s.", visible(word))
}

func unknownFlag(word string, c *cli.Command) error {
	name := flagName(word)
	var known []string
	for _, f := range c.Flags {
		for _, n := range f.Names() {
			known = append(known, dashed(n))
		}
	}
	hint := helpHint(c)
	if near := profile.Nearest(name, known); near != "" {
		hint = say.With("Did you mean %s?  All flags:  mailmedic %s --help", near, c.Name)
	}
	return usage(hint, "%s has no flag %s.", c.Name, visible(name))
}

func helpHint(c *cli.Command) say.Text { return say.With("All flags:  mailmedic %s --help", c.Name) }

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// surplus refuses the words behind something that stands alone.
func surplus(name string) error {
	return usage(say.With("Write it alone:  mailmedic %s", name), "%s takes no more words.", name)
}

func passwordTyped() error {
	return usage("Use --password-file FILE, --password-command CMD or --password-stdin.",
		"There is no --password: other programs and the shell's history would see it.")
}
