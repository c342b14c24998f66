package clientconf

import (
	"strings"
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

const k9File = `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<k9settings version="106" format="1">
  <global><value key="theme">DARK</value></global>
  <accounts>
    <account uuid="5c2a">
      <name>Example</name>
      <incoming-server type="IMAP">
        <host>imap.example.org</host>
        <port>993</port>
        <connection-security>SSL_TLS_REQUIRED</connection-security>
        <authentication-type>PLAIN</authentication-type>
        <username>ann@example.org</username>
        <extra>
          <value key="autoDetectNamespace">false</value>
          <value key="pathPrefix">INBOX</value>
        </extra>
      </incoming-server>
      <outgoing-server type="SMTP">
        <host>smtp.example.org</host>
        <connection-security>STARTTLS_REQUIRED</connection-security>
        <authentication-type>CRAM_MD5</authentication-type>
        <username>ann</username>
        <extra />
      </outgoing-server>
      <settings>
        <value key="automaticCheckIntervalMinutes">15</value>
        <value key="folderSyncMode">ALL</value>
        <value key="maxPushFolders">2</value>
        <value key="sentFolderName">INBOX.Sent</value>
        <value key="draftsFolderName"></value>
        <value key="allowRemoteSearch">false</value>
      </settings>
      <identities>
        <identity><name>Ann</name><email>ann@example.org</email><settings><value key="automaticCheckIntervalMinutes">1</value></settings></identity>
        <identity><name>Other</name><email>other@example.org</email></identity>
      </identities>
      <folders>
        <folder name="INBOX"><value key="pushEnabled">true</value></folder>
        <folder name="a"><value key="pushEnabled">true</value></folder>
        <folder name="b"><value key="pushEnabled">true</value></folder>
        <folder name="c"><value key="pushEnabled">false</value></folder>
      </folders>
    </account>
    <account uuid="5c2b">
      <incoming-server type="IMAP">
        <host>imap.example.net</host>
        <connection-security>STARTTLS_OPTIONAL</connection-security>
        <authentication-type>AUTOMATIC</authentication-type>
        <username>ann</username>
        <password>K4nary-of-the-mine</password>
      </incoming-server>
      <outgoing-server type="SMTP">
        <host>smtp.example.net</host>
        <port>465</port>
        <connection-security>SSL_TLS_OPTIONAL</connection-security>
        <authentication-type>PLAIN</authentication-type>
        <password>K4nary-of-the-mine</password>
      </outgoing-server>
      <settings><value key="automaticCheckIntervalMinutes">-1</value><value key="folderSyncMode">FIRST_CLASS</value></settings>
      <identities><identity><email>ann@example.net</email></identity></identities>
    </account>
    <account uuid="5c2c">
      <name>Post</name>
      <incoming-server type="POP3"><host>pop.example.org</host><password>K4nary-of-the-mine</password></incoming-server>
      <outgoing-server type="SMTP"><host>smtp.example.org</host></outgoing-server>
    </account>
  </accounts>
</k9settings>
`

func phoneAccounts() []evidence.Client {
	return []evidence.Client{{
		Program: "k9", File: "~/f", Account: "Example", Address: "ann@example.org",
		Receiving: &evidence.ClientServer{Host: "imap.example.org", Port: 993, Encryption: profile.TLS, Login: "ann@example.org", Auth: evidence.AuthPassword},
		Sending:   &evidence.ClientServer{Host: "smtp.example.org", Port: 587, Encryption: profile.STARTTLS, Login: "ann", Auth: evidence.AuthEncrypted},
		RootPath:  pointer("INBOX"), SentPath: pointer("INBOX.Sent"), Asks: evidence.No,
		CheckMinutes: pointer(15), SyncsAll: evidence.Yes, Searches: evidence.No, Connections: 2,
	}, {
		Program: "k9", File: "~/f", Account: "ann@example.net", Address: "ann@example.net",
		Receiving: &evidence.ClientServer{Host: "imap.example.net", Port: 143, Encryption: profile.STARTTLS, IfOffered: true, Unverified: true, Login: "ann", Stored: true},
		Sending:   &evidence.ClientServer{Host: "smtp.example.net", Port: 465, Encryption: profile.TLS, Unverified: true, Auth: evidence.AuthNone, Stored: true},
		Asks:      evidence.Yes, CheckMinutes: pointer(0), SyncsAll: evidence.No,
	}}
}

func TestK9(t *testing.T) {
	cut := strings.LastIndex(k9File, "K4nary") + 9
	readings(t, k9, []fileCase{
		{name: "as it is", text: k9File, want: phoneAccounts()},
		{name: "cut", text: k9File[:cut], want: phoneAccounts(), fails: "line 64 is not XML, or the file ends too early"},
		{name: "password as an entity", text: "<k9settings><accounts><account><name>&" + sealed + ";</name></account>", fails: "line 1 is not XML"},
		{name: "deep", text: "<k9settings><account>" + strings.Repeat("<x>", 1<<20), fails: "line 1 is not XML"},
		{name: "laughs", text: `<!DOCTYPE k9settings [<!ENTITY a "ha">]><k9settings><accounts><account><name>&a;</name>`, fails: "line 1 is not XML"},
		{name: "another file", text: "<plist/>", fails: "no export of settings"},
		{name: "nothing", text: "", fails: "line 1 is not XML"},
	})
}

func TestK9StopsAtManyAccounts(t *testing.T) {
	one := `<account><incoming-server type="IMAP"><host>i</host></incoming-server></account>`
	got, err := k9("<k9settings>"+strings.Repeat(one, mostAccounts+1), Origin{})
	if len(got) != mostAccounts || err == nil {
		t.Errorf("got %d accounts and error %v, want %d and one", len(got), err, mostAccounts)
	}
}

func TestK9Secret(t *testing.T) {
	tells(t, k9Secret, k9File, "ann@example.net", [4]string{sealed, "", sealed, ""})
	tells(t, k9Secret, k9File, "Example", [4]string{})
	tells(t, k9Secret, strings.Replace(k9File, "AUTOMATIC", "XOAUTH2", 1), "ann@example.net", [4]string{"", "", sealed, ""})
	tells(t, k9Secret, k9File, "Post", [4]string{}) // it is not in the record
}

func FuzzK9(f *testing.F) {
	f.Add(k9File)
	f.Add(`<k9settings><account><incoming-server type="IMAP"><host>i</host><password>` + sealed)
	f.Fuzz(func(t *testing.T, text string) {
		isK9("f", text)
		hushed(t, text, k9, k9Secret)
	})
}
