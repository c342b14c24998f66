package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// indent is the column below a question's number in which everything about it stands.
const indent = "        "

// tries is how often somebody is asked the same: once, and twice again.
const tries = 3

// numbered puts the number of a question before it, and an empty line before that.
func (w *wizard) numbered(question string) string {
	w.asked++
	w.io.tell("")
	return fmt.Sprintf("%-*s%s", len(indent), w.speak.Say("%d of %d", w.asked, w.of), question)
}

// answer says something about what was typed.
func (w *wizard) answer(text string) { w.io.tell(indent + text) }

// line asks for a line. At the end of the input it is empty, and over is true. Where it cannot
// be read, the person has gone, as when a terminal is closed: nothing was answered.
func (w *wizard) line(question string) (typed string, over bool, err error) {
	w.io.ask(question)
	typed, wrong := wait(w.c.Context, func() (string, error) { return w.lines.ReadString('\n') })
	if w.c.Context.Err() != nil {
		fmt.Fprintln(w.io.err)
		return "", false, stopped()
	}
	if wrong != nil {
		fmt.Fprintln(w.io.err) // nobody pressed Enter
	}
	if wrong != nil && wrong != io.EOF {
		return "", true, stopped()
	}
	return strings.TrimRight(typed, "\r\n"), wrong != nil && typed == "", nil
}

// address asks for the address until it can be one. Nothing typed is the usual one, if there
// is any.
func (w *wizard) address(usual string) (string, error) {
	text := w.speak.Say("Your email address:")
	if usual != "" {
		text = w.speak.Say("Your email address [%s]:", usual)
	}
	question := w.numbered(text)
	var wrong error
	for i := range tries {
		if i > 0 {
			w.answer(w.speak.Say(asFailure(wrong).message))
		}
		typed, over, err := w.line(question)
		if err != nil {
			return "", err
		}
		if usual != "" && strings.TrimSpace(typed) == "" {
			return usual, nil
		}
		if over {
			return "", usage(addressExample, "I need your email address.")
		}
		address, err := cleanAddress(typed, w.c.Command.Name)
		if err == nil {
			return w.meant(address)
		}
		wrong, question = err, indent+text
	}
	return "", wrong
}

// meant asks whether a domain is a mistyped one, and changes it only if it is.
func (w *wizard) meant(address string) (string, error) {
	user, domain, _ := profile.Split(address)
	near := profile.Slip(domain, domains())
	if near == "" {
		return address, nil
	}
	yes, err := w.yes(indent+w.speak.Say("Did you mean %s? [Y/n]", near), true)
	if yes {
		address = user + "@" + near
	}
	return address, err
}

// domains are those that many addresses have: of the built-in providers, and of others, so
// that a customer of theirs is not taken for somebody who mistyped ours.
func domains() []string {
	var all []string
	for _, name := range profile.BuiltIn() {
		if p, err := profile.Load(name); err == nil {
			all = append(all, p.Domains...)
		}
	}
	return append(all, strings.Fields(`gmail.com googlemail.com outlook.com hotmail.com hotmail.no live.com live.no msn.com
		yahoo.com yahoo.co.uk yahoo.no ymail.com icloud.com aol.com mail.com fastmail.com fastmail.fm gmx.com gmx.net gmx.de gmx.at
		web.de t-online.de freenet.de posteo.de mailbox.org proton.me protonmail.com tutanota.com zoho.com online.no
		broadpark.no frisurf.no getmail.no lyse.net start.no yandex.com mail.ru orange.fr free.fr laposte.net libero.it`)...)
}

// symptom asks what goes wrong, in the words of --symptom.
func (w *wizard) symptom() (string, error) {
	w.io.tell(w.numbered(w.speak.Say("What is going wrong?")))
	n, err := w.choose([]say.Text{"I cannot receive mail", "I cannot send mail", "both, or something else", "nothing, just checking"})
	if err != nil {
		return "", err
	}
	return symptoms()[n], nil
}

// login asks for the login name. Blanks in it may be what is wrong, so they stay; what an arrow
// key leaves there stands in no mail app.
func (w *wizard) login() (string, error) {
	a, usual := w.job.options.Account, ""
	if names := w.job.profile.LoginNames(a.Address); len(names) > 0 && w.job.options.ProfileBecause != evidence.Undecided {
		usual = names[0]
	}
	w.io.tell(w.numbered(w.speak.Say("Login name, exactly as it stands in your mail app.")))
	question := w.speak.Say("Press Enter if you are not sure:")
	switch {
	case usual != "" && own(usual, a):
		question = w.speak.Say("Press Enter if it is your email address:")
	case usual != "":
		question = w.speak.Say("Press Enter if it is %s:", visible(usual))
	}
	var typed string
	for range tries {
		var err error
		if typed, _, err = w.line(indent + question); err != nil {
			return "", err
		}
		if strings.TrimSpace(typed) == "" {
			return usual, nil
		}
		if !strings.ContainsFunc(typed, isKey) {
			break
		}
		w.answer(w.speak.Say("There is a key in it that is no letter, as an arrow is. Please type it again."))
	}
	return typed, nil
}

// isKey tells whether a character comes from a key that moves or deletes. A tab may have been
// pasted with a name.
func isKey(r rune) bool { return unicode.IsControl(r) && r != '\t' }

// choose offers numbers for several answers and gives the index of the chosen one. The last
// is the usual one.
func (w *wizard) choose(answers []say.Text) (int, error) {
	for i, a := range answers {
		w.io.tell(fmt.Sprintf("%s  %d  %s", indent, i+1, w.speak.Say(a)))
	}
	usual := len(answers)
	for range tries {
		typed, _, err := w.line(indent + w.speak.Say("Number [%d]:", usual))
		if err != nil {
			return 0, err
		}
		typed = strings.TrimRight(strings.TrimSpace(typed), ".)")
		if typed == "" {
			return usual - 1, nil
		}
		if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(answers) {
			return n - 1, nil
		}
		w.answer(w.speak.Say("Please type a number from 1 to %d.", len(answers)))
	}
	w.answer(w.speak.Say("I go on with %d: %s.", usual, answers[usual-1]))
	return usual - 1, nil
}

// yes asks a question that has the two answers behind it, and gives the usual one where
// nothing but Enter is pressed. What is neither answer is never a yes: a login may follow.
// J is yes in the languages in which the word begins with it.
func (w *wizard) yes(question string, usual bool) (bool, error) {
	for i := range tries {
		if i > 0 {
			w.answer(w.speak.Say("Please type y or n."))
		}
		typed, over, err := w.line(question)
		if err != nil || over {
			return false, err
		}
		switch typed = strings.ToLower(strings.TrimSpace(typed)); {
		case typed == "":
			return usual, nil
		case strings.HasPrefix(typed, "y"), strings.HasPrefix(typed, "j"):
			return true, nil
		case strings.HasPrefix(typed, "n"):
			return false, nil
		}
	}
	return false, nil
}
