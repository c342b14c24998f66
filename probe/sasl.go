package probe

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/emersion/go-sasl"
)

// mechanism makes the client side of a login.
func mechanism(name, user string, password Secret) sasl.Client {
	if name == sasl.Plain {
		return sasl.NewPlainClient("", user, string(password.bytes()))
	}
	return &loginClient{user: user, password: password}
}

// loginClient speaks LOGIN, which no RFC fixed. Servers word and encode the prompts
// as they like ("Username:", "User Name", "password:\x00"), so their order decides
// and the words may only confirm it. It answers each prompt once.
type loginClient struct {
	user     string
	password Secret
	asked    int
}

func (c *loginClient) Start() (mech string, ir []byte, err error) { return sasl.Login, nil, nil }

func (c *loginClient) Next(challenge []byte) (response []byte, err error) {
	c.asked++
	askedFirst := strings.Contains(strings.ToLower(string(challenge)), "pass")
	switch {
	case c.asked == 1 && !askedFirst:
		return []byte(c.user), nil
	case c.asked == 2:
		return c.password.bytes(), nil
	}
	return nil, errors.New("a prompt that LOGIN does not have")
}

// exchange is one SASL exchange in either protocol: what differs is how a line is
// framed and how the end looks.
type exchange struct {
	client  sasl.Client
	command func(mech, initial string) (line, shown string) // initial is "" when there is none to send along
	initial bool                                            // the initial response may go with the command
	abort   string                                          // ends the exchange from our side
}

// maxPrompts bounds an exchange; PLAIN and LOGIN need at most two.
const maxPrompts = 4

// authenticate runs an exchange until read reports the final answer. next gives the
// text behind each "+" or 334, and false once the answer was final.
func (v *visit) authenticate(x exchange, next func() (challenge string, more bool, err error)) error {
	mech, ir, err := x.client.Start()
	if err != nil {
		return err
	}
	along := ""
	if x.initial && ir != nil {
		along, ir = encode(ir), nil
	}
	if err := v.talk.WriteSecret(x.command(mech, along)); err != nil {
		return err
	}
	for range maxPrompts {
		challenge, more, err := next()
		if err != nil || !more {
			return err
		}
		response := ir
		if ir == nil {
			response, err = x.client.Next(decode(challenge))
		}
		ir = nil
		if err != nil {
			return v.giveUp(x, next)
		}
		if err := v.talk.WriteSecret(encode(response), shownSecret); err != nil {
			return err
		}
	}
	return v.giveUp(x, next)
}

// giveUp ends an exchange that the mechanism does not have. What the server answers to
// that is no verdict on name or password.
func (v *visit) giveUp(x exchange, next func() (string, bool, error)) error {
	if err := v.talk.WriteSecret(x.abort, x.abort); err != nil {
		return err
	}
	if _, _, err := next(); err != nil && !errors.As(err, new(*replyError)) {
		return err
	}
	return &syntaxError{"a prompt that the login does not have"}
}

// shownSecret stands in the transcript where part of a login was sent.
const shownSecret = "(login, not recorded)"

func encode(b []byte) string {
	if len(b) == 0 {
		return "=" // RFC 4954 section 4 and RFC 4959: an empty initial response
	}
	return base64.StdEncoding.EncodeToString(b)
}

// decode takes a prompt as it is when it is not base64: some servers send plain text.
func decode(challenge string) []byte {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(challenge))
	if err != nil {
		return []byte(challenge)
	}
	return b
}

// quote writes an IMAP quoted string, RFC 9051 section 4.3.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
