package report

import (
	"fmt"
	"slices"
	"strings"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// headlineWords is the longest headline that a title may be appended to.
const headlineWords = 14

// headline says the verdict in one or two short sentences. The first rule that
// fits decides.
func headline(r *Report) string {
	receive, send := r.Verdict.CanReceive, r.Verdict.CanSend
	switch {
	case r.Verdict.Status == Unknown:
		return r.speak.Say(unfinished(r))
	case receive == evidence.No && send == evidence.No:
		return withCause(r, r.speak.Say("You can neither receive nor send mail."))
	case receive == evidence.No && send == evidence.Yes:
		return withCause(r, r.speak.Say("You can send mail but not receive it."))
	case receive == evidence.Yes && send == evidence.No:
		return withCause(r, r.speak.Say("You can receive mail but not send it."))
	case receive == evidence.No:
		return withCause(r, r.speak.Say("You cannot receive mail."), r.speak.Say(sendingUntested))
	case send == evidence.No:
		return withCause(r, r.speak.Say("You cannot send mail."), r.speak.Say(receivingUntested))
	case setUpWrong(r) != "":
		return setUpWrong(r)
	case r.Verdict.Status == Problem:
		return oneThing(r)
	case r.Verdict.Status == Warning:
		return warned(r)
	case receive == evidence.Yes && send == evidence.Yes:
		return r.speak.Say("Mail works from this computer. You can receive and send.")
	}
	return works(r)
}

// unfinished speaks of a run that reached no verdict.
func unfinished(r *Report) say.Text {
	switch ended(r) {
	case evidence.Stopped:
		return "You stopped the test. This is what is known so far."
	case evidence.Deadline:
		return "The test ran out of time. This is what is known so far."
	}
	return "A part of mailmedic failed. The result is not complete."
}

func ended(r *Report) evidence.Ended {
	if r.Evidence == nil {
		return evidence.Finished
	}
	return r.Evidence.Run.Ended
}

// works says what works, as far as it was tested.
func works(r *Report) string {
	receive, send := r.Verdict.CanReceive == evidence.Yes, r.Verdict.CanSend == evidence.Yes
	switch {
	case receive && send:
		return r.speak.Say("You can receive and send mail.")
	case receive:
		return r.speak.Say(say.Join("You can receive mail.", sendingUntested))
	case send:
		return r.speak.Say(say.Join("You can send mail.", receivingUntested))
	case len(r.Paths) == 0:
		return r.speak.Say("Nothing was tested.")
	}
	return r.speak.Say(say.Join("The connection works.", loginUnknown(r)))
}

func loginUnknown(r *Report) say.Text {
	if r.Run.LoginAttempts.IMAP+r.Run.LoginAttempts.SMTP > 0 {
		return "The login gave no clear answer."
	}
	return "The login was not tested."
}

const (
	sendingUntested   say.Text = "Sending was not tested."
	receivingUntested say.Text = "Receiving was not tested."
)

// setUpWrong speaks of mail that works while the settings of a mail program, and nothing
// else, are wrong.
func setUpWrong(r *Report) string {
	causes := counted(r)
	if len(causes) == 0 || slices.ContainsFunc(causes, func(f Finding) bool { return f.Params["program"] == "" || len(f.Paths) > 0 }) {
		return ""
	}
	name := r.speak.Recorded(causes[0].Params["program"])
	if r.Verdict.Status == Problem && r.Verdict.CanReceive == evidence.Yes && r.Verdict.CanSend == evidence.Yes {
		return r.speak.Say("Mail works, but not as %s is set up.", name)
	}
	return works(r) + " " + r.speak.Say("%s is not set up as it should be.", name)
}

// oneThing speaks of a problem while mail as such is not known to fail.
func oneThing(r *Report) string {
	app := ""
	if r.Input.AppPort != nil {
		app = *r.Input.AppPort
	}
	for _, f := range counted(r) {
		if f.Severity != checks.Fault || !brokenApp(observed(r), f.Paths) {
			continue
		}
		_, port, _ := strings.Cut(app, "-")
		if r.Verdict.CanReceive == evidence.Yes && r.Verdict.CanSend == evidence.Yes {
			return r.speak.Say("Mail works, but not through port %s, which your program uses.", port)
		}
		return r.speak.Say("Port %s, which your program uses, does not work.", port)
	}
	return withCause(r, works(r))
}

// warned speaks of mail that works with something to attend to.
func warned(r *Report) string {
	protocol, numbers := deadPorts(r)
	ports := portList(numbers)
	receive, send := r.Verdict.CanReceive == evidence.Yes, r.Verdict.CanSend == evidence.Yes
	switch {
	case ports == "" && !receive && !send && len(counted(r)) == 1:
		return causeFirst(counted(r)[0], r.speak.Say(loginUnknown(r)))
	case ports == "":
		return withCause(r, works(r))
	case receive && send && protocol == profile.SMTP:
		return r.speak.Say("You can receive mail. Sending works, but not through %s.", ports)
	case receive && send && protocol == profile.IMAP:
		return r.speak.Say("You can send mail. Receiving works, but not through %s.", ports)
	case receive && send:
		return r.speak.Say("You can receive and send mail, but not through %s.", ports)
	case !receive && !send:
		return r.speak.Say(say.Join(say.With("The connection works, but not through %s.", ports), loginUnknown(r)))
	}
	return works(r) + " " + r.speak.Say("Some ports do not work: %s.", say.List(numbers))
}

// deadPorts lists the ports that fail when that is all there is to say: every root
// cause that counts sits on paths that do not work. protocol is empty when both
// have some.
func deadPorts(r *Report) (protocol profile.Protocol, numbers []string) {
	protocols := map[profile.Protocol]bool{}
	for _, f := range counted(r) {
		if len(f.Paths) == 0 {
			return "", nil
		}
		for _, p := range r.Paths {
			if !slices.Contains(f.Paths, p.ID) {
				continue
			}
			if !slices.Contains(p.Steps.all(), stepProblem) {
				return "", nil
			}
			protocols[p.Protocol] = true
			protocol = p.Protocol
			if n := fmt.Sprint(p.Port); !slices.Contains(numbers, n) {
				numbers = append(numbers, n)
			}
		}
	}
	if len(protocols) > 1 {
		protocol = ""
	}
	return protocol, numbers
}

// portList writes "port 25", "ports 25 and 26" or "ports 25, 26 and 587".
func portList(numbers []string) say.Text {
	switch len(numbers) {
	case 0:
		return ""
	case 1:
		return say.With("port %s", numbers[0])
	}
	return say.With("ports %s", say.List(numbers))
}

// withCause appends the title of the first root cause where it is short enough, and
// how many others there are. Without room for a cause, the sentences of orElse follow.
func withCause(r *Report, sentence string, orElse ...string) string {
	causes := counted(r)
	room := headlineWords - len(strings.Fields(sentence)) // in words; "and 1 more" may go one over
	switch {
	case len(causes) == 1 && len(strings.Fields(causes[0].Title)) <= room:
		return sentence + " " + ending(causes[0].Title)
	case len(causes) > 1 && len(strings.Fields(causes[0].Title))+2 <= room:
		return sentence + " " + r.speak.Say("%s, and %d more.", strings.TrimRight(causes[0].Title, "."), len(causes)-1)
	case len(causes) > 1:
		return sentence + " " + r.speak.Say("%d causes were found.", len(causes))
	}
	return words(" ", append([]string{sentence}, orElse...)...)
}

// causeFirst lets the title of the only root cause lead.
func causeFirst(f Finding, sentence string) string {
	title := ending(f.Title)
	if both := title + " " + sentence; len(strings.Fields(both)) <= headlineWords {
		return both
	}
	return title
}

// ending closes a sentence with a full stop unless it has its own mark.
func ending(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// counted lists the root causes that weigh in the verdict.
func counted(r *Report) []Finding {
	var list []Finding
	for _, f := range r.Findings {
		if f.Root && !f.Ignored && f.Severity != checks.Note {
			list = append(list, f)
		}
	}
	return list
}
