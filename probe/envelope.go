package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-smtp"

	"mailmedic/probe/evidence"
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
	reply := &evidence.Reply{Status: fmt.Sprint(refused.Code), Text: refused.Message}
	if refused.EnhancedCode != (smtp.EnhancedCode{}) && refused.EnhancedCode != smtp.NoEnhancedCode {
		reply.Enhanced = fmt.Sprintf("%d.%d.%d", refused.EnhancedCode[0], refused.EnhancedCode[1], refused.EnhancedCode[2])
	}
	return reply, nil
}
