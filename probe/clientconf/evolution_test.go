package clientconf

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// evolutionFiles are two accounts over their files, one switched off and what is no account.
func evolutionFiles() map[string]string {
	return map[string]string{
		"a1.source": `
[Data Source]
DisplayName=Example\sMail
Enabled=true
Parent=

[Mail Account]
BackendName=imapx
IdentityUid=a2
ArchiveFolder=

[Authentication]
Host=imap.example.org
Method=SCRAM-SHA-256
Port=993
User=ann@example.org
Password=K4nary-of-the-mine

[Security]
Method=ssl-on-alternate-port

[Imapx Backend]
CheckAll=true
ConcurrentConnections=30
Namespace=INBOX
UseNamespace=true
UseIdle=true

[Refresh]
Enabled=true
IntervalMinutes=10
`,
		"a2.source": `
[Data Source]
DisplayName=Example
Parent=a1

[Mail Identity]
Address=ann@example.org
Name=Ann

[Mail Submission]
SentFolder=folder://a1/Sent%20Items
TransportUid=a3

[Mail Composition]
DraftsFolder=folder://local/Drafts
`,
		"a3.source": `
[Data Source]
Parent=a1

[Mail Transport]
BackendName=smtp

[Authentication]
Host=smtp.example.org
Method=PLAIN
Port=587
User=ann

[Security]
Method=starttls-on-standard-port
`,
		"b1.source":          "[Data Source]\nParent=b0\n[Mail Account]\nBackendName=imapx\nIdentityUid=nowhere\n[Authentication]\nHost=imap.example.net\nPort=0\nMethod=Google\n[Offline]\nStaySynchronized=false\n[Refresh]\nEnabled=false\n[Imapx Backend]\nCheckSubscribed=true\n",
		"c1.source":          "[Data Source]\nParent=c0\n[Mail Account]\nBackendName=imapx\n[Authentication]\nHost=imap.example.com\n",
		"c0.source":          "[Data Source]\nEnabled=false\nParent=c1\n",
		"d.source":           "[Data Source]\n[Mail Account]\nBackendName=imapx\n",
		"local.source":       "[Data Source]\n[Mail Account]\nBackendName=maildir\n",
		"pop.source":         "[Data Source]\n[Mail Account]\nBackendName=pop\n[Authentication]\nHost=pop.example.org\n",
		"calendar.source":    "[Data Source]\n[Calendar]\nBackendName=caldav\n[Authentication]\nHost=dav.example.org\n",
		"system-proxy":       "",
		"broken-file.source": "[Mail Account\nBackendName=imapx\n[Authentication]\nHost=imap.example.org",
	}
}

func TestEvolution(t *testing.T) {
	got, err := evolution(evolutionFiles(), Origin{Shown: "~/.config/evolution/sources"})
	silent(t, got, err)
	want := []evidence.Client{{
		Program: "evolution", File: "~/.config/evolution/sources/a1.source", Account: "Example Mail", Address: "ann@example.org",
		Receiving: &evidence.ClientServer{Host: "imap.example.org", Port: 993, Encryption: profile.TLS, Login: "ann@example.org", Auth: evidence.AuthEncrypted},
		Sending:   &evidence.ClientServer{Host: "smtp.example.org", Port: 587, Encryption: profile.STARTTLS, Login: "ann", Auth: evidence.AuthPassword},
		RootPath:  pointer("INBOX"), SentPath: pointer("Sent Items"), Asks: evidence.No,
		CheckMinutes: pointer(10), SyncsAll: evidence.Yes, Connections: 7,
	}, {
		Program: "evolution", File: "~/.config/evolution/sources/b1.source", Account: "b1",
		Receiving: &evidence.ClientServer{Host: "imap.example.net", Port: 143, Encryption: profile.None, Auth: evidence.AuthOAuth},
		Asks:      evidence.Yes, CheckMinutes: pointer(0), Connections: 3,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-) and got (+) differ:\n%s", diff)
	}
	if err == nil || err.Error() != "d.source: no server is in it" {
		t.Errorf("got error %v, want one about d.source", err)
	}
}

func FuzzEvolution(f *testing.F) {
	files := evolutionFiles()
	f.Add(files["a1.source"], files["a2.source"], files["a3.source"])
	f.Add("[Data Source]\nParent=a1\n[Mail Account]\nBackendName=imapx\nIdentityUid=a1", "", "\xff\xfe[")
	f.Fuzz(func(t *testing.T, one, two, three string) {
		clients, err := evolution(map[string]string{"a1.source": one, "a2.source": two, "a3.source": three}, Origin{Shown: "~"})
		for _, c := range clients {
			if c.Receiving == nil && c.Sending == nil {
				t.Error("got an account without a server")
			}
		}
		all := one + two + three
		if strings.Count(all, sealed) == 1 && strings.Contains(one, "\nPassword="+sealed) {
			silent(t, clients, err)
		}
	})
}
