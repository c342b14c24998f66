package main

import (
	"fmt"
	"strings"
)

// Readline breaks words at "=" and ":", which stand inside of ours, so they are put together
// again first; what readline has already behind it is cut off the replies. Files are left to
// readline, which knows about blanks and "~". The bash of macOS has no compopt.
const bashBegin = `
_mailmedic() {
	local IFS=$' \t\n' words=() word rest=$COMP_LINE i
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $i -gt 0 && -n $word && ${rest:0:${#word}} == "$word" ]]; then
			words[${#words[@]} - 1]+=$word
		else
			words+=("$word")
		fi
		rest=${rest#*"$word"}
	done
	local cur=${words[${#words[@]} - 1]} behind=
	case ${COMP_WORDS[COMP_CWORD]} in
	'') ;;
	= | :) behind=$cur ;;
	*) behind=${cur%"${COMP_WORDS[COMP_CWORD]}"} ;;
	esac

	local command=${words[1]} flags= taking=
	if ((${#words[@]} < 3)); then
		command=
	fi
	case $command in
`

const bashWalk = `	*)
		return
		;;
	esac

	local flag= only= arguments=0 typed=$cur before=
	for ((i = 2; i < ${#words[@]} - 1; i++)); do
		word=${words[i]}
		if [[ -n $flag ]]; then
			flag=
		elif [[ -n $only || $word != -?* ]]; then
			arguments=$((arguments + 1))
		elif [[ $word == -- ]]; then
			only=yes
		elif [[ " $taking " == *" $word "* ]]; then
			flag=$word
		fi
	done
	if [[ -z $flag && -z $only && $cur == -*=* ]]; then
		flag=${cur%%=*} typed=${cur#*=} before=${cur%%=*}=
	elif [[ -z $flag && -z $only && $cur == -* ]]; then
		flag=flags
	fi
	if [[ -z $flag && $arguments -gt 0 ]]; then
		flag=further
	fi

	local choices= then= list= files= folders=
`

const bashPlaces = `	case "$command $flag" in
	' '* | *' flags') choices=$flags ;;
`

const bashEnd = `	esac

	if [[ -n $list && $typed == *,* ]]; then
		before=$before${typed%,*}, typed=${typed##*,}
	fi
	if [[ -n $then && $typed == *=* ]]; then
		before=$before${typed%%=*}= typed=${typed#*=} choices=
	elif [[ -n $then ]]; then
		files=
	fi
	for word in $choices; do
		word=$word$then
		if [[ $word == -* && $typed != -* ]]; then
			continue
		elif [[ $word == "$typed"* ]]; then
			word=$before$word
			COMPREPLY+=("${word#"$behind"}")
		fi
	done
	if [[ -n $then$list && ${#COMPREPLY[@]} -gt 0 ]]; then
		compopt -o nospace 2>/dev/null
	fi
	if [[ ${#COMPREPLY[@]} -gt 0 || -z $files$folders ]]; then
		return
	fi
	compopt -o "${files:-$folders}" 2>/dev/null && return
	while IFS= read -r word; do
		word=$before$word
		COMPREPLY+=("${word#"$behind"}")
	done < <(if [[ -n $files ]]; then compgen -f -- "$typed"; else compgen -d -- "$typed"; fi)
}

complete -F _mailmedic mailmedic
`

// bashScript completes in bash, which shows no descriptions.
func bashScript(verbs []verb) string {
	var b strings.Builder
	b.WriteString(scriptHead("#", "bash"))
	b.WriteString(bashBegin)
	var commands []string
	for _, v := range verbs {
		commands = append(commands, v.name)
	}
	fmt.Fprintf(&b, "\t'')\n\t\tflags='%s -h --help -V --version'\n\t\t;;\n", strings.Join(commands, " "))
	for _, v := range verbs {
		var flags []string
		for _, o := range v.flags {
			flags = append(flags, o.names...)
		}
		fmt.Fprintf(&b, "\t%s)\n\t\tflags='%s'\n\t\ttaking='%s'\n\t\t;;\n", v.name, strings.Join(flags, " "), strings.Join(v.taking(), " "))
	}
	b.WriteString(bashWalk)
	for _, c := range choices(verbs) {
		fmt.Fprintf(&b, "\tlocal %s='%s'\n", bashName(c), strings.Join(c.spelled(), " "))
	}
	b.WriteString(bashPlaces)
	for _, v := range verbs {
		bashChoice(&b, v.first, "'"+v.name+" '")
		bashChoice(&b, v.further, "'"+v.name+" further'")
		for _, o := range v.flags {
			var places []string
			for _, name := range o.names {
				places = append(places, "'"+v.name+" "+name+"'")
			}
			bashChoice(&b, o.choice, strings.Join(places, " | "))
		}
	}
	b.WriteString(bashEnd)
	return b.String()
}

// bashName is the variable that holds a list of words.
func bashName(c choice) string { return "is_" + strings.ReplaceAll(c.name, "-", "_") }

// bashChoice is the branch for a place, or nothing where any text fits.
func bashChoice(b *strings.Builder, c choice, place string) {
	var set []string
	if len(c.words) > 0 {
		set = append(set, "choices=$"+bashName(c))
	}
	if c.more {
		set = append(set, "then='='")
	}
	if c.list {
		set = append(set, "list=yes")
	}
	if c.files {
		set = append(set, "files=default")
	}
	if c.folders {
		set = append(set, "folders=dirnames")
	}
	if len(set) > 0 {
		fmt.Fprintf(b, "\t%s) %s ;;\n", place, strings.Join(set, " "))
	}
}
