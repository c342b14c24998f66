package main

import (
	"slices"
	"testing"
)

// The openings of healthy servers, up to where the login is sent. The certificate is sound,
// so the password comes.
func untilLogin() map[string]string {
	const imap = "< CAPABILITY\n> * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\n> $tag OK done\n< AUTHENTICATE\n"
	const smtp = "< EHLO\n> 250-mail.example.org\n> 250 AUTH PLAIN\n< AUTH\n"
	return map[string]string{
		"imap-143": "> * OK hello\n< CAPABILITY\n> * CAPABILITY IMAP4rev1 STARTTLS\n> $tag OK done\nstarttls\n" + imap,
		"imap-993": "tls\n> * OK hello\n" + imap,
		"smtp-587": "> 220 hello\n< EHLO\n> 250-mail.example.org\n> 250 STARTTLS\nstarttls\n" + smtp,
		"smtp-465": "tls\n> 220 hello\n" + smtp,
	}
}

// atLogin has a behaviour at the login of each of the paths.
func atLogin(name, script, want string, paths ...string) (servers []behaviour) {
	for _, path := range paths {
		servers = append(servers, behaviour{name: name, path: path, script: untilLogin()[path] + script, want: want})
	}
	return servers
}

// TestHostileLogins has servers take the password and misbehave then.
func TestHostileLogins(t *testing.T) {
	const unanswered = "MM713"
	imap := []string{"imap-143", "imap-993"}
	smtp := []string{"smtp-587", "smtp-465"}
	all := slices.Concat(imap, smtp)
	endless := func(prompt string) (script string) {
		for range 100 {
			script += "> " + prompt + "\n< \n"
		}
		return script + "stall"
	}
	meet(t, slices.Concat(
		atLogin("says nothing", "stall", unanswered, all...),
		atLogin("reads no more", "deaf", unanswered, all...),
		atLogin("closes", "close", unanswered, all...),
		atLogin("closes its half", "half", unanswered, all...),
		atLogin("resets", "reset", unanswered, all...),
		atLogin("closes below TLS", `raw "\x15\x03\x03\x00\x02\x01\x00"`, unanswered, all...),
		atLogin("puts garbage between the records", `raw "what is this? It is no TLS record."`+"\nstall", unanswered, all...),
		atLogin("says a million empty lines", `repeat 1000000 "\r\n"`+"\nstall", unanswered, all...),
		atLogin("says NUL", `repeat 1000000 "\x00"`+"\nstall", unanswered, all...),
		atLogin("turns into a web server", "> HTTP/1.1 400 Bad Request\n> \nclose", unanswered, all...),

		atLogin("prompts by what is no base64", "> + !!! ???\n< \n> $tag BAD no\nstall", unanswered, imap...),
		atLogin("prompts without end", endless("+ "), unanswered, imap...),
		atLogin("prompts by a line of 64 MiB", `>> "+ "`+"\n"+`repeat 1048576 "Z2FyYmFnZWdhcmJhZ2VnYXJiYWdlZ2FyYmFnZWdhcmJhZ2VnYXJiYWdlZ2FyYmFn"`+"\nstall", unanswered, imap...),
		atLogin("drips", `drip 1s "m3 OK welcome\r\n"`, unanswered, imap...),
		bulky(atLogin("says ten million lines unasked", `repeat 10000000 "* OK still here\r\n"`+"\nstall", unanswered, imap...)),
		atLogin("answers another command", "> x9 OK in\nstall", unanswered, imap...),
		atLogin("says goodbye", "> * BYE enough\nclose", "MM708 MM709 MM701", imap...),
		atLogin("refers to another server", "> $tag NO [REFERRAL imap://jdoe@other.example.net/] go there\n< LOGOUT\n> $tag OK bye\nclose", "MM701", imap...),
		atLogin("refuses, and floods the goodbye", "> $tag NO [AUTHENTICATIONFAILED] no\n< LOGOUT\n"+`repeat 1000000 "* OK still here\r\n"`+"\nstall", "MM701", imap...),
		atLogin("refuses, and says no goodbye", "> $tag NO [AUTHENTICATIONFAILED] no\n< LOGOUT\nstall", "MM701", imap...),
		atLogin("refuses by a line of 60 KiB", `>> "m3 NO "`+"\n"+`repeat 6000 "0123456789"`+"\n> \n< LOGOUT\n> $tag OK bye\nclose", "MM701 MM713", imap...),
		atLogin("lets in and says goodbye", "> $tag OK in\n> * BYE out\nclose", "MM810", imap...),
		atLogin("lets in with a million capabilities", "> $tag OK in\n< CAPABILITY\n"+`>> "* CAPABILITY IMAP4rev1"`+"\n"+`repeat 1000000 " X-WORD"`+"\n> \nstall", "MM810", imap...),

		atLogin("prompts by what is no base64", "> 334 !!! ???\n< \n> 535 no\nstall", unanswered, smtp...),
		atLogin("prompts without end", endless("334 "), unanswered, smtp...),
		atLogin("prompts by a line of 64 MiB", `>> "334 "`+"\n"+`repeat 1048576 "Z2FyYmFnZWdhcmJhZ2VnYXJiYWdlZ2FyYmFnZWdhcmJhZ2VnYXJiYWdlZ2FyYmFn"`+"\nstall", unanswered, smtp...),
		atLogin("drips", `drip 1s "235 welcome\r\n"`, unanswered, smtp...),
		bulky(atLogin("says ten million lines", `repeat 10000000 "535-no and no and no\r\n"`+"\n> 535 no\nstall", unanswered, smtp...)),
		atLogin("mixes codes", "> 235-in\n> 535 out\nstall", unanswered, smtp...),
		atLogin("answers 000", "> 000 what\nstall", unanswered, smtp...),
		atLogin("answers 999", "> 999 what\nstall", unanswered, smtp...),
		atLogin("refers to another server", "> 551 jdoe has moved; try <jdoe@other.example.net>\n< QUIT\n> 221 bye\nclose", "MM701", smtp...),
		atLogin("refuses, and floods the goodbye", "> 535 5.7.8 no\n< QUIT\n"+`repeat 1000000 "221-still here\r\n"`+"\nstall", "MM701", smtp...),
		atLogin("refuses, and says no goodbye", "> 535 5.7.8 no\n< QUIT\nstall", "MM701", smtp...),
		forwarding(),
	))
}

// forwarding are servers that misbehave when they are asked whom they take mail from, and
// for whom: before a login, where they must take none, and behind it.
func forwarding() []behaviour {
	greeted, loggedIn, recipient := untilEnvelopes()
	on := func(name, script, want string) behaviour {
		return behaviour{name: name, path: "smtp-465", script: script, want: want, flags: []string{"--envelope"}}
	}
	return []behaviour{
		on("says nothing to a sender without a login", greeted+"stall", "MM511"),
		on("closes at a sender without a login", greeted+"close", "MM511"),
		on("floods the answer to a sender without a login", greeted+`repeat 1000000 "530-no\r\n"`+"\nstall", "MM511"),
		on("knows another place for the recipient", recipient+"> 551 try <jdoe@other.example.net>\n< QUIT\n> 221 bye\nclose", "MM902"),
		on("says nothing to the recipient", recipient+"stall", "MM902 MM511"),
		on("floods the answer to the recipient", recipient+`repeat 1000000 "550-no\r\n"`+"\nstall", "MM902 MM511"),
		on("floods the answer to the sender", loggedIn+`repeat 1000000 "550-no\r\n"`+"\nstall", "MM901 MM511"),
	}
}

// untilEnvelopes are the openings up to the sender before a login, the sender behind it, and
// the recipient.
func untilEnvelopes() (before, sender, recipient string) {
	before = "tls\n> 220 hello\n< EHLO\n> 250-mail.example.org\n> 250 AUTH PLAIN\n< MAIL\n"
	sender = before + "> 530 log in\n< RSET\n> 250 ok\n< AUTH\n> 235 in\n< EHLO\n> 250 mail.example.org\n< MAIL\n"
	return before, sender, sender + "> 250 ok\n< RCPT\n"
}
