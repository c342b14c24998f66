package probe

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// login asks the desk for a turn and tries the names that it grants. It reports whether
// the session is logged in.
func (v *visit) login(ctx context.Context, age time.Duration, tried *[]evidence.Login) bool {
	if reason := v.unfit(); reason != "" {
		v.desk.leave(v.s.Path)
		v.s.Login = evidence.Step{State: evidence.Skipped, At: v.now(), Reason: reason}
		return false
	}
	ticket, turn := v.desk.enter(v.s.Path, age)
	if len(turn.names) == 0 {
		v.s.Login = evidence.Step{State: evidence.Skipped, At: v.now(), Reason: turn.reason}
		return false
	}
	defer func() { v.desk.finish(ticket, *tried) }()
	watch := v.begin()
	for i, name := range turn.names {
		if i > 0 && v.desk.over() {
			break
		}
		v.stage(ctx, "login")
		// Whatever happens from here on, the server may count a try.
		*tried = append(*tried, evidence.Login{Path: v.s.ID(), Name: name.Name, Form: name.Form, Result: evidence.BrokenOff, At: v.now()})
		l := v.attempt(ctx, name)
		(*tried)[len(*tried)-1] = l
		if l.Result == evidence.Accepted {
			v.s.Login = watch.done()
			return true
		}
		if l.Result != evidence.RejectedIn {
			break
		}
	}
	v.s.Login = watch.failed(loginFailure((*tried)[len(*tried)-1]))
	return false
}

// unfit says why no password may go out here. It is the gate of the contract's first
// promise: only over TLS whose certificate verified for the profile's host, that nobody
// opens on the way, and that has not been revoked.
func (v *visit) unfit() string {
	switch {
	case v.noLogin() != "":
		return v.noLogin()
	case !v.secured:
		return inClear
	case unfit(v.s, v.plan.Options) != "":
		return unfit(v.s, v.plan.Options)
	case v.elsewhere():
		return "the address belongs to another provider, so the password was kept back"
	}
	return ""
}

const inClear = "the connection is not encrypted, so the password was kept back"

// unfit is what the session itself says against a login, or nothing.
func unfit(s *evidence.Session, o Options) string {
	switch {
	case !s.Secure.Step.Done():
		return inClear
	case unproven(s, o) != "":
		return unproven(s, o)
	case len(s.Mechanisms()) == 0:
		return "the server offers no login that mailmedic can do"
	case s.Greeting.Reply.Status == "PREAUTH":
		return "the server asks for no login"
	case s.Anonymous != nil && s.Anonymous.Step.Failed():
		return "the server did not go on after it was asked to take mail without a login"
	}
	return ""
}

// unproven says why a server behind TLS gets no password, or nothing where it proved to be
// the profile's host.
func unproven(s *evidence.Session, o Options) string {
	allowed := slices.Contains(o.AllowUnverified, s.ID())
	switch {
	case s.Secure.Interceptor() != nil && !allowed:
		return s.Secure.Interceptor().Name + " opens the connection on the way, so the password was kept back"
	case !s.Secure.Judged.Verified && !allowed:
		return "the server did not prove who it is, so the password was kept back"
	case s.Secure.Revoked():
		return "the certificate has been revoked, so the password was kept back"
	}
	return ""
}

// elsewhere tells whether the address's domain is known to have its mail at another
// provider. It waits for that look-up. Who names a profile has decided for themselves.
func (v *visit) elsewhere() bool {
	if v.plan.Options.ProfileBecause == evidence.ByUser || len(v.plan.Profile.MX) == 0 {
		return false
	}
	_, domain, _ := profile.Split(v.plan.Options.Account.Address)
	f, asked := v.lookups[Question{domain, "MX"}]
	if !asked {
		return false
	}
	<-f.ready
	return f.lookup.Elsewhere(&v.plan.Profile)
}

// attempt tries one name once.
func (v *visit) attempt(ctx context.Context, a Attempt) evidence.Login {
	watch := v.begin()
	l := evidence.Login{Path: v.s.ID(), Name: a.Name, Form: a.Form, Mechanism: v.s.Mechanisms()[0], At: watch.at}
	reply, err := v.answer(l)
	l.Took = watch.took()
	reply.Code = known(reply.Code)
	if reply.Status != "" {
		l.Reply = &reply
	}
	if err == nil {
		l.Result = evidence.Accepted
		return l
	}
	f := failed(ctx, err)
	switch {
	case f.Kind == evidence.Temporary, f.Kind == evidence.Rejected && l.Reply.Reason().ForNow():
		l.Result = evidence.ForNow // some servers have no code for it and say it in words
	case f.Kind == evidence.Rejected:
		l.Result = evidence.RejectedIn
	default:
		l.Result = evidence.BrokenOff
		l.Failure = f
	}
	return l
}

// known keeps the response codes that a login may be answered with, RFC 9051 section 7.1
// and RFC 5530. Any other word there could be one of the password's.
func known(code string) string {
	if slices.Contains([]string{
		"ALERT", "CAPABILITY", "UNAVAILABLE", "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED",
		"PRIVACYREQUIRED", "CONTACTADMIN", "INUSE", "SERVERBUG", "CLIENTBUG", "LIMIT", "OVERQUOTA", "REFERRAL", "WEBALERT",
	}, code) {
		return code
	}
	return ""
}

// answer sends the login and gives the server's last word on it.
func (v *visit) answer(l evidence.Login) (reply evidence.Reply, err error) {
	switch {
	case v.s.Path.Protocol == profile.SMTP:
		return v.smtpLogin(l)
	case l.Mechanism == evidence.LoginCommand:
		return v.imapLoginCommand(l)
	}
	return v.imapAuthenticate(l)
}

// smtpLogin is AUTH, RFC 4954.
func (v *visit) smtpLogin(l evidence.Login) (reply evidence.Reply, err error) {
	x := exchange{client: mechanism(l.Mechanism, l.Name, v.creds.Password), initial: true, abort: "*"}
	x.command = func(mech, initial string) (line, shown string) {
		return strings.TrimSpace("AUTH " + mech + " " + initial), "AUTH " + mech + " " + shownSecret
	}
	err = v.authenticate(x, func() (challenge string, more bool, err error) {
		reply, _, err = v.smtpAnswer(v.secretLine)
		if err != nil {
			return "", false, err
		}
		if reply.Status == "334" {
			return reply.Text, true, nil
		}
		if reply.Status[0] != '2' {
			return "", false, refusal(smtpKind(reply), reply)
		}
		return "", false, nil
	})
	return reply, err
}

// imapAuthenticate is AUTHENTICATE, RFC 9051 section 6.2.2, with the initial response
// of RFC 4959 where the server offers it.
func (v *visit) imapAuthenticate(l evidence.Login) (reply evidence.Reply, err error) {
	tag := v.tag()
	x := exchange{
		client:  mechanism(l.Mechanism, l.Name, v.creds.Password),
		initial: evidence.Offers(v.s.Capability.Final, "SASL-IR") || evidence.Offers(v.s.Capability.Final, "IMAP4rev2"),
		abort:   "*",
	}
	x.command = func(mech, initial string) (line, shown string) {
		return strings.TrimSpace(tag + " AUTHENTICATE " + mech + " " + initial), tag + " AUTHENTICATE " + mech + " " + shownSecret
	}
	err = v.authenticate(x, func() (challenge string, more bool, err error) {
		challenge, more, st, err := v.imapChallenge(tag)
		reply = st.reply
		return challenge, more, err
	})
	return reply, err
}

// imapLoginCommand is LOGIN, RFC 9051 section 6.2.3. What a quoted string cannot hold
// goes as a literal, for which the server is asked first.
func (v *visit) imapLoginCommand(l evidence.Login) (reply evidence.Reply, err error) {
	tag := v.tag()
	line, shown := tag+" LOGIN", tag+" LOGIN "+shownSecret
	for _, argument := range []string{l.Name, string(v.creds.Password.bytes())} {
		if quotable(argument) {
			line += " " + quote(argument)
			continue
		}
		if err := v.talk.WriteSecret(fmt.Sprintf("%s {%d}", line, len(argument)), shown); err != nil {
			return evidence.Reply{}, err
		}
		_, more, st, err := v.imapChallenge(tag)
		if err == nil && !more {
			err = &syntaxError{"the login was answered before it was sent"}
		}
		if err != nil {
			return st.reply, err
		}
		line, shown = argument, shownSecret
	}
	if err := v.talk.WriteSecret(line, shown); err != nil {
		return evidence.Reply{}, err
	}
	_, more, st, err := v.imapChallenge(tag)
	if err == nil && more {
		err = &syntaxError{"a prompt that LOGIN does not have"}
	}
	return st.reply, err
}

// quotable tells whether an IMAP quoted string can hold s: 7-bit, no line break, no NUL.
func quotable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r == 0 || r == '\r' || r == '\n' || r > 0x7e }) < 0 && len(s) < 1000
}

// imapChallenge reads up to the next "+" or the tagged answer, and keeps the
// capability list that a success brings along.
func (v *visit) imapChallenge(tag string) (challenge string, more bool, st status, err error) {
	untagged, st, err := v.imapAnswer(tag, v.secretLine)
	if err != nil {
		var said *replyError
		if asReply(err, &said) {
			st.reply = said.reply
		}
		return "", false, st, err
	}
	if st.tag == "+" {
		return st.reply.Text, true, status{}, nil
	}
	v.offered = nil
	v.capabilityFrom(st)
	for _, line := range untagged {
		if rest, ok := cutWord(line, "* CAPABILITY"); ok {
			v.offered = strings.Fields(rest)
		}
	}
	return "", false, st, nil
}

// secretLine reads a line of a login: prompts and answers may echo what was sent.
func (v *visit) secretLine() (string, error) {
	line, err := v.talk.ReadSecret(shownSecret)
	return v.hide(line), err
}

// readLine reads any other line.
func (v *visit) readLine() (string, error) {
	line, err := v.talk.ReadLine()
	return v.hide(line), err
}

// loginFailure is the step's failure for the last attempt.
func loginFailure(l evidence.Login) *evidence.Failure {
	if l.Failure != nil {
		return l.Failure
	}
	kind := evidence.Rejected
	if l.Result == evidence.ForNow {
		kind = evidence.Temporary
	}
	return &evidence.Failure{Kind: kind, Reply: l.Reply, Text: l.Reply.Status + " " + l.Reply.Text}
}
