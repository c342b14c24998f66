package probe

import (
	"bytes"
	"context"
	"strings"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// recognise says which protocol the first bytes of a server belong to. It comes before
// any parsing, because "no greeting" and "a web server" need different advice.
func recognise(first []byte) evidence.Service {
	openings := []struct {
		prefix  string
		service evidence.Service
	}{
		{"* OK", evidence.ServiceIMAP}, {"* PREAUTH", evidence.ServiceIMAP}, {"* BYE", evidence.ServiceIMAP},
		{"+OK", evidence.ServicePOP3}, {"-ERR", evidence.ServicePOP3},
		{"HTTP/", evidence.ServiceHTTP}, {"<", evidence.ServiceHTTP},
		{"SSH-", evidence.ServiceSSH},
		// The four kinds of record, RFC 8446 section 5.1, whichever comes first.
		{"\x14\x03", evidence.ServiceTLS}, {"\x15\x03", evidence.ServiceTLS}, {"\x16\x03", evidence.ServiceTLS}, {"\x17\x03", evidence.ServiceTLS},
	}
	for _, o := range openings {
		if bytes.HasPrefix(bytes.ToUpper(first), []byte(o.prefix)) {
			return o.service
		}
	}
	if len(first) >= 4 && digits(string(first[:3])) && (first[3] == ' ' || first[3] == '-' || first[3] == '\r') {
		if ftp(strings.ToUpper(string(first))) {
			return evidence.ServiceFTP
		}
		return evidence.ServiceSMTP
	}
	if len(first) == 0 {
		return ""
	}
	return evidence.ServiceOther
}

// ftp tells whether a greeting is that of an FTP server, whose replies look like SMTP's (RFC
// 959 section 4.2). A mail server may well be called ftp.example.org.
func ftp(greeting string) bool {
	return !strings.Contains(greeting, "SMTP") && (strings.Contains(greeting, "FTPD") || strings.Contains(greeting, "FTP SERVER") || strings.Contains(greeting, "FTP SERVICE"))
}

// greet reads the greeting. It never speaks first: a server may take that for an attack.
func (v *visit) greet(ctx context.Context) bool {
	v.stage(ctx, "greeting")
	g := &v.s.Greeting
	watch := v.begin()
	reply, err := v.readGreeting()
	g.Line = v.firstLine()
	g.Service = recognise([]byte(g.Line))
	if g.Line == "" && !v.secured {
		g.Service = recognise(v.conn.FirstBytes())
	}
	if err == nil && g.Service == evidence.ServiceFTP {
		err = &syntaxError{g.Line}
	}
	if err != nil {
		g.Step = watch.failed(withReply(failed(ctx, err), err))
		g.Reply = g.Step.Failure.Reply
		return false
	}
	g.Reply, g.Step = &reply, watch.done()
	return true
}

func (v *visit) readGreeting() (evidence.Reply, error) {
	if v.s.Path.Protocol == profile.SMTP {
		reply, _, err := v.smtpReply()
		if err == nil && reply.Status[0] != '2' {
			err = refusal(smtpKind(reply), reply)
		}
		return reply, err
	}
	line, err := v.readLine()
	if err != nil {
		return evidence.Reply{}, err
	}
	st, ok := parseStatus(line)
	switch {
	case !ok || st.tag != "*":
		return evidence.Reply{}, &syntaxError{line}
	case st.reply.Status == "BYE":
		return st.reply, refusal(imapKind(st.reply), st.reply)
	case st.reply.Status == "PREAUTH" && !v.secured:
		// RFC 9051 section 7.1.4 and RFC 2595: there is no way to TLS from here, and who
		// sent this line cannot be known.
		return st.reply, refusal(evidence.Rejected, st.reply)
	}
	v.capabilityFrom(st)
	return st.reply, nil
}

// firstLine is the first line that came, whether or not it parsed.
func (v *visit) firstLine() string {
	for _, l := range v.log.Lines() {
		if !l.Sent {
			return l.Text
		}
	}
	return ""
}
