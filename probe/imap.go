package probe

import (
	"slices"
	"strconv"
	"strings"

	"mailmedic/probe/evidence"
)

// status is a parsed IMAP status response, RFC 9051 section 7.1.
type status struct {
	tag   string // "*", "+" or the command's
	reply evidence.Reply
	args  string // behind the response code, as in [CAPABILITY IMAP4rev1 …]
}

// parseStatus reads "tag OK [CODE args] text". It reports false for every line that is
// no status response.
func parseStatus(line string) (status, bool) {
	tag, rest, _ := strings.Cut(line, " ")
	word, rest, _ := strings.Cut(rest, " ")
	st := status{tag: tag, reply: evidence.Reply{Status: strings.ToUpper(word), Text: rest}}
	if tag == "" || !slices.Contains([]string{"OK", "NO", "BAD", "BYE", "PREAUTH"}, st.reply.Status) {
		return status{}, false
	}
	if inside, ok := strings.CutPrefix(rest, "["); ok {
		if code, text, closed := strings.Cut(inside, "]"); closed {
			name, args, _ := strings.Cut(code, " ")
			st.reply.Code, st.args = cut(strings.ToUpper(name), longestWord), args
			st.reply.Text = strings.TrimPrefix(text, " ")
		}
	}
	st.reply.Text = short(st.reply.Text)
	return st, true
}

// imapKind tells a refusal for now from one for good, by response code (RFC 5530).
func imapKind(r evidence.Reply) evidence.Kind {
	switch r.Code {
	case "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG":
		return evidence.Temporary
	}
	return evidence.Rejected
}

// tag gives out the next command tag.
func (v *visit) tag() string {
	v.tags++
	return "m" + strconv.Itoa(v.tags)
}

// imapCommand sends a command and reads until its tagged answer. An answer other than
// OK is an error that carries the reply.
func (v *visit) imapCommand(command string) (untagged []string, st status, err error) {
	tag := v.tag()
	if err := v.talk.WriteLine(tag + " " + command); err != nil {
		return nil, status{}, err
	}
	untagged, st, err = v.imapAnswer(tag, v.readLine)
	if err == nil && st.tag == "+" {
		err = &syntaxError{"a prompt where none is due"}
	}
	return untagged, st, err
}

// imapAnswer reads lines until the one with the tag, or until the server prompts with
// "+", which gives a status with that tag. A server that says BYE and hangs up has
// answered too.
func (v *visit) imapAnswer(tag string, read func() (string, error)) (untagged []string, st status, err error) {
	var bye *evidence.Reply
	for range v.plan.Budget.Lines {
		line, err := read()
		if err != nil {
			if bye != nil {
				// BYE is no verdict on what was asked (RFC 9051 section 7.1.5), only its end.
				err = refusal(evidence.Temporary, *bye)
			}
			return untagged, status{}, err
		}
		st, isStatus := parseStatus(line)
		if isStatus && st.tag == tag {
			if st.reply.Status != "OK" {
				return untagged, st, refusal(imapKind(st.reply), st.reply)
			}
			return untagged, st, nil
		}
		if prompt, ok := strings.CutPrefix(line, "+"); ok {
			return untagged, status{tag: "+", reply: evidence.Reply{Text: strings.TrimSpace(prompt)}}, nil
		}
		if !strings.HasPrefix(line, "* ") {
			return untagged, status{}, &syntaxError{line}
		}
		if isStatus && st.reply.Status == "BYE" {
			bye = &st.reply
		}
		untagged = append(untagged, line)
	}
	return untagged, status{}, &syntaxError{"more lines than an answer has"}
}

// imapCapabilities uses the list that came with the last answer, or asks. A list that
// lacks STARTTLS where it is needed is asked for again: greetings may abbreviate.
func (v *visit) imapCapabilities() ([]string, error) {
	if len(v.offered) > 0 && (v.secured || evidence.Offers(v.offered, "STARTTLS")) {
		return bounded(v.offered), nil
	}
	untagged, st, err := v.imapCommand("CAPABILITY")
	if err != nil {
		return nil, err
	}
	list := []string{}
	for _, line := range untagged {
		if rest, ok := cutWord(line, "* CAPABILITY"); ok {
			list = strings.Fields(rest)
		}
	}
	if st.reply.Code == "CAPABILITY" && len(list) == 0 {
		list = strings.Fields(st.args)
	}
	if len(list) == 0 {
		return nil, &syntaxError{"CAPABILITY answered without a list"}
	}
	return bounded(list), nil
}

// capabilityFrom keeps a capability list that a status response brought along.
func (v *visit) capabilityFrom(st status) {
	if st.reply.Code == "CAPABILITY" {
		v.offered = strings.Fields(st.args)
	}
}

// cutWord is strings.CutPrefix without regard to case, at a word's end.
func cutWord(line, prefix string) (rest string, ok bool) {
	if len(line) < len(prefix) || !strings.EqualFold(line[:len(prefix)], prefix) {
		return "", false
	}
	rest = line[len(prefix):]
	if rest != "" && rest[0] != ' ' {
		return "", false
	}
	return strings.TrimSpace(rest), true
}
