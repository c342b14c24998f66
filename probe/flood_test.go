package probe

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"mailmedic/probe/evidence"
)

// TestLongAnswers has servers say far too much at every stage. Of no text and of no list
// more is kept than a person would read.
func TestLongAnswers(t *testing.T) {
	long := strings.Repeat("x", 60000)
	anyway := "< STARTTLS\n> $tag BAD no\n"
	bye := "< LOGOUT\n> $tag OK bye\nclose"
	for name, c := range map[string]struct{ path, script string }{
		"a capability":     {"imap-143", "> * OK hi\n< CAPABILITY\n> * CAPABILITY IMAP4rev1 " + long + "\n> $tag OK done\n" + anyway + bye},
		"capabilities":     {"imap-143", "> * OK hi\n< CAPABILITY\n> * CAPABILITY IMAP4rev1" + strings.Repeat(" x", 30000) + "\n> $tag OK done\n" + anyway + bye},
		"in a greeting":    {"imap-993", "tls\n> * OK [CAPABILITY IMAP4rev1 AUTH=" + long + strings.Repeat(" x", 2000) + "] hi\n< LOGIN\n> $tag NO no\n" + bye},
		"EHLO":             {"smtp-587", "> 220 hi\n< EHLO\n> 250-" + long + "\n" + strings.Repeat("> 250-"+long+"\n", 20) + "> 250 OK\n< STARTTLS\n> 502 no\n< QUIT\n> 221 bye\nclose"},
		"no answer at all": {"imap-143", "> " + long + "\nclose"},
		"a code":           {"imap-993", "tls\n> * BYE [" + long + "] no\nclose"},
		"LIST refused":     {"imap-993", loggedIn + "< LIST\n> $tag NO [X" + long + "] " + long + "\n" + bye},
		"a folder":         {"imap-993", loggedIn + "< LIST\n> * LIST (\\" + long + ") \"/\" a\n> * LIST () \"/\" " + long + "\n> $tag OK done\n" + bye},
		"a prefix":         {"imap-993", offering("IMAP4rev1 NAMESPACE") + "< NAMESPACE\n> * NAMESPACE ((\"" + long + "\" \"/\")) NIL NIL\n> $tag OK done\n" + rows(`* LIST () "/" INBOX`) + uncounted + leaves},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, plan := hostile(t, c.path, c.script)
			e := ends(t, plan)
			for _, text := range heard(e) {
				if len(*text) > longest+10 { // a failure has the status in front of the reply
					t.Errorf("got a text of %d bytes, want at most %d: %.60s", len(*text), longest, *text)
				}
			}
			s := &e.Sessions[0]
			for _, list := range [][]string{s.Capability.Clear, s.Capability.Final} {
				if size := len(strings.Join(list, "")); len(list) > mostWords || size > mostWords*longestWord {
					t.Errorf("got %d capabilities of %d bytes, want at most %d", len(list), size, mostWords)
				}
			}
			if s.Broken != "" {
				t.Errorf("broken: %s", s.Broken)
			}
		})
	}
}

// TestLongRefusal is the same for what go-smtp hands on.
func TestLongRefusal(t *testing.T) {
	got, err := said(&smtp.SMTPError{Code: 550, Message: strings.Repeat("x", 60000)})
	if err != nil || len(got.Text) != longest {
		t.Errorf("got %d bytes, %v; want %d", len(got.Text), err, longest)
	}
}

// TestLongFolderName asks the server by the name that it gave, whatever the record keeps.
func TestLongFolderName(t *testing.T) {
	long := strings.Repeat("x", 2500) + "/Sent"
	_, plan := hostile(t, "imap-993", loggedIn+rows(`* LIST () "/" INBOX`, `* LIST () "/" "`+long+`"`)+
		"< INBOX (MESSAGES\n> $tag NO no\n< x/Sent\n> * STATUS \""+long+"\" (MESSAGES 3)\n> $tag OK done\n"+leaves)
	plan.Options.Messages = 0
	list := ends(t, plan).Session("imap-993").Folders.List
	if len(list) != 2 || len(list[1].Name) > longest || !strings.HasSuffix(list[1].Name, "x…") || list[1].Is(evidence.Sent) {
		t.Fatalf("folders: got %.200v, want two, the second cut and marked", list)
	}
	if got := list[1].Messages; got == nil || *got != 3 {
		t.Error("the server was not asked by its own name")
	}
}

// TestManyMarks: rows that name the same folder, each with thousands of attributes, cost
// minutes. A few are kept.
func TestManyMarks(t *testing.T) {
	list := []evidence.Folder{{Name: "INBOX", Attributes: []string{`\HasChildren`}}}
	for n := range 16 {
		row := evidence.Folder{Name: "INBOX"}
		for i := range 9000 {
			row.Attributes = append(row.Attributes, fmt.Sprintf(`\%d`, n*9000+i))
		}
		list = append(list, row, evidence.Folder{Name: "INBOX", Subscribed: evidence.Yes})
	}
	began := time.Now()
	got := merged(list)
	if len(got) != 1 || len(got[0].Attributes) != mostMarks || got[0].Attributes[0] != `\HasChildren` || got[0].Subscribed != evidence.Yes {
		t.Errorf("got %.300v, want one folder with %d attributes, the first of them first, subscribed", got, mostMarks)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %s, want far less", took)
	}
}
