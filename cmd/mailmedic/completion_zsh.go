package main

import (
	"fmt"
	"strings"
)

const zshEnd = `
_mailmedic() {
	local curcontext=$curcontext state line
	typeset -A opt_args
	_arguments -C -S \
		'(- *)'{-h,--help}'[list the commands]' \
		'(- *)'{-V,--version}'[print the version]' \
		'1:command:_mailmedic-commands' \
		'*::argument:->behind' && return
	if [[ $state == behind && -n $functions[_mailmedic-of-$line[1]] ]]; then
		curcontext=${curcontext%:*:*}:mailmedic-$line[1]:
		_mailmedic-of-$line[1]
	fi
}

# As a file of $fpath it is run at the first Tab, with "source" it is not.
if [[ $funcstack[1] == _mailmedic ]]; then
	_mailmedic "$@"
else
	compdef _mailmedic mailmedic
fi
`

// zshScript completes in zsh.
func zshScript(verbs []verb) string {
	var b strings.Builder
	b.WriteString("#compdef mailmedic\n" + scriptHead("#", "zsh"))
	b.WriteString("\n_mailmedic-commands() {\n\tlocal -a words=(\n")
	for _, v := range verbs {
		fmt.Fprintf(&b, "\t\t%s\n", zshQuoted(v.name+":"+v.text))
	}
	b.WriteString("\t)\n\t_describe -t commands command words \"$@\"\n}\n")
	for _, c := range choices(verbs) {
		zshWords(&b, c)
	}
	for _, v := range verbs {
		fmt.Fprintf(&b, "\n_mailmedic-of-%s() {\n\t_arguments -S", v.name)
		for _, o := range v.flags {
			b.WriteString(" \\\n\t\t" + zshFlag(o))
		}
		b.WriteString(zshArgument("1", v.first) + zshArgument("*", v.further) + "\n}\n")
	}
	b.WriteString(zshEnd)
	return b.String()
}

// zshWords is the function that offers a list, with what it is called as its tag.
func zshWords(b *strings.Builder, c choice) {
	fmt.Fprintf(b, "\n_mailmedic-is-%s() {\n\tlocal -a words=(\n", c.name)
	for _, w := range c.words {
		line := w.name
		if w.text != "" {
			line += ":" + w.text
		}
		fmt.Fprintf(b, "\t\t%s\n", zshQuoted(line))
	}
	fmt.Fprintf(b, "\t)\n\t_describe -t %s %s words \"$@\"\n}\n", c.name, c.name)
}

// zshFlag is one line of _arguments, for all spellings of a flag.
func zshFlag(o option) string {
	var names []string
	for _, name := range o.names {
		if o.value != "" && strings.HasPrefix(name, "--") {
			name += "="
		}
		names = append(names, name)
	}
	text := "[" + strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`).Replace(o.text) + "]"
	if o.value != "" {
		text += ":" + strings.ReplaceAll(o.value, ":", `\:`) + ":" + zshAction(o.choice)
	}
	only, spelled := "", names[0]
	switch {
	case o.repeats:
		only = "'*'"
	case len(names) > 1:
		only = "'(" + strings.Join(o.names, " ") + ")'"
	}
	if len(names) > 1 {
		spelled = "{" + strings.Join(names, ",") + "}"
	}
	return only + spelled + zshQuoted(text)
}

func zshArgument(place string, c choice) string {
	if len(c.words) == 0 && !c.files {
		return " \\\n\t\t" + zshQuoted(place+":argument: ")
	}
	name := c.name
	if name == "" {
		name = "file"
	}
	return " \\\n\t\t" + zshQuoted(place+":"+name+":"+zshAction(c))
}

// zshAction says what completes a place. A blank stands for a text that nobody can know.
func zshAction(c choice) string {
	offer := "_mailmedic-is-" + c.name
	behind := "_message text"
	if c.files {
		behind = "_files"
	}
	switch {
	case c.folders:
		return "_path_files -/"
	case len(c.words) == 0 && c.files:
		return "_files"
	case len(c.words) == 0:
		return " "
	case c.list:
		return "_sequence " + offer
	case c.more:
		return "{if compset -P '*='; then " + behind + "; else " + offer + " -S=; fi}"
	case c.files:
		return "{" + offer + "; _files}"
	}
	return offer
}

func zshQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
