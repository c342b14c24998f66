package main

import (
	"slices"
	"testing"
)

// TestHostileFolders has servers let the user in, and misbehave when they are asked what is
// there.
func TestHostileFolders(t *testing.T) {
	const unreadable = "MM810"
	const many = "MM810 MM806"
	loggedIn := func(capabilities string) string {
		return untilLogin()["imap-993"] + "> $tag OK [CAPABILITY IMAP4rev1" + capabilities + "] in\n"
	}
	const listed = "< LIST\n> * LIST () \"/\" INBOX\n> * LIST () \"/\" Sent\n> $tag OK done\n"
	const counted = listed + "< STATUS\n> * STATUS INBOX (MESSAGES 3)\n> $tag OK done\n< STATUS\n> * STATUS Sent (MESSAGES 0)\n> $tag OK done\n"
	on := func(name, script, want string) behaviour {
		return behaviour{name: name, path: "imap-993", script: loggedIn("") + script, want: want}
	}
	flood := func(line string) string { return `repeat 10000000 "` + line + `\r\n"` + "\nstall" }
	// Every answer takes longer than the one before, until one takes too long.
	const slower = "wait 200ms\n< LIST\nwait 400ms\n> * LIST () \"/\" INBOX\n> * LIST () \"/\" Sent\n> $tag OK done\n" +
		"< STATUS\nwait 800ms\n> * STATUS INBOX (MESSAGES 3)\n> $tag OK done\n< STATUS\nwait 20s\n> * STATUS Sent (MESSAGES 3)\n> $tag OK done\nstall"
	row := `* LIST () \"/\" folder`
	meet(t, slices.Concat([]behaviour{
		on("says nothing to LIST", "< LIST\nstall", unreadable),
		on("reads no more", "< LIST\ndeaf", unreadable),
		on("closes at LIST", "< LIST\nclose", unreadable),
		on("closes its half at LIST", "< LIST\nhalf", unreadable),
		on("resets at LIST", "< LIST\nreset", unreadable),
		on("drips at LIST", "< LIST\n"+`drip 1s "* LIST () \"/\" INBOX\r\n"`, unreadable),
		on("lists nothing", "< LIST\n> $tag OK done\n< LOGOUT\n> $tag OK bye\nclose", unreadable),
		on("refuses LIST", "< LIST\n> $tag NO [SERVERBUG] no\n< LOGOUT\n> $tag OK bye\nclose", unreadable),
		on("answers LIST by a tag of nobody", "< LIST\n> x9 OK done\nstall", unreadable),
		on("answers LIST twice", "< LIST\n>> \"T1 OK done\\r\\nT1 OK done\\r\\n\"\n> * LIST () \"/\" INBOX\nstall", unreadable),
		on("prompts at LIST", "< LIST\n"+flood("+ go on"), unreadable),
		on("says goodbye at LIST", "< LIST\n> * BYE enough\nclose", unreadable),
		on("announces a literal of 1 GiB", "< LIST\n> * LIST () \"/\" {1073741824}\n"+`repeat 10000000 "literal "`+"\nstall", unreadable),
		on("announces a literal beyond all numbers", "< LIST\n> * LIST () \"/\" {99999999999999999999}\nstall", unreadable),
		on("announces a literal and sends none", "< LIST\n> * LIST () \"/\" {60000}\nstall", unreadable),
		on("sends a thousand literals in a row", "< LIST\n>> \"* LIST (\"\n"+`repeat 10000000 "{1}\r\nx "`+"\nstall", unreadable),
		on("says a line of 64 MiB", "< LIST\n>> \"* LIST () \\\"/\\\" \"\n"+`repeat 1048576 "a line that has no end. It goes on and on, and then on some more "`+"\nstall", unreadable),
		on("opens 60 thousand parentheses", "< LIST\n>> \"* LIST \"\n"+`repeat 60000 "("`+"\n> \n> $tag OK done\n< LOGOUT\n> $tag OK bye\nclose", unreadable),
		on("opens 100 thousand parentheses", "< LIST\n>> \"* LIST \"\n"+`repeat 100000 "("`+"\n> \nstall", unreadable),
		on("opens parentheses between literals", "< LIST\n>> \"* LIST \"\n"+`repeat 100000 "(((((((({1}\r\nx "`+"\nstall", unreadable),
		on("opens parentheses in a FETCH", "< LIST\n>> \"* 1 FETCH (BODYSTRUCTURE \"\n"+`repeat 60000 "("`+"\n> \nstall", unreadable),
		on("knows parentheses as capabilities", "< LIST\n"+flood("* CAPABILITY IMAP4rev1 (X)"), unreadable),
		on("opens a code and never closes it", "< LIST\n"+flood("* OK [ALERT no bracket"), unreadable),

		on("has a million folders", "< LIST\n"+`repeat 1000000 "`+row+`\r\n"`+"\n> $tag OK done\nstall", many),
		on("has folders of no end", "< LIST\n"+flood(row), many),
		on("has a folder with a million marks", "< LIST\n>> \"* LIST (\"\n"+`repeat 1000000 "\\x "`+"\nstall", unreadable),
		on("has rows that do not read", "< LIST\n"+flood("* LIST what"), unreadable),
		on("talks of nothing but quotas", "< LIST\n"+flood(`* QUOTA \"\" (STORAGE 1 2)`), unreadable),
		on("talks of nothing but messages", "< LIST\n"+flood("* 3 EXISTS"), unreadable),
		on("talks of nothing that is known", "< LIST\n"+flood("* WHATEVER this is"), unreadable),

		on("says nothing to STATUS", listed+"< STATUS\nstall", unreadable),
		on("closes at STATUS", listed+"< STATUS\nclose", unreadable),
		on("counts without end", listed+"< STATUS\n"+flood("* STATUS INBOX (MESSAGES 3)"), unreadable),
		on("counts without being asked", "< LIST\n"+flood("* STATUS INBOX (MESSAGES 3)"), unreadable),
		on("lists subscriptions without end", listed+"< LSUB\n"+flood(`* LSUB () \"/\" folder`), unreadable),
		on("says nothing to EXAMINE", counted+"< EXAMINE\nstall", unreadable),
		on("closes at EXAMINE", counted+"< EXAMINE\nclose", unreadable),
		on("fetches without end", counted+"< EXAMINE\n> $tag OK [READ-ONLY] ok\n< FETCH\n"+flood(`* 1 FETCH (UID 1)`), unreadable),
		on("fetches literals without end", counted+"< EXAMINE\n> $tag OK [READ-ONLY] ok\n< FETCH\n"+flood(`* 1 FETCH (UID 1 BODY[HEADER.FIELDS (SUBJECT)]<0> {60}\r\nSubject: 0123456789012345678901234567890123456789012345\r\n\r\n)`), unreadable),
		on("fetches a message of 1 GiB", counted+"< EXAMINE\n> $tag OK [READ-ONLY] ok\n< FETCH\n> * 1 FETCH (BODY[] {1073741824}\n"+`repeat 10000000 "literal "`+"\nstall", unreadable),
		on("is slower with every step", slower, unreadable),
		{name: "has namespaces without end", path: "imap-993", script: loggedIn(" NAMESPACE") + "< LIST\n" + flood(`* NAMESPACE ((\"\" \"/\")) NIL NIL`), want: unreadable},
		{name: "opens parentheses in a namespace", path: "imap-993", script: loggedIn(" NAMESPACE") + "< LIST\n>> \"* NAMESPACE \"\n" + `repeat 60000 "("` + "\n> \n" + flood("* OK x"), want: unreadable},
		{name: "has searches without end", path: "imap-993", script: loggedIn("") + "< LIST\n" + flood(`* ESEARCH (TAG \"T1\") ALL 1:4294967295`), want: unreadable},
	}))
}
