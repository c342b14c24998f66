package main

import (
	"fmt"
	"strings"
)

const powershellWalk = `
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    $prefix = ''
    $offer = {
        param($word, $text, $kind)
        $word = $prefix + $word
        if ($word -like ([WildcardPattern]::Escape($wordToComplete) + '*')) {
            if (-not $text) { $text = $word }
            [System.Management.Automation.CompletionResult]::new($word, $word, $kind, $text)
        }
    }

    if ($before.Count -lt 2) {
        foreach ($name in $commands.Keys) { & $offer $name $commands[$name].Text 'ParameterValue' }
        foreach ($name in '-h', '--help') { & $offer $name 'list the commands' 'ParameterName' }
        foreach ($name in '-V', '--version') { & $offer $name 'print the version' 'ParameterName' }
        return
    }
    $command = $commands[$before[1]]
    if (-not $command) { return }

    $flag = $null
    $only = $false
    $arguments = 0
    for ($i = 2; $i -lt $before.Count; $i++) {
        $word = $before[$i]
        if ($flag) { $flag = $null }
        elseif ($only -or $word -notlike '-?*') { $arguments++ }
        elseif ($word -eq '--') { $only = $true }
        else { $flag = $command.Flags | Where-Object { $_.Takes -and $_.Names -ccontains $word } }
    }
    if (-not $flag -and -not $only -and $wordToComplete -match '^(-[^=]+)=') {
        $word = $Matches[1]
        $prefix = $word + '='
        $flag = $command.Flags | Where-Object { $_.Takes -and $_.Names -ccontains $word }
        if (-not $flag) { return }
    }
    if (-not $flag -and -not $only -and $wordToComplete -like '-*') {
        foreach ($f in $command.Flags) {
            foreach ($name in $f.Names) { & $offer $name $f.Text 'ParameterName' }
        }
        return
    }
    $list = if ($flag) { $flag.List } elseif ($arguments -eq 0) { $command.First } else { $command.Further }
    $more = if ($flag) { $flag.More } else { '' }
    if ($list) {
        foreach ($word in $words[$list].Keys) { & $offer ($word + $more) $words[$list][$word] 'ParameterValue' }
    }
}
`

// powershellScript completes in PowerShell, which offers files by itself where the script
// has nothing to offer.
func powershellScript(verbs []verb) string {
	var b strings.Builder
	b.WriteString(scriptHead("#", "powershell"))
	b.WriteString("\nRegister-ArgumentCompleter -Native -CommandName mailmedic -ScriptBlock {\n" +
		"    param($wordToComplete, $commandAst, $cursorPosition)\n\n    $words = @{\n")
	for _, c := range choices(verbs) {
		fmt.Fprintf(&b, "        %s = [ordered]@{\n", powershellQuoted(c.name))
		for _, w := range c.words {
			fmt.Fprintf(&b, "            %s = %s\n", powershellQuoted(w.name), powershellQuoted(w.text))
		}
		b.WriteString("        }\n")
	}
	b.WriteString("    }\n    $commands = [ordered]@{\n")
	for _, v := range verbs {
		fmt.Fprintf(&b, "        %s = @{\n            Text = %s\n            First = %s\n            Further = %s\n            Flags = @(\n",
			powershellQuoted(v.name), powershellQuoted(v.text), powershellQuoted(v.first.name), powershellQuoted(v.further.name))
		for _, o := range v.flags {
			b.WriteString(powershellFlag(o))
		}
		b.WriteString("            )\n        }\n")
	}
	b.WriteString("    }\n" + powershellWalk)
	return b.String()
}

func powershellFlag(o option) string {
	var names []string
	for _, name := range o.names {
		names = append(names, powershellQuoted(name))
	}
	more := ""
	if o.choice.more {
		more = "="
	}
	takes := "$false"
	if o.value != "" {
		takes = "$true"
	}
	return fmt.Sprintf("                @{ Names = @(%s); Takes = %s; List = %s; More = %s; Text = %s }\n",
		strings.Join(names, ", "), takes, powershellQuoted(o.choice.name), powershellQuoted(more), powershellQuoted(o.text))
}

func powershellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
