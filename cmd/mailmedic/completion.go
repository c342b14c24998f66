package main

import (
	"github.com/urfave/cli/v2"
)

const completionExamples = `source <(mailmedic completion bash)
mailmedic completion zsh >~/.zfunc/_mailmedic
mailmedic completion fish >~/.config/fish/completions/mailmedic.fish
mailmedic completion powershell >>$PROFILE`

const completionNotes = `SHELL is bash, zsh, fish or powershell. With source, in bash and zsh, it is for this shell only, or for each one if that line stands in ~/.bashrc or ~/.zshrc. The folder for zsh can be any one of its $fpath.

The script holds all words itself: at the Tab key mailmedic does not run. Make it again after an update.`

// shells lists what completion knows.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// completion prints the script with which a shell completes a command line. It is made
// of the same list that the command line is read with, and nothing in it is looked up later.
// It explains in English whoever makes it: packagers do, for all their users.
func (p *program) completion(c *cli.Context) error {
	if c.NArg() != 1 {
		return usage("Write it like this:  mailmedic completion bash", "completion takes one shell.")
	}
	shell := c.Args().First()
	if err := oneOf("completion", shell, shells()...); err != nil {
		return err
	}
	verbs, err := verbs(p.app.Commands)
	if err != nil {
		return err
	}
	script := map[string]func([]verb) string{
		"bash": bashScript, "zsh": zshScript, "fish": fishScript, "powershell": powershellScript,
	}[shell]
	return p.io.print([]byte(script(verbs)))
}

// scriptHead is the head of a script: a packager who meets it learns how to make it anew.
func scriptHead(comment, shell string) string {
	return comment + " Completes mailmedic " + version + " in " + shell + ". Made by:  mailmedic completion " + shell + "\n"
}
