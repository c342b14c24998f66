package probe

import (
	"context"
	"errors"
	"net"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/probe/wire"
)

// visit is one open connection on the way through its stages. One goroutine owns it.
type visit struct {
	*run
	target Target
	s      *evidence.Session

	conn    *wire.Conn // the socket under our limits
	line    net.Conn   // what the protocol is spoken on: the socket, or TLS above it
	talk    *wire.Talk
	log     *wire.Log
	secured bool
	aside   bool      // a further look, of which progress does not tell
	until   time.Time // when the visit has to be over, whatever its stages may take; zero for the stages' limits alone
	tags    int       // IMAP tags given out
	offered []string  // capabilities that an answer brought along, until the next step asks for them
}

// visit takes a connection through greeting, TLS, capabilities, login and folders, as
// far as each step allows the next, and says goodbye. What it finds is written as it is
// found, so that it stands even if a later step breaks.
func (r *run) visit(ctx context.Context, t Target, c net.Conn, s *evidence.Session, logins *[]evidence.Login) {
	conn, release := r.guard(ctx, c)
	log := wire.NewLog(r.start, time.Now)
	v := &visit{run: r, target: t, s: s, conn: conn, line: conn, log: log}
	v.talk = wire.NewTalk(conn, log, wire.DefaultLimits(), false)
	defer func() {
		release()
		c.Close()
		log.Seal()
		s.Wire = log.Lines()
	}()

	if !v.open(ctx) {
		r.desk.leave(t.Path)
		v.part(ctx)
		c.Close() // a second look needs a connection of its own
		v.afterSilence(ctx)
		return
	}
	v.anonymous(ctx)
	if v.login(ctx, time.Since(r.start), logins) {
		v.afterLogin(ctx)
	}
	v.farewell(ctx)
}

// open goes from the first byte to the capabilities that hold for a login.
func (v *visit) open(ctx context.Context) bool {
	switch v.s.Path.Encryption {
	case profile.TLS:
		return v.secure(ctx) && v.greet(ctx) && v.capabilities(ctx)
	case profile.STARTTLS:
		return v.greet(ctx) && v.capabilities(ctx) && v.startTLS(ctx) && v.secure(ctx) && v.capabilities(ctx)
	}
	v.s.Secure.Step = evidence.Step{State: evidence.NotApplicable, Reason: "the profile asks for no encryption here"}
	return v.greet(ctx) && v.capabilities(ctx)
}

// secure does the handshake and, where it succeeds, goes on above it.
func (v *visit) secure(ctx context.Context) bool {
	v.stage(ctx, "tls")
	secured, ok := v.handshake(ctx, v.conn, v.s.Path.Host, "", &v.s.Secure)
	if !ok {
		return false
	}
	v.line, v.secured, v.offered = secured, true, nil
	v.talk = wire.NewTalk(secured, v.log, wire.DefaultLimits(), true)
	return true
}

// startTLS asks for TLS. It is asked for all the same when the server does not offer it:
// one that then agrees did offer it, and something on the way took the offer out. There
// it ends, because a mail program would not come this far.
func (v *visit) startTLS(ctx context.Context) bool {
	s := &v.s.Secure
	v.stage(ctx, "tls")
	watch := v.begin()
	s.Offered = evidence.Saw(evidence.Offers(v.s.Capability.Clear, "STARTTLS"))
	if s.Offered == evidence.No {
		s.Anyway, s.Answer = v.askAnyway()
		s.Step = watch.failed(&evidence.Failure{Kind: evidence.NotOffered, Text: "STARTTLS is not among the capabilities"})
		return false
	}
	reply, err := v.askStartTLS()
	if reply.Status != "" {
		s.Answer = &reply
	}
	if err == nil && v.talk.Buffered() > 0 {
		// RFC 9051 section 6.2.1 and RFC 3207 section 6: what came in clear text behind the
		// answer could pass for an answer from inside TLS.
		err = refusal(evidence.Injected, reply)
	}
	if err != nil {
		s.Step = watch.failed(withReply(failed(ctx, err), err))
		return false
	}
	return true
}

func (v *visit) askAnyway() (evidence.Seen, *evidence.Reply) {
	reply, err := v.askStartTLS()
	var refused *replyError
	switch {
	case err == nil:
		return evidence.Yes, &reply
	case errors.As(err, &refused):
		return evidence.No, &refused.reply
	}
	return evidence.Unknown, nil
}

func (v *visit) askStartTLS() (evidence.Reply, error) {
	if v.s.Path.Protocol == profile.SMTP {
		return v.smtpCommand("STARTTLS", '2')
	}
	_, st, err := v.imapCommand("STARTTLS")
	return st.reply, err
}

// capabilities learns what the server offers, before TLS and again after it.
func (v *visit) capabilities(ctx context.Context) bool {
	v.stage(ctx, "capability")
	c := &v.s.Capability
	watch := v.begin()
	list, err := v.askCapabilities()
	if err != nil {
		c.Step = watch.failed(withReply(failed(ctx, err), err))
		return false
	}
	if v.s.Path.Encryption == profile.STARTTLS && !v.secured {
		c.Clear = list
		return true
	}
	c.Final, c.Step = list, watch.done()
	return true
}

func (v *visit) askCapabilities() ([]string, error) {
	if v.s.Path.Protocol == profile.SMTP {
		return v.ehlo()
	}
	return v.imapCapabilities()
}

// part says goodbye to a server that was refused or that refused us, as long as it
// still listens: one that answered does, and one that said BYE or broke off does not.
func (v *visit) part(ctx context.Context) {
	for _, step := range []evidence.Step{v.s.Greeting.Step, v.s.Secure.Step, v.s.Capability.Step} {
		if v.s.Secure.Anyway == evidence.Yes {
			return // the server waits for TLS now
		}
		if f := step.Failure; f != nil && f.Kind != evidence.Injected && (f.Kind == evidence.NotOffered || f.Reply != nil && f.Reply.Status != "BYE") {
			v.farewell(ctx)
		}
	}
}

// afterSilence looks once more at a port that accepted the connection and said
// nothing: it may be waiting for TLS.
func (v *visit) afterSilence(ctx context.Context) {
	f := v.s.Greeting.Step.Failure
	if f == nil || f.Kind != evidence.Timeout || v.secured {
		return
	}
	v.s.Secure.Implicit = v.tryTLS(ctx)
}

// afterLogin looks at what is behind the login, by reading only.
func (v *visit) afterLogin(ctx context.Context) {
	if v.s.Path.Protocol == profile.SMTP {
		if v.plan.Options.Envelope {
			v.envelope(ctx)
		}
		return
	}
	v.folders(ctx)
}

// farewell ends the session as the protocol wants it. Nobody waits for it, and its
// outcome is no finding.
func (v *visit) farewell(ctx context.Context) {
	if v.s.Farewell.State != evidence.NotReached {
		return
	}
	watch := v.begin()
	v.conn.Until(time.Now().Add(v.plan.Budget.Farewell))
	var err error
	switch {
	case v.s.Path.Protocol == profile.IMAP:
		_, _, err = v.imapCommand("LOGOUT")
	case v.s.Login.Done():
		// RFC 5321 section 4.1.1.10 would have us wait for the answer. It says nothing, and
		// it would be the only thing that the whole run still waits for: QUIT arrives ahead
		// of the end of the connection.
		err = v.talk.WriteLine("QUIT")
	default:
		_, err = v.smtpCommand("QUIT", '2')
	}
	if err != nil {
		v.s.Farewell = watch.failed(failed(ctx, err))
		return
	}
	v.s.Farewell = watch.done()
}

// stage starts the clock of a stage: whatever is read or written from here on has to be
// over within one step's limit.
func (v *visit) stage(ctx context.Context, name string) {
	end := v.limit(ctx, v.plan.Budget.Step)
	if !v.until.IsZero() && v.until.Before(end) {
		end = v.until
	}
	v.conn.Until(end)
	if !v.aside {
		v.tell(v.s.ID(), name, evidence.NotReached)
	}
}
