package main

import (
	"fmt"
	"strings"
)

const fishBegin = `
function __mailmedic_starts
    test (count (commandline -opc)) -eq 1
end

function __mailmedic_in
    set -l words (commandline -opc)
    test (count $words) -gt 1; and test "$words[2]" = $argv[1]
end

# How many arguments stand behind the command and before the cursor.
function __mailmedic_arguments
    set -l words (commandline -opc)
    set -l taking
    switch "$words[2]"
`

const fishWalk = `    end
    set -e words[1..2]
    set -l count 0
    set -l value no
    set -l only no
    for word in $words
        if test $value = yes
            set value no
        else if test $only = no; and test "$word" = --
            set only yes
        else if test $only = no; and string match -q -- '-?*' "$word"
            contains -- "$word" $taking; and set value yes
        else
            set count (math $count + 1)
        end
    end
    echo $count
end

complete -c mailmedic -f
complete -c mailmedic -n __mailmedic_starts -s h -l help -d 'list the commands'
complete -c mailmedic -n __mailmedic_starts -s V -l version -d 'print the version'
`

// fishScript completes in fish.
func fishScript(verbs []verb) string {
	var b strings.Builder
	b.WriteString(scriptHead("#", "fish"))
	b.WriteString(fishBegin)
	for _, v := range verbs {
		if taking := v.taking(); len(taking) > 0 {
			fmt.Fprintf(&b, "        case %s\n            set taking %s\n", v.name, strings.Join(taking, " "))
		}
	}
	b.WriteString(fishWalk)
	for _, c := range choices(verbs) {
		fmt.Fprintf(&b, "\nfunction __mailmedic_is_%s\n    printf '%%s\\t%%s\\n'", c.name)
		for _, w := range c.words {
			fmt.Fprintf(&b, " \\\n        %s %s", w.name, fishQuoted(w.text))
		}
		b.WriteString("\nend\n")
	}
	for _, v := range verbs {
		fmt.Fprintf(&b, "\ncomplete -c mailmedic -n __mailmedic_starts -a %s -d %s\n", v.name, fishQuoted(v.text))
		b.WriteString(fishArgument(v, "-eq 0", v.first))
		b.WriteString(fishArgument(v, "-gt 0", v.further))
		for _, o := range v.flags {
			b.WriteString(fishFlag(v, o))
		}
	}
	return b.String()
}

func fishArgument(v verb, count string, c choice) string {
	if len(c.words) == 0 && !c.files {
		return ""
	}
	return fmt.Sprintf("complete -c mailmedic -n '__mailmedic_in %s; and test (__mailmedic_arguments) %s'%s\n",
		v.name, count, fishChoice(c))
}

func fishFlag(v verb, o option) string {
	line := fmt.Sprintf("complete -c mailmedic -n '__mailmedic_in %s'", v.name)
	for _, name := range o.names {
		if long, ok := strings.CutPrefix(name, "--"); ok {
			line += " -l " + long
		} else {
			line += " -s " + strings.TrimPrefix(name, "-")
		}
	}
	if o.value != "" {
		line += " -r" + fishChoice(o.choice)
		if !o.choice.files {
			line += " -f"
		}
	}
	return line + " -d " + fishQuoted(o.text) + "\n"
}

// fishChoice is what can stand in a place.
func fishChoice(c choice) string {
	text := ""
	if c.files {
		text += " -F"
	}
	switch {
	case c.folders:
		text += " -a '(__fish_complete_directories (commandline -ct))'"
	case c.list:
		text += " -a '(__fish_append , (__mailmedic_is_" + c.name + "))'"
	case c.more:
		text += " -a '(__mailmedic_is_" + c.name + " | string replace -r \"\\t.*\" =)'"
	case len(c.words) > 0:
		text += " -ka '(__mailmedic_is_" + c.name + ")'"
	}
	return text
}

func fishQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
