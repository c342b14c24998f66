package clientconf

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

const mobileconfigFile = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadContent</key>
	<array>
		<dict>
			<key>PayloadType</key><string>com.apple.mail.managed</string>
			<key>PayloadVersion</key><integer>1</integer>
			<key>EmailAccountDescription</key><string>Example Mail</string>
			<key>EmailAccountName</key><string>Ann &amp; Bob</string>
			<key>EmailAccountType</key><string>EmailTypeIMAP</string>
			<key>EmailAddress</key><string>ann@example.org</string>
			<key>IncomingMailServerAuthentication</key><string>EmailAuthPassword</string>
			<key>IncomingMailServerHostName</key><string>imap.example.org</string>
			<key>IncomingMailServerPortNumber</key><integer>993</integer>
			<key>IncomingMailServerUseSSL</key><true/>
			<key>IncomingMailServerUsername</key><string>ann@example.org</string>
			<key>IncomingMailServerIMAPPathPrefix</key><string>INBOX</string>
			<key>IncomingPassword</key><string>K4nary-of-the-mine</string>
			<key>OutgoingPasswordSameAsIncomingPassword</key><true/>
			<key>OutgoingMailServerAuthentication</key><string>EmailAuthCRAMMD5</string>
			<key>OutgoingMailServerHostName</key><string>smtp.example.org</string>
			<key>OutgoingMailServerPortNumber</key><integer>587</integer>
			<key>OutgoingMailServerUseSSL</key><true/>
			<key>OutgoingMailServerUsername</key><string>ann</string>
		</dict>
		<dict>
			<key>PayloadType</key><string>com.apple.mail.managed</string>
			<key>EmailAccountType</key><string>EmailTypePOP</string>
			<key>IncomingMailServerHostName</key><string>pop.example.org</string>
			<key>IncomingPassword</key><string>K4nary-of-the-mine</string>
		</dict>
		<dict>
			<key>PayloadType</key><string>com.apple.wifi.managed</string>
			<key>Password</key><string>K4nary-of-the-mine</string>
			<key>Since</key><date>2020-01-01T00:00:00Z</date>
		</dict>
		<dict>
			<key>PayloadType</key><string>com.apple.mail.managed</string>
			<key>PayloadDisplayName</key><string>Bare</string>
			<key>EmailAccountType</key><string>EmailTypeIMAP</string>
			<key>IncomingMailServerAuthentication</key><string>EmailAuthNTLM</string>
			<key>IncomingMailServerHostName</key><string>imap.example.net</string>
			<key>OutgoingMailServerAuthentication</key><string>EmailAuthNone</string>
			<key>OutgoingMailServerHostName</key><string>smtp.example.net</string>
			<key>OutgoingMailServerUseSSL</key><true/>
			<key>OutgoingPassword</key><string>K4nary-of-the-mine</string>
		</dict>
	</array>
	<key>PayloadType</key><string>Configuration</string>
</dict>
</plist>
`

// profileAccounts is what stands in mobileconfigFile.
func profileAccounts(missed ...string) []evidence.Client {
	return []evidence.Client{{
		Program: "apple-mail", File: "~/f", Account: "Example Mail", Address: "ann@example.org",
		Receiving: &evidence.ClientServer{Host: "imap.example.org", Port: 993, Encryption: profile.TLS, Login: "ann@example.org", Auth: evidence.AuthPassword, Stored: true},
		Sending:   &evidence.ClientServer{Host: "smtp.example.org", Port: 587, Encryption: profile.STARTTLS, Login: "ann", Auth: evidence.AuthEncrypted, Stored: true},
		RootPath:  pointer("INBOX"), Missed: missed,
	}, {
		Program: "apple-mail", File: "~/f", Account: "Bare",
		Receiving: &evidence.ClientServer{Host: "imap.example.net", Port: 143, Encryption: profile.None, Auth: evidence.AuthOther},
		Sending:   &evidence.ClientServer{Host: "smtp.example.net", Auth: evidence.AuthNone, Stored: true},
		Missed:    append([]string{"SSL for sending without a port: Mail tries 25, 587 and 465"}, missed...),
	}}
}

func TestMobileconfig(t *testing.T) {
	binary := bplist(map[string]any{"PayloadContent": []any{map[string]any{
		"PayloadType": appleMail, "EmailAccountType": "EmailTypeIMAP", "EmailAddress": "änn@example.org",
		"IncomingMailServerHostName": "imap.example.org", "IncomingMailServerPortNumber": int64(1993), "IncomingMailServerUseSSL": true,
		"IncomingMailServerAuthentication": "EmailAuthPassword", "IncomingPassword": sealed, "More": strings.Repeat("x", 300),
	}}})
	readings(t, mobileconfig, []fileCase{
		{name: "XML", text: mobileconfigFile, want: profileAccounts()},
		{name: "signed", text: "\x30\x82\x10\x00\x06\x09pkcs7" + mobileconfigFile + "\xa0\x82\x01certificate </plist>", want: profileAccounts("the profile is signed; the signature was not checked")},
		{name: "BOM", text: "\ufeff" + mobileconfigFile, want: profileAccounts()},
		{name: "binary", text: binary, want: []evidence.Client{{
			Program: "apple-mail", File: "~/f", Account: "änn@example.org", Address: "änn@example.org",
			Receiving: &evidence.ClientServer{Host: "imap.example.org", Port: 1993, Auth: evidence.AuthPassword, Stored: true},
			Missed:    []string{"SSL on port 1993: it does not say which kind"},
		}}},
		{name: "encrypted inside", text: "<plist><dict><key>EncryptedPayloadContent</key><data>AAAA</data></dict></plist>", fails: "the profile is encrypted"},
		{name: "encrypted as a whole", text: "\x30\x82\x10\x00" + strings.Repeat("\xa7", 400), fails: "no property list is in it"},
		{name: "cut", text: mobileconfigFile[:strings.Index(mobileconfigFile, "K4nary")+9], fails: "line 20 is not XML, or the file ends too early"},
		{name: "password as an element", text: "<plist><dict><key>x</key><" + sealed + "></b></dict>", fails: "line 1 is not XML"},
		{name: "password as an entity", text: "<plist><string>&" + sealed + ";</string></plist>", fails: "line 1 is not XML"},
		{name: "key without a value", text: "<plist><dict><key>a</key></dict></plist>", fails: "cannot be read"},
		{name: "binary cut", text: binary[:len(binary)-9], fails: "no property list"},
		{name: "not a list", text: "<html>" + sealed + "</html>"},
		{name: "nothing", text: "", fails: "no property list is in it"},
	})
}

func TestMobileconfigSecret(t *testing.T) {
	tells(t, mobileconfigSecret, mobileconfigFile, "Example Mail", [4]string{sealed, "", sealed, ""})
	tells(t, mobileconfigSecret, mobileconfigFile, "Bare", [4]string{"", "", sealed, ""})
	tells(t, mobileconfigSecret, mobileconfigFile, "", [4]string{})
}

// TestPlistHostile has files that would take a reader without limits all memory or hours.
func TestPlistHostile(t *testing.T) {
	const much = 8 << 20
	laughs := `<!DOCTYPE plist [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><plist><string>&b;</string></plist>`
	itself := objects([]string{"\xa2\x00\x00"})
	bush := []string{}
	for i := range 40 {
		bush = append(bush, fmt.Sprintf("\xa2%c%c", i+1, i+1)) // each holds the next one twice
	}
	long := "\x6f\x12" + string(binary.BigEndian.AppendUint32(nil, 1<<20)) + strings.Repeat("\x00a", 1<<20)
	for name, text := range map[string]string{
		"laughs":           laughs,
		"deep arrays":      "<plist>" + strings.Repeat("<array>", much/7),
		"deep unknown":     "<plist>" + strings.Repeat("<x>", much/3),
		"deep keys":        "<plist>" + strings.Repeat("<dict><key>a</key>", much/18),
		"many values":      "<plist><array>" + strings.Repeat("<true/>", much/7),
		"binary loop":      itself,
		"binary bush":      objects(append(bush, "\x09")),
		"binary long text": objects([]string{"\xaf\x11\xc3\x50" + strings.Repeat("\x01", 50_000), long}),
		"binary count":     objects([]string{"\xaf\x13\xff\xff\xff\xff\xff\xff\xff\xff\x00"}),
		"binary objects":   "bplist00" + strings.Repeat("\x00", 8+6) + "\x08\x08\x20\x00\x00\x00\x00\x00\x00\x01" + strings.Repeat("\x00", 15) + "\x08",
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			got, err := plist(text)
			if err == nil {
				t.Errorf("got %.40v, want an error", got)
			}
			if took := time.Since(begin); took > bearable {
				t.Errorf("took %v", took)
			}
		})
	}
}

func FuzzMobileconfig(f *testing.F) {
	f.Add(mobileconfigFile)
	f.Add("0\x82pkcs7" + mobileconfigFile + "\xa0\x82")
	f.Add(bplist(map[string]any{"PayloadContent": []any{map[string]any{
		"PayloadType": appleMail, "EmailAccountType": "EmailTypeIMAP", "IncomingMailServerHostName": "i", "IncomingPassword": sealed,
	}}}))
	f.Fuzz(func(t *testing.T, text string) {
		isMobileconfig("f", text)
		hushed(t, text, mobileconfig, mobileconfigSecret)
	})
}

// bplist writes a binary property list.
func bplist(value any) string {
	var all []string
	var add func(any) byte
	add = func(value any) byte {
		place := len(all)
		all = append(all, "")
		switch v := value.(type) {
		case bool:
			all[place] = map[bool]string{true: "\x09", false: "\x08"}[v]
		case int64:
			all[place] = "\x13" + string(binary.BigEndian.AppendUint64(nil, uint64(v)))
		case string:
			all[place] = counting(0x5, len(v)) + v
			if strings.Contains(v, "ä") {
				text := ""
				for _, r := range v {
					text += string([]byte{byte(r >> 8), byte(r)})
				}
				all[place] = counting(0x6, len(text)/2) + text
			}
		case []any:
			list := counting(0xa, len(v))
			for _, e := range v {
				list += string([]byte{add(e)})
			}
			all[place] = list
		case map[string]any:
			keys, values := "", ""
			for key, e := range v {
				keys += string([]byte{add(key)})
				values += string([]byte{add(e)})
			}
			all[place] = counting(0xd, len(v)) + keys + values
		}
		return byte(place)
	}
	add(value)
	return objects(all)
}

// counting is the marker of an object with a length.
func counting(kind byte, n int) string {
	if n < 15 {
		return string([]byte{kind<<4 | byte(n)})
	}
	return string([]byte{kind<<4 | 0xf, 0x11, byte(n >> 8), byte(n)})
}

// objects puts objects into a file, the first on top.
func objects(all []string) string {
	file, table := "bplist00", ""
	for _, o := range all {
		table += string(binary.BigEndian.AppendUint32(nil, uint32(len(file))))
		file += o
	}
	trailer := make([]byte, 8, 32)
	trailer[6], trailer[7] = 4, 1
	trailer = binary.BigEndian.AppendUint64(trailer, uint64(len(all)))
	trailer = binary.BigEndian.AppendUint64(trailer, 0)
	trailer = binary.BigEndian.AppendUint64(trailer, uint64(len(file)))
	return file + table + string(trailer)
}
