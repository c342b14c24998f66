package main

import (
	"slices"
	"strings"
	"testing"
)

// onClearAndTLS has a behaviour once in clear text and once inside TLS from the first byte.
func onClearAndTLS(protocol, name, script, want string) []behaviour {
	clear, encrypted := "imap-143", "imap-993"
	if protocol == "smtp" {
		clear, encrypted = "smtp-587", "smtp-465"
	}
	return []behaviour{
		{name: name, path: clear, script: script, want: want},
		{name: name, path: encrypted, script: "tls\n" + script, want: want},
	}
}

// everywhere has a behaviour on both protocols, each in clear text and inside TLS.
func everywhere(name, script, want string) []behaviour {
	return append(onClearAndTLS("imap", name, script, want), onClearAndTLS("smtp", name, script, want)...)
}

// bulky marks behaviours that take seconds of processor time.
func bulky(servers []behaviour) []behaviour {
	for i := range servers {
		servers[i].bulky = true
	}
	return servers
}

// TestHostileGreetings has servers misbehave before they have said who they are.
func TestHostileGreetings(t *testing.T) {
	const silence = "MM504" // no first line ever came
	const broken = "MM511"  // it began like a mail server and did not go on like one
	const unspoken = "MM504 MM511"
	const stranger = "MM501" // it is no mail server
	meet(t, slices.Concat(
		everywhere("says nothing", "stall", silence),
		everywhere("reads nothing", "deaf", silence),
		everywhere("closes", "close", "MM510"),
		everywhere("closes its half", "half", "MM510"),
		onClearAndTLS("imap", "says one byte a second", `drip 1s "* OK hello\r\n"`, unspoken),
		onClearAndTLS("smtp", "says one byte a second", `drip 1s "220 hello\r\n"`, unspoken),
		onClearAndTLS("imap", "never ends its line", `>> "* OK hello"`+"\nstall", broken),
		onClearAndTLS("smtp", "never ends its line", `>> "220 hello"`+"\nstall", broken),
		onClearAndTLS("imap", "ends its line with CR alone", `>> "* OK hello\r"`+"\nstall", broken),
		onClearAndTLS("smtp", "ends its lines with CR alone", `>> "220-hello\r220 hello\r"`+"\nstall", broken),
		onClearAndTLS("imap", "closes within the line", `>> "* OK hel"`, broken),
		onClearAndTLS("smtp", "closes between two lines", "> 220-hello", broken),
		// A reset may overtake what was said before it.
		onClearAndTLS("smtp", "resets between two lines", "> 220-hello\nreset", "MM510 "+broken),

		onClearAndTLS("imap", "says a line without end", "> * OK hello\nstall", broken),
		bulky(onClearAndTLS("imap", "says a line of 64 MiB", `>> "* OK "`+"\n"+`repeat 1048576 "a line that has no end. It goes on and on, and then on some more "`+"\n> end\nstall", broken)),
		bulky(onClearAndTLS("smtp", "says a line of 64 MiB", `>> "220 "`+"\n"+`repeat 1048576 "a line that has no end. It goes on and on, and then on some more "`+"\n> end\nstall", broken)),
		onClearAndTLS("smtp", "says a million lines", `repeat 1000000 "220-welcome\r\n"`+"\n> 220 at last\nstall", broken),
		everywhere("says a million empty lines", `repeat 1000000 "\r\n"`+"\nstall", stranger+" "+broken),
		everywhere("says nothing but NUL", `repeat 1000000 "\x00"`+"\nstall", stranger+" "+broken),
		everywhere("says 64 KiB of parentheses", `repeat 65000 "("`+"\n> \nstall", stranger+" "+broken),

		onClearAndTLS("imap", "greets as SMTP", "> 220 mail.example.org ESMTP\nstall", stranger),
		onClearAndTLS("smtp", "greets as IMAP", "> * OK IMAP4rev1\nstall", stranger),
		everywhere("is a web server", "> HTTP/1.1 400 Bad Request\n> Connection: close\n> \nclose", stranger),
		everywhere("is a web page", `>> "<!DOCTYPE html>\n<title>Sign in</title>\n"`+"\nclose", stranger),
		everywhere("is an SSH server", "> SSH-2.0-OpenSSH_9.6\nstall", stranger),
		everywhere("is an FTP server", "> 220 ProFTPD Server ready.\nstall", stranger),
		everywhere("is a POP3 server", "> +OK POP3 ready\nstall", stranger),
		everywhere("negotiates Telnet", `>> "\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27login: \r\n"`+"\nstall", stranger),
		everywhere("is a VNC server", `>> "RFB 003.008\n"`+"\nstall", stranger),
		everywhere("generates characters", `repeat 1000000 "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`+"`"+`abcdefg\r\n"`+"\nstall", stranger),
		everywhere("begins with a byte order mark", `>> "\xef\xbb\xbf* OK hello\r\n"`+"\nstall", stranger),
		everywhere("speaks UTF-16", `>> "\xff\xfe*\x00 \x00O\x00K\x00\r\x00\n\x00"`+"\nstall", stranger+" "+broken),

		onClearAndTLS("imap", "says goodbye first", "> * BYE go away\nclose", "MM502"),
		onClearAndTLS("imap", "refers to another server", "> * BYE [REFERRAL imap://jdoe@other.example.net/] go there\nclose", "MM508"),
		onClearAndTLS("smtp", "answers 421", "> 421 later\nclose", "MM502"),
		onClearAndTLS("smtp", "answers 554", "> 554 never\n< QUIT\n> 221 bye\nclose", "MM508"),
		onClearAndTLS("smtp", "refers to another server", "> 551 jdoe has moved; try <jdoe@other.example.net>\nstall", "MM508"),
		onClearAndTLS("smtp", "forwards before it was asked", "> 251 will forward to <jdoe@other.example.net>\nstall", broken),
		onClearAndTLS("smtp", "answers 000", "> 000 hello\nstall", broken),
		onClearAndTLS("smtp", "answers 999", "> 999 hello\nstall", broken),
		onClearAndTLS("smtp", "answers 1", "> 1\nstall", broken+" "+stranger),
		onClearAndTLS("smtp", "mixes codes", "> 220-hello\n> 554 go away\nstall", broken),
		onClearAndTLS("smtp", "asks for a password", "> 334 UGFzc3dvcmQ6\nstall", "MM508 "+broken),

		[]behaviour{
			{name: "claims to be logged in", path: "imap-143", script: "> * PREAUTH welcome\nstall", want: "MM509"},
			{name: "begins with TLS", path: "imap-143", script: `>> "\x16\x03\x03\x00\x02\x00\x00"` + "\nstall", want: "MM503"},
			{name: "begins with TLS", path: "smtp-587", script: `>> "\x15\x03\x03\x00\x02\x02\x28"` + "\nclose", want: "MM503"},
			{name: "greets in clear text", path: "imap-993", script: "> * OK hello\nstall", want: "MM503"},
			{name: "greets in clear text", path: "smtp-465", script: "> 220 hello\nstall", want: "MM503"},
		},
	))
}

// TestHostileCapabilities has servers greet, and misbehave when they are asked what they
// can do.
func TestHostileCapabilities(t *testing.T) {
	const broken = "MM511"
	const imap = "> * OK hello\n< CAPABILITY\n"
	const smtp = "> 220 hello\n< EHLO\n"
	each := func(name, script, want string) []behaviour {
		return append(onClearAndTLS("imap", name, imap+script, want), onClearAndTLS("smtp", name, smtp+script, want)...)
	}
	meet(t, slices.Concat(
		each("says nothing", "stall", broken),
		each("reads no more", "deaf", broken),
		each("closes", "close", broken),
		each("closes its half", "half", broken),
		each("resets", "reset", broken),
		each("says one byte a second", `drip 1s "* CAPABILITY IMAP4rev1\r\n"`, broken),
		each("turns into a web server", "> HTTP/1.1 400 Bad Request\n> \nclose", broken),
		each("says a million empty lines", `repeat 1000000 "\r\n"`+"\nstall", broken),
		each("says NUL", `repeat 1000000 "\x00"`+"\nstall", broken),
		bulky(each("says a line of 64 MiB", `>> "* CAPABILITY IMAP4rev1"`+"\n"+`repeat 1048576 " a line that has no end. It goes on and on, and then some more."`+"\n> end\nstall", broken)),

		onClearAndTLS("imap", "answers before it is asked", "> * OK hello\n> m1 OK done\nstall", broken),
		onClearAndTLS("imap", "answers another command", imap+"> x9 OK done\nstall", broken),
		onClearAndTLS("imap", "answers without a tag", imap+"> OK done\nstall", broken),
		onClearAndTLS("imap", "answers without a list", imap+"> $tag OK done\nstall", broken),
		onClearAndTLS("imap", "prompts", imap+"> + go on\nstall", broken),
		onClearAndTLS("imap", "refuses", imap+"> $tag BAD what\n< LOGOUT\n> $tag OK bye\nclose", "MM508"),
		onClearAndTLS("imap", "says goodbye", imap+"> * BYE the end\nclose", "MM502"),
		onClearAndTLS("imap", "knows a million words", imap+`>> "* CAPABILITY IMAP4rev1"`+"\n"+`repeat 1000000 " X-WORD"`+"\n> \n> $tag OK done\nstall", broken),
		onClearAndTLS("imap", "says its list a million times", imap+`repeat 1000000 "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"`+"\n> $tag OK done\nstall", broken),
		bulky(onClearAndTLS("imap", "says ten million lines unasked", imap+`repeat 10000000 "* OK still here\r\n"`+"\n> $tag OK done\nstall", broken)),
		onClearAndTLS("imap", "offers nothing but parentheses", imap+`>> "* CAPABILITY "`+"\n"+`repeat 60000 "("`+"\n> \n> $tag OK done\nstall", "MM406 MM707 MM713 "+broken),
		onClearAndTLS("imap", "announces a literal of 1 GiB", imap+"> * CAPABILITY {1073741824}\n"+`repeat 1000000 "literal "`+"\nstall", broken),

		onClearAndTLS("smtp", "answers before it is asked", "> 220 hello\n> 250 I know you\nstall", "MM406 MM707 "+broken),
		onClearAndTLS("smtp", "greets a second time", smtp+"> 220 hello again\nstall", "MM406 MM707 "+broken),
		onClearAndTLS("smtp", "answers 000", smtp+"> 000 what\nstall", broken),
		onClearAndTLS("smtp", "answers 999", smtp+"> 999 what\nstall", broken),
		onClearAndTLS("smtp", "answers 421", smtp+"> 421 later\nclose", "MM502"),
		onClearAndTLS("smtp", "answers 551", smtp+"> 551 try <other.example.net>\nstall", "MM508"),
		onClearAndTLS("smtp", "mixes codes", smtp+"> 250-x\n> 550 y\nstall", broken),
		onClearAndTLS("smtp", "knows a million words", smtp+`repeat 1000000 "250-X-WORD\r\n"`+"\n> 250 OK\nstall", broken),
		onClearAndTLS("smtp", "says a million codes", smtp+`repeat 1000000 "250-\r\n"`+"\n> 250\nstall", broken),
		onClearAndTLS("smtp", "answers by an IMAP list", smtp+"> * CAPABILITY IMAP4rev1\nstall", broken),
	))
}

// TestHostileSlowness has servers that take longer for each answer than for the one before,
// until one takes too long. Each is late for itself alone: no step inherits the time of
// another.
func TestHostileSlowness(t *testing.T) {
	meet(t, []behaviour{
		{name: "is slower with every step", path: "imap-143", want: "MM511", script: "wait 200ms\n> * OK hello\n< CAPABILITY\nwait 500ms\n" +
			"> * CAPABILITY IMAP4rev1 STARTTLS\n> $tag OK done\n< STARTTLS\nwait 900ms\n> $tag OK go\ntls\n< CAPABILITY\nwait 20s\n> $tag OK done"},
		{name: "is slower with every step", path: "smtp-587", want: "MM713", script: "wait 200ms\n> 220 hello\n< EHLO\nwait 400ms\n" +
			"> 250-x\n> 250 STARTTLS\n< STARTTLS\nwait 600ms\n> 220 go\ntls\n< EHLO\nwait 800ms\n> 250-x\n> 250 AUTH PLAIN\n< AUTH\nwait 20s\n> 235 in"},
		{name: "is late for the whole run", path: "imap-993", want: "MM003", script: "wait 20s", flags: []string{"--deadline", "1s"}},
		{name: "is always a little late", path: "smtp-465", want: "MM003 MM511 MM713 MM505", script: "wait 1500ms\ntls\nwait 1500ms\n> 220 hello\n< EHLO\nwait 1500ms\n" +
			"> 250-x\n> 250 AUTH PLAIN\n< AUTH\nwait 1500ms\n> 334 \n< \nwait 20s\n> 235 in"},
	})
}

// TestHostileSTARTTLS has servers misbehave around STARTTLS.
func TestHostileSTARTTLS(t *testing.T) {
	const imap = "> * OK hello\n< CAPABILITY\n> * CAPABILITY IMAP4rev1 STARTTLS\n> $tag OK done\n< STARTTLS\n"
	const smtp = "> 220 hello\n< EHLO\n> 250-x\n> 250 STARTTLS\n< STARTTLS\n"
	on := func(path, opening, name, script, want string) behaviour {
		return behaviour{name: name, path: path, script: opening + strings.TrimPrefix(script, "\n"), want: want}
	}
	servers := []behaviour{
		on("imap-143", imap, "injects capabilities", `>> "m2 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED\r\nm3 OK done\r\n"`+"\nstall", "MM415"),
		on("smtp-587", smtp, "injects capabilities", `>> "220 go\r\n250-x\r\n250 AUTH PLAIN\r\n"`+"\nstall", "MM415"),
		on("imap-143", imap, "injects one byte", `>> "m2 OK go\r\n*"`+"\nstall", "MM415"),
		on("smtp-587", smtp, "injects one byte", `>> "220 go\r\n2"`+"\nstall", "MM415"),
		on("imap-143", imap, "injects a million lines", `repeat 1000000 "m2 OK go\r\n"`+"\nstall", "MM415"),
		on("smtp-587", smtp, "injects a million lines", `repeat 1000000 "220 go\r\n"`+"\nstall", "MM415"),
		on("imap-143", imap, "goes on in clear text", "> $tag OK go\nhello\n> * BAD what is this?\nstall", "MM415 MM416 MM503"),
		on("smtp-587", smtp, "goes on in clear text", "> 220 go\nhello\n> 500 what is this?\nstall", "MM415 MM416 MM503"),
		on("imap-143", imap, "refuses", "> $tag NO not today\n< LOGOUT\n> $tag OK bye\nclose", "MM406"),
		on("smtp-587", smtp, "refuses", "> 454 not today\n< QUIT\n> 221 bye\nclose", "MM406"),
		on("imap-143", imap, "prompts", "> + go on\nstall", "MM511"),
		on("smtp-587", smtp, "prompts", "> 334 go on\nstall", "MM406 MM511"),
		on("imap-143", imap, "answers ten thousand lines", `repeat 10000 "* OK wait\r\n"`+"\n> $tag OK go\nstall", "MM511"),
		on("smtp-587", smtp, "answers ten thousand lines", `repeat 10000 "220-wait\r\n"`+"\n> 220 go\nstall", "MM511"),
	}
	for path, opening := range map[string]string{"imap-143": imap, "smtp-587": smtp} {
		agreed := opening + "> $tag OK go\n"
		if path == "smtp-587" {
			agreed = opening + "> 220 go\n"
		}
		servers = append(servers,
			on(path, opening, "says nothing to STARTTLS", "stall", "MM511"),
			on(path, opening, "closes at STARTTLS", "close", "MM511"),
			on(path, opening, "drips at STARTTLS", `drip 1s "* OK go on waiting\r\n"`, "MM511"),
			on(path, agreed, "agrees and says nothing", "stall", "MM416"),
			on(path, agreed, "agrees and reads nothing", "deaf", "MM416"),
			on(path, agreed, "agrees and closes", "close", "MM416"),
			on(path, agreed, "agrees and closes at the hello", "hello\nclose", "MM416"),
			on(path, agreed, "agrees and resets at the hello", "hello\nreset", "MM416"),
			on(path, agreed, "agrees and drips", "hello\n"+`drip 1s "\x16\x03\x03\x00\x7a\x02\x00"`, "MM416"),
		)
	}
	meet(t, servers)
}
