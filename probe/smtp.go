package probe

import (
	"net"
	"strings"

	"mailmedic/probe/evidence"
)

// smtpReply reads one reply of one or more lines, RFC 5321 section 4.2. The reply's
// text is its lines joined by blanks; lines holds them apart.
func (v *visit) smtpReply() (reply evidence.Reply, lines []string, err error) {
	return v.smtpAnswer(v.readLine)
}

func (v *visit) smtpAnswer(read func() (string, error)) (reply evidence.Reply, lines []string, err error) {
	for range v.plan.Budget.Lines {
		line, err := read()
		if err != nil {
			return evidence.Reply{}, nil, err
		}
		code, text, last, ok := parseReply(line)
		if !ok || (reply.Status != "" && code != reply.Status) {
			return evidence.Reply{}, nil, &syntaxError{line}
		}
		reply.Status = code
		if enhanced, rest, ok := enhancedCode(text); ok {
			if reply.Enhanced == "" {
				reply.Enhanced = enhanced
			}
			text = rest
		}
		lines = append(lines, text)
		if last {
			reply.Text = short(strings.Join(lines, " "))
			return reply, lines, nil
		}
	}
	return evidence.Reply{}, nil, &syntaxError{"more lines than a reply has"}
}

// parseReply cuts one reply line: "250-text", "250 text" or "250".
func parseReply(line string) (code, text string, last, ok bool) {
	if len(line) < 3 || !digits(line[:3]) || line[0] < '2' || line[0] > '5' {
		return "", "", false, false
	}
	if len(line) == 3 {
		return line, "", true, true
	}
	if line[3] != ' ' && line[3] != '-' {
		return "", "", false, false
	}
	return line[:3], line[4:], line[3] == ' ', true
}

// enhancedCode cuts "5.7.8" off the front of a text, RFC 2034. Some servers write "#5.7.8".
func enhancedCode(text string) (code, rest string, ok bool) {
	word, rest, _ := strings.Cut(strings.TrimPrefix(text, "#"), " ")
	parts := strings.Split(word, ".")
	if len(parts) != 3 || len(word) > 9 {
		return "", text, false
	}
	for _, p := range parts {
		if p == "" || !digits(p) {
			return "", text, false
		}
	}
	return word, rest, true
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// smtpKind tells a refusal for now from one for good: the first digit says it.
func smtpKind(r evidence.Reply) evidence.Kind {
	if strings.HasPrefix(r.Status, "4") {
		return evidence.Temporary
	}
	return evidence.Rejected
}

// smtpCommand sends a command and reads its reply. A reply that does not begin with
// the wanted digit is an error that carries it.
func (v *visit) smtpCommand(command string, want byte) (evidence.Reply, error) {
	if err := v.talk.WriteLine(command); err != nil {
		return evidence.Reply{}, err
	}
	reply, _, err := v.smtpReply()
	if err == nil && reply.Status[0] != want {
		err = refusal(smtpKind(reply), reply)
	}
	return reply, err
}

// ehlo says EHLO and collects the keywords with their parameters. The first line of
// the answer is the server's name.
func (v *visit) ehlo() ([]string, error) {
	if err := v.talk.WriteLine("EHLO " + addressLiteral(v.conn.LocalAddr())); err != nil {
		return nil, err
	}
	reply, lines, err := v.smtpReply()
	if err != nil {
		return nil, err
	}
	if reply.Status[0] != '2' {
		return nil, refusal(smtpKind(reply), reply)
	}
	name, _, _ := strings.Cut(lines[0], " ")
	v.s.Capability.Name = cut(name, longestWord)
	return bounded(lines[1:]), nil
}

// addressLiteral is this computer's name for EHLO, RFC 5321 section 4.1.3: an address
// needs no look-up, and servers that insist on a full host name take it.
func addressLiteral(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return "[127.0.0.1]"
	}
	if ip := tcp.IP.To4(); ip != nil {
		return "[" + ip.String() + "]"
	}
	return "[IPv6:" + tcp.IP.String() + "]"
}
