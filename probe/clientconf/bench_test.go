package clientconf

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
)

// manyAccounts is a file with that many accounts for each program.
func manyAccounts(n int) map[string]string {
	files := map[string]*strings.Builder{}
	for _, k := range kinds() {
		if k.read != nil {
			files[k.program] = &strings.Builder{}
		}
	}
	fmt.Fprint(files["outlook"], "[Internet Account List]\n")
	for i := range n {
		fmt.Fprintf(files["outlook"], "Account%d=IMAP_I_Mail\n", i+1)
	}
	fmt.Fprint(files["k9"], "<k9settings><accounts>")
	fmt.Fprint(files["apple-mail"], "<plist><dict><key>PayloadContent</key><array>")
	var keys []string
	for i := range n {
		keys = append(keys, fmt.Sprintf("account%d", i))
		fmt.Fprintf(files["thunderbird"], "user_pref(\"mail.account.account%d.server\", \"server%d\");\nuser_pref(\"mail.account.account%d.identities\", \"id%d\");\nuser_pref(\"mail.identity.id%d.useremail\", \"u%d@example.com\");\nuser_pref(\"mail.server.server%d.hostname\", \"h%d\");\nuser_pref(\"mail.server.server%d.type\", \"imap\");\n", i, i, i, i, i, i, i, i, i)
		fmt.Fprintf(files["mbsync"], "IMAPAccount a%d\nHost h%d\nUser u\n\nIMAPStore s%d\nAccount a%d\n\nChannel c%d\nFar :s%d:\nNear :l%d:\nPatterns *\n\n", i, i, i, i, i, i, i)
		fmt.Fprintf(files["msmtp"], "account a%d : a%d\nhost h%d\nfrom u%d@example.com\n", i, max(i-1, 0), i, i)
		fmt.Fprintf(files["offlineimap"], "[Account a%d]\nremoterepository=r%d\n[Repository r%d]\ntype=IMAP\nremotehost=h%d\nremoteuser=%%(remotehost)s\n", i, i, i, i)
		fmt.Fprintf(files["aerc"], "[a%d]\nsource = imaps://u@h%d\n", i, i)
		fmt.Fprintf(files["himalaya"], "[accounts.a%d]\nbackend.type = \"imap\"\nbackend.host = \"h%d\"\nbackend.login = \"u\"\n", i, i)
		fmt.Fprintf(files["outlook"], "[Account%d]\nAccountName=a%d\nIMAPServer=h%d\n", i+1, i, i)
		fmt.Fprintf(files["k9"], "<account uuid=\"%d\"><name>a%d</name><incoming-server type=\"IMAP\"><host>h%d</host></incoming-server></account>", i, i, i)
		fmt.Fprintf(files["apple-mail"], "<dict><key>PayloadType</key><string>com.apple.mail.managed</string><key>EmailAccountType</key><string>EmailTypeIMAP</string><key>EmailAccountName</key><string>a%d</string><key>IncomingMailServerHostName</key><string>h%d</string></dict>", i, i)
		fmt.Fprintf(files["mutt"], "folder-hook f%d 'set folder=imaps://u@h%d from=u%d@example.com smtp_url=smtp://u@h%d'\naccount-hook imaps://u@h%d/ 'set imap_pass=x'\n", i, i, i, i, i)
	}
	fmt.Fprintf(files["thunderbird"], "user_pref(\"mail.accountmanager.accounts\", \"%s\");\n", strings.Join(keys, ","))
	fmt.Fprint(files["k9"], "</accounts></k9settings>")
	fmt.Fprint(files["apple-mail"], "</array></dict></plist>")
	all := map[string]string{}
	for program, text := range files {
		all[program] = text.String()
	}
	return all
}

func readText(program, text string) ([]evidence.Client, error) {
	for _, k := range kinds() {
		if k.program == program {
			return k.read(text, Origin{File: "/nowhere/file", Shown: "~/file", Home: "/nowhere"})
		}
	}
	return nil, nil
}

func TestAccountsHaveALimit(t *testing.T) {
	for program, text := range manyAccounts(600) {
		got, err := readText(program, text)
		if len(got) != maxAccounts || !strings.Contains(message(err), "more than 500 accounts") {
			t.Errorf("%s: got %d accounts and error %v, want 500 and one that says so", program, len(got), err)
		}
	}
}

// TestLargeFiles reads files of 2 MiB that make a reader work as hard as it can.
func TestLargeFiles(t *testing.T) {
	fill := func(line string) string { return strings.Repeat(line, maxFile/4/len(line)) }
	for name, f := range map[string]struct{ program, text string }{
		"lines":              {"mbsync", fill("IMAPAccount a\nHost h\n\n")},
		"a section":          {"offlineimap", fill("x=%(y)s%(z)s%(x)s\n")},
		"sections":           {"offlineimap", fill("[Account a]\nremoterepository=r\n")},
		"folded":             {"offlineimap", "[a]\nx=1\n" + fill(" a\n")},
		"references":         {"offlineimap", "[Account a]\nremoterepository=%(a)s\n[DEFAULT]\n" + strings.Repeat("a=%(a)s"+strings.Repeat("%(a)s%(b)s", 5000)+"\nb="+strings.Repeat("%(a)s", 9000)+"\n", 40)},
		"inherited":          {"msmtp", "account a\n" + fill("account b : a,a,a,a,a,a,a,a\npassword x\n")},
		"one line":           {"mutt", fill("set my_x=$my_x ")},
		"doubled":            {"mutt", "set my_x=aaaaaaaaaaaaaaaa\n" + fill("set my_x=$my_x$my_x\n")},
		"hooks in hooks":     {"mutt", fill(strings.Repeat("folder-hook . ", 4000) + "'set folder=imaps://h'\n")},
		"hooks":              {"mutt", "set folder=imaps://h\n" + fill("account-hook imaps://h 'set imap_user=x'\nfolder-hook . 'set folder=imaps://x from=a@b'\n")},
		"mailboxes":          {"mutt", fill("mailboxes imaps://a.example.com imaps://b.example.com\n")},
		"continued":          {"mutt", fill("set \\\n")},
		"settings":           {"thunderbird", fill("user_pref(\"mail.server.server1.x\", 1);\n")},
		"broken settings":    {"thunderbird", fill("user_pref(\"mail.x\", \"\n")},
		"comments not ended": {"thunderbird", fill("/* ")},
		"slashes":            {"thunderbird", fill("user_pref(\"mail.x\", \"\\\\\\\\\\\\\\\\\");")},
	} {
		start := time.Now()
		got, _ := readText(f.program, f.text)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s, %s: took %v", f.program, name, took)
		} else {
			t.Logf("%s, %s: %d accounts, %v", f.program, name, len(got), took)
		}
	}
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", maxLine+2)
	for program, text := range map[string]string{
		"thunderbird": "user_pref(\"mail.x\", \"" + long + "\");\n" + oneThunderbird,
		"mbsync":      "# " + long + "\nIMAPAccount a\nHost h\n",
		"msmtp":       "# " + long + "\naccount a\nhost h\n",
		"offlineimap": "# " + long + "\n[Account a]\nremoterepository=r\n[Repository r]\ntype=IMAP\nremotehost=h\n",
		"mutt":        "set from=\"" + long + "\"\nset folder=imaps://h\n",
	} {
		got, err := readText(program, text)
		if err != nil || len(got) != 1 || len(got[0].Missed) != 1 || got[0].Missed[0] != "line 1 is longer than 64 KiB and was not read" {
			t.Errorf("%s: got error %v and %+v, want one account and what was missed", program, err, got)
		}
	}
}

func BenchmarkTwoHundredAccounts(b *testing.B) {
	for program, text := range manyAccounts(200) {
		b.Run(program, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got, _ := readText(program, text); len(got) != 200 {
					b.Fatalf("got %d accounts", len(got))
				}
			}
		})
	}
}
