package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"
	"strconv"
	"testing"
)

// evil is a text that would do something if it were printed as it is: it moves the cursor,
// sets the title, makes a link, deletes, turns the direction of writing, and hides. Beside it
// stands what the report has to show of it.
const (
	evil      = "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil.example/\x07\b\x7f\xc2\x9b31m\u202egnp\u2066\u200b\u200f\ufeff\u2028\u00ad\U000e0041\ufe0f\u3164\u115f\x00\r"
	evilShown = `\x1b[2J`
)

// evilLine is a step of a script that says a line with evil in it.
func evilLine(before, after string) string {
	return ">> " + strconv.Quote(before+evil+after+"\r\n") + "\n"
}

// TestHostileTexts has servers put what a terminal obeys, or hides, into every text that
// mailmedic shows.
func TestHostileTexts(t *testing.T) {
	const imap = "> * OK hello\n< CAPABILITY\n"
	const smtp = "> 220 hello\n< EHLO\n"
	const bye = "< LOGOUT\n> $tag OK bye\nclose"
	loggedIn := func(capabilities string) string {
		return untilLogin()["imap-993"] + "> $tag OK [CAPABILITY IMAP4rev1" + capabilities + "] in\n"
	}
	listing := func(rows string) string {
		return loggedIn("") + "< LIST\n> * LIST () \"/\" INBOX\n" + rows + "> $tag OK done\n< LOGOUT\nclose"
	}
	on := func(path, name, script, want string, flags ...string) behaviour {
		return behaviour{name: name, path: path, script: script, want: want, shows: evilShown, flags: flags}
	}
	_, sender, recipient := untilEnvelopes()
	header := "Subject: =?utf-8?q?it's_=1b[2J=e2=80=aegnp=e2=80=8b?=\r\nFrom: =?utf-8?q?=1b[2J=07?= <a@b.example>\r\n\r\n"
	message := "< LIST\n> * LIST () \"/\" INBOX\n> * LIST () \"/\" Sent\n> $tag OK done\n< STATUS\n> * STATUS INBOX (MESSAGES 1)\n> $tag OK done\n" +
		"< STATUS\n> * STATUS Sent (MESSAGES 0)\n> $tag OK done\n< EXAMINE\n> * 1 EXISTS\n> $tag OK ok\n< FETCH\n>> " +
		strconv.Quote(fmt.Sprintf("* 1 FETCH (UID 1 INTERNALDATE \"01-Jan-2020 00:00:00 +0000\" BODY[HEADER.FIELDS (Subject From)]<0> {%d}\r\n%s)\r\n", len(header), header)) + "\n"
	const folders = "MM802 MM808 MM810 MM806" // of a list that is odd and then breaks off
	meet(t, slices.Concat([]behaviour{
		on("imap-143", "in no greeting", evilLine("", "")+"stall", "MM501 MM511"),
		on("smtp-587", "in no greeting", evilLine("", "")+"stall", "MM501 MM511"),
		unseen(on("imap-993", "in clear text in place of TLS", evilLine("", "")+"stall", "MM501 MM416")),
		on("imap-143", "in a goodbye", evilLine("* BYE ", "")+"close", "MM502"),
		on("imap-993", "in a goodbye", "tls\n"+evilLine("* BYE [UNAVAILABLE] ", "")+"close", "MM502"),
		on("imap-993", "in a code", "tls\n"+evilLine("* BYE [X", "] no")+"close", "MM508 MM502"),
		on("imap-143", "in a claim to be logged in", evilLine("* PREAUTH ", "")+"stall", "MM509"),
		on("smtp-587", "in a refusal", evilLine("554 5.7.1 ", "")+"close", "MM508"),
		on("smtp-465", "in a refusal of several lines", "tls\n"+evilLine("421-", "")+evilLine("421 ", "")+"close", "MM502"),
		on("smtp-587", "in an FTP greeting", evilLine("220 ProFTPD Server ", "")+"stall", "MM501"),
		on("smtp-587", "on a block list", evilLine("554 5.7.1 blocked using zen.spamhaus.org ", "")+"close", "MM507"),

		on("imap-143", "in capabilities", imap+evilLine("* CAPABILITY IMAP4rev1 X", " Y")+"> $tag OK done\n< STARTTLS\n> $tag BAD no\n"+bye, "MM406"),
		on("imap-993", "in mechanisms", "tls\n"+imap+evilLine("* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=X", "")+"> $tag OK done\n"+bye, "MM711 MM707"),
		on("imap-143", "in the refusal of capabilities", imap+">> "+strconv.Quote("m1 BAD "+evil+"\r\n")+"\n"+bye, "MM508"),
		on("imap-143", "in the refusal of STARTTLS", imap+"> * CAPABILITY IMAP4rev1 STARTTLS\n> $tag OK done\n< STARTTLS\n"+evilLine("m2 NO ", "")+bye, "MM406"),
		on("imap-143", "behind STARTTLS", imap+"> * CAPABILITY IMAP4rev1 STARTTLS\n> $tag OK done\n< STARTTLS\n"+evilLine("m2 OK "+evil+"\r\n", "")+"stall", "MM415"),
		on("smtp-587", "in the name of EHLO", smtp+evilLine("250-", " hello")+"> 250 SIZE 1\n< STARTTLS\n> 500 no\n< QUIT\n> 221 bye\nclose", "MM406"),
		on("smtp-587", "in keywords", smtp+"> 250-x\n"+evilLine("250 X", "")+"< STARTTLS\n> 500 no\n< QUIT\n> 221 bye\nclose", "MM406"),
		on("smtp-465", "in mechanisms", "tls\n"+smtp+"> 250-x\n"+evilLine("250 AUTH X", "")+"< QUIT\n> 221 bye\nclose", "MM711"),
		on("smtp-587", "in the refusal of EHLO", smtp+evilLine("550 ", "")+"< QUIT\n> 221 bye\nclose", "MM508"),
		on("smtp-587", "in the refusal of STARTTLS", smtp+"> 250-x\n> 250 STARTTLS\n< STARTTLS\n"+evilLine("454 ", "")+"< QUIT\n> 221 bye\nclose", "MM406"),
		unseen(on("smtp-587", "behind STARTTLS", smtp+"> 250-x\n> 250 STARTTLS\n< STARTTLS\n"+evilLine("220 go\r\n", "")+"stall", "MM415")),

		on("imap-993", "in the refusal of a login", untilLogin()["imap-993"]+evilLine("m2 NO [AUTHENTICATIONFAILED] ", "")+bye, "MM701"),
		on("imap-993", "in the code of a refused login", untilLogin()["imap-993"]+evilLine("m2 NO [X", "] "+evil)+bye, "MM701"),
		on("imap-993", "in an alert at the login", untilLogin()["imap-993"]+evilLine("* NO [ALERT] ", "")+evilLine("m2 NO [ALERT] ", "")+bye, "MM701"),
		on("imap-993", "in a goodbye at the login", untilLogin()["imap-993"]+evilLine("* BYE ", "")+"close", "MM701 MM708 MM709"),
		on("imap-993", "behind the logout", untilLogin()["imap-993"]+"> $tag NO no\n< LOGOUT\n"+evilLine("* BYE ", "")+"close", "MM701"),
		on("smtp-465", "in the refusal of a login", untilLogin()["smtp-465"]+evilLine("535 5.7.8 ", "")+"< QUIT\n"+evilLine("221 ", "")+"close", "MM701"),
		on("smtp-465", "in the mail limit", untilLogin()["smtp-465"]+evilLine("454 4.7.0 ", "")+"< QUIT\n> 221 bye\nclose", "MM708"),

		unseen(on("imap-993", "in a folder", listing(evilLine("* LIST () \"/\" \"", "\"")), folders)),
		unseen(on("imap-993", "in a folder as UTF-7", listing("> * LIST () \"/\" \"&ABsgLiBmIAs-\"\n"), folders)),
		unseen(on("imap-993", "in a literal folder", listing(fmt.Sprintf(">> %q\n", fmt.Sprintf("* LIST () \"/\" {%d}\r\n%s\r\n", len(evil), evil))), folders)),
		on("imap-993", "in an attribute", listing(evilLine("* LIST (\\X", ") \"/\" x")), folders),
		on("imap-993", "in a delimiter", listing(evilLine("* LIST () \"", "\" x")), folders),
		on("imap-993", "in the refusal of LIST", loggedIn("")+"< LIST\n"+evilLine("T1 NO [SERVERBUG] ", "")+bye, "MM810"),
		on("imap-993", "in a goodbye at LIST", loggedIn("")+"< LIST\n"+evilLine("* BYE ", "")+"close", "MM810"),
		on("imap-993", "in a namespace", loggedIn(" NAMESPACE")+"< LIST\n>> "+strconv.Quote("* NAMESPACE ((\"\x1b[2J\u202e/\" \"/\")) NIL NIL\r\n")+"\n> * LIST () \"/\" INBOX\n> T1 OK done\n> T2 OK done\nclose", folders),
		unseen(on("imap-993", "in a quota", loggedIn(" QUOTA")+"< LIST\n> * LIST () \"/\" INBOX\n> $tag OK done\n< GETQUOTAROOT\n>> "+strconv.Quote("* QUOTA \"\x1b[2J\u202e\" (STORAGE 100 100)\r\n")+"\nclose", folders+" MM712")),
		unseen(on("imap-993", "in a message", loggedIn("")+message+"close", "MM810", "--show-messages")),
		on("smtp-465", "in the refusal of the recipient", recipient+evilLine("550 5.1.1 ", "")+"< QUIT\n> 221 bye\nclose", "MM902", "--envelope"),
		on("smtp-465", "in the refusal of the sender", sender+evilLine("550 5.7.1 ", "")+"< QUIT\n> 221 bye\nclose", "MM901", "--envelope"),
	}, []behaviour{
		{name: "in a subject", path: "imap-993", serve: shows(evilSubject), want: "MM410 MM404", shows: evilShown},
		{name: "in a subject", path: "smtp-465", serve: shows(evilSubject), want: "MM410 MM404", shows: evilShown},
		{name: "in an issuer", path: "imap-993", serve: shows(evilIssuer), want: "MM412 MM411", shows: evilShown},
		// Go does not read a certificate for a name that can be none.
		{name: "in the names of a certificate", path: "imap-993", serve: shows(evilNames), want: "MM410 MM404 MM416"},
	}))
}

// unseen is a behaviour whose text is not shown as it is, or not at all.
func unseen(b behaviour) behaviour {
	b.shows = ""
	return b
}

func evilSubject(spot) (tls.Certificate, error) {
	return selfSigned(func(c *x509.Certificate) {
		c.Subject.CommonName, c.Subject.Organization = evil, []string{evil}
	})
}

func evilNames(spot) (tls.Certificate, error) {
	return selfSigned(func(c *x509.Certificate) {
		c.DNSNames = append(c.DNSNames, "\x1b[2J\x07.example.org")
		c.IssuingCertificateURL = []string{"http://\x1b[2J\x07/"}
	})
}

func evilIssuer(spot) (tls.Certificate, error) {
	authority, err := selfSigned(evilAuthority)
	if err != nil {
		return authority, err
	}
	parent, err := x509.ParseCertificate(authority.Certificate[0])
	if err != nil {
		return authority, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority, err
	}
	der, err := x509.CreateCertificate(rand.Reader, hostTemplate(), parent, key.Public(), authority.PrivateKey)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

func evilAuthority(c *x509.Certificate) {
	c.Subject.CommonName = evil
	c.IsCA, c.BasicConstraintsValid = true, true
}
