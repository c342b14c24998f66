package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-smtp"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// envelope asks, after the login, whether the server would take a message from the
// user to the user: MAIL FROM, RCPT TO, then RSET. It never says DATA. The library's
// client gets a replayed greeting and says EHLO once more, which RFC 5321 section
// 4.1.4 allows at any time.
func (v *visit) envelope(ctx context.Context) {
	e := &evidence.Envelope{}
	v.s.Envelope = e
	v.stage(ctx, "envelope")
	watch := v.begin()
	own := address(v.plan.Options.Account)
	if !strings.Contains(own, "@") {
		e.Step = evidence.Step{State: evidence.Skipped, At: watch.at, Reason: "no address was given"}
		return
	}
	limited := io.LimitReader(v.talk.Reader(), envelopeBytes)
	client := smtp.NewClient(replay{v.recorded(), io.MultiReader(strings.NewReader("220 replayed\r\n"), limited)})
	err := client.Hello(addressLiteral(v.conn.LocalAddr()))
	if err == nil {
		e.MailFrom, err = said(client.Mail(own, nil))
	}
	if err == nil && e.MailFrom.Status[0] == '2' {
		e.RcptTo, err = said(client.Rcpt(own, nil))
	}
	if err != nil {
		e.Step = watch.failed(failed(ctx, err))
		return
	}
	e.Step = watch.done()
	client.Reset()
	if client.Quit() == nil {
		v.s.Farewell = v.begin().done()
	}
}

// anonymous asks, where the user wants the envelope tested, whether a port for mail
// programs takes a message from the user to the user before any login. Port 25 is left
// out: there everybody may deliver to the provider's own people. So is a server that did
// not prove to be the provider's: what it takes says nothing.
func (v *visit) anonymous(ctx context.Context) {
	own := address(v.plan.Options.Account)
	if !v.plan.Options.Envelope || !submission(v.s.Path) || !v.secured || !v.s.Secure.Judged.Verified || !mailable(own) {
		return
	}
	v.stage(ctx, "envelope")
	e := &evidence.Envelope{}
	v.s.Anonymous = e
	watch := v.begin()
	var err error
	if e.MailFrom, err = v.asked("MAIL FROM:<" + own + ">"); err == nil && e.MailFrom.Status[0] == '2' {
		e.RcptTo, err = v.asked("RCPT TO:<" + own + ">")
	}
	if err == nil {
		_, err = v.smtpCommand("RSET", '2')
	}
	if err != nil {
		e.Step = watch.failed(withReply(failed(ctx, err), err))
		return
	}
	e.Step = watch.done()
}

// mailable tells whether an address can stand in a command as it is. One with other
// letters than ASCII would need SMTPUTF8 (RFC 6531).
func mailable(own string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }
	return strings.Contains(own, "@") && !strings.ContainsFunc(own, odd)
}

// asked sends a command and gives the server's answer, whichever it is.
func (v *visit) asked(command string) (*evidence.Reply, error) {
	reply, err := v.smtpCommand(command, '2')
	var refused *replyError
	if err != nil && !errors.As(err, &refused) {
		return nil, err
	}
	return &reply, nil
}

// submission tells whether a path is one for mail programs, on which RFC 6409 section 4.3
// wants a login.
func submission(p profile.Path) bool {
	return p.Protocol == profile.SMTP && p.Port != 25
}

// envelopeBytes bounds the few short answers of an envelope; go-smtp bounds each line
// but not their number.
const envelopeBytes = 256 << 10

// said turns the library's result into the server's reply. Only what is no answer of
// the server is an error.
func said(err error) (*evidence.Reply, error) {
	if err == nil {
		return &evidence.Reply{Status: "250"}, nil
	}
	var refused *smtp.SMTPError
	if !errors.As(err, &refused) {
		return nil, err
	}
	reply := &evidence.Reply{Status: fmt.Sprint(refused.Code), Text: short(refused.Message)}
	if refused.EnhancedCode != (smtp.EnhancedCode{}) && refused.EnhancedCode != smtp.NoEnhancedCode {
		reply.Enhanced = fmt.Sprintf("%d.%d.%d", refused.EnhancedCode[0], refused.EnhancedCode[1], refused.EnhancedCode[2])
	}
	return reply, nil
}
