//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"mailmedic/probe/clientconf"
	"mailmedic/probe/mailtest/debian"
	"mailmedic/probe/mailtest/netlab"
)

// scriptLimit bounds one script inside Thunderbird, so that a failure says which.
const scriptLimit = time.Minute

// thunderbird is a running one without a window, that takes orders by Marionette: each is
// a length, a colon and a list in JSON, and so is the answer.
type thunderbird struct {
	t       *testing.T
	profile string // its folder
	cmd     *exec.Cmd
	cancel  context.CancelFunc
	conn    net.Conn
	in      *bufio.Reader
	orders  int
}

// startThunderbird runs one with a fresh profile at the seat and returns when it takes
// orders.
func startThunderbird(t *testing.T, s seat) *thunderbird {
	t.Helper()
	x := &thunderbird{t: t, profile: filepath.Join(s.home, ".thunderbird/tests.default")}
	// What a new profile would do of its own accord, most of it on the web.
	s.write(t, ".thunderbird/tests.default/user.js", `user_pref("app.update.auto", false);
user_pref("app.normandy.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("datareporting.healthreport.uploadEnabled", false);
user_pref("mail.provider.suppress_dialog_on_startup", true);
user_pref("mail.rights.version", 1);
user_pref("mail.spotlight.firstRunDone", true);
user_pref("mailnews.start_page.enabled", false);
`, 0o600)
	ctx, cancel := context.WithTimeout(t.Context(), programLimit)
	x.cancel = cancel
	t.Cleanup(cancel)
	x.cmd = s.command(ctx, "thunderbird", "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", x.profile)
	out, err := x.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	x.cmd.Stderr = x.cmd.Stdout
	if err := x.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.stop)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Listening on port 2828") {
			break
		}
	}
	go io.Copy(io.Discard, out)
	x.conn, err = s.Dial(netlab.Client, "127.0.0.1:2828")
	if err != nil {
		t.Fatalf("reach Thunderbird: %v", err)
	}
	x.conn.SetDeadline(time.Now().Add(programLimit))
	x.in = bufio.NewReader(x.conn)
	x.answer(nil) // its greeting
	x.order("WebDriver:NewSession", map[string]any{})
	x.order("WebDriver:SetTimeouts", map[string]any{"script": scriptLimit.Milliseconds()})
	x.order("Marionette:SetContext", map[string]any{"value": "chrome"})
	return x
}

func (x *thunderbird) order(name string, with map[string]any) (result json.RawMessage) {
	x.t.Helper()
	x.orders++
	text, err := json.Marshal([]any{0, x.orders, name, with})
	if err != nil {
		x.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(x.conn, "%d:%s", len(text), text); err != nil {
		x.t.Fatalf("%s: %v", name, err)
	}
	var answer []json.RawMessage // 1, the order's number, an error or null, a result
	x.answer(&answer)
	if len(answer) != 4 || string(answer[2]) != "null" {
		x.t.Fatalf("%s: %s", name, answer)
	}
	return answer[3]
}

func (x *thunderbird) answer(into any) {
	x.t.Helper()
	size, err := x.in.ReadString(':')
	if err != nil {
		x.t.Fatalf("read from Thunderbird: %v", err)
	}
	n, err := strconv.Atoi(strings.TrimSuffix(size, ":"))
	if err != nil {
		x.t.Fatalf("read from Thunderbird: %v", err)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(x.in, text); err != nil {
		x.t.Fatalf("read from Thunderbird: %v", err)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(text, into); err != nil {
		x.t.Fatalf("read from Thunderbird: %v: %s", err, text)
	}
}

// do runs a script inside Thunderbird, as its own code runs, with the values as the
// variable "given". The script is the body of an async function.
func (x *thunderbird) do(script string, with map[string]any) string {
	x.t.Helper()
	whole := `const [given, done] = arguments;
		(async function(given) {
			const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
			` + script + `
		})(given).then(r => done({ result: String(r) }), e => done({ failed: String(e) + " " + e.stack }));`
	raw := x.order("WebDriver:ExecuteAsyncScript", map[string]any{
		"script": whole, "args": []any{with}, "sandbox": "system",
	})
	var answer struct {
		Value struct{ Result, Failed string }
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		x.t.Fatalf("read from Thunderbird: %v", err)
	}
	if answer.Value.Failed != "" {
		x.t.Fatalf("in Thunderbird: %s", answer.Value.Failed)
	}
	return answer.Value.Result
}

// quit lets Thunderbird write its files and end.
func (x *thunderbird) quit() {
	x.t.Helper()
	x.order("Marionette:Quit", map[string]any{"flags": []string{"eForceQuit"}})
	if err := x.cmd.Wait(); err != nil {
		x.t.Errorf("Thunderbird ended: %v", err)
	}
}

// stop ends what is left of it.
func (x *thunderbird) stop() {
	x.cancel()
	if x.conn != nil {
		x.conn.Close()
	}
	x.cmd.Wait()
}

// trust makes Thunderbird know the authority and the passwords, as if the user had said so.
const trust = `
	Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB).addCertFromBase64(given.root, "C,,");
	for (const [origin, user, password] of given.logins) {
		const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
		login.init(origin, null, origin, user, password, "", "");
		await Services.logins.addLoginAsync(login);
	}
`

// newAccount reads a file of the kind that providers publish, makes the account of it as
// Thunderbird's own assistant does, changes what the file has no word for, and learns which
// folders there are.
const newAccount = `
	const { JXON } = ChromeUtils.importESModule("resource:///modules/JXON.sys.mjs");
	const { readFromXML } = ChromeUtils.importESModule("resource:///modules/accountcreation/readFromXML.sys.mjs");
	const { AccountConfig } = ChromeUtils.importESModule("resource:///modules/accountcreation/AccountConfig.sys.mjs");
	const { CreateInBackend } = ChromeUtils.importESModule("resource:///modules/accountcreation/CreateInBackend.sys.mjs");
	const config = readFromXML(JXON.build(new DOMParser().parseFromString(given.file, "text/xml")), "disk");
	AccountConfig.replaceVariables(config, "Somebody", given.address, "");
	config.outgoing.addThisServer = true;
	const account = await CreateInBackend.createAccountInBackend(config);
	const server = account.incomingServer;
	server.doBiff = false; // so that it opens no folder before it is told to
	if (given.root) {
		server.QueryInterface(Ci.nsIImapIncomingServer).serverDirectory = given.root;
	}
	const identity = account.defaultIdentity;
	await new Promise((resolve, reject) => MailServices.imap.discoverAllFolders(server.rootFolder, {
		OnStartRunningUrl() {},
		OnStopRunningUrl(url, status) { Components.isSuccessCode(status) ? resolve() : reject(new Error("status " + status)); },
	}, null));
	if (!MailServices.folderLookup.getFolderForURL(identity.fccFolderURI)) {
		throw new Error(identity.fccFolderURI + " is not among " + server.rootFolder.descendants.map(f => f.URI));
	}
`

// mine finds the account of an address.
const mine = `
	const account = MailServices.accounts.accounts.find(a => a.defaultIdentity?.email == given.address);
`

// attend makes Thunderbird look for mail by itself.
const attend = mine + `
	account.incomingServer.loginAtStartUp = true;
	account.incomingServer.doBiff = true;
	account.incomingServer.biffMinutes = given.minutes;
`

// receive waits for a letter in INBOX and returns its subject.
const receive = mine + `
	const inbox = account.incomingServer.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
	const came = new Promise(resolve => MailServices.mfn.addListener({
		msgAdded(letter) { if (letter.folder == inbox) resolve(letter); },
	}, MailServices.mfn.msgAdded));
	inbox.updateFolder(null);
	const letter = [...inbox.messages][0] ?? await came;
	return letter.mime2DecodedSubject;
`

// send sends a message, and returns when its copy is in the Sent folder.
const send = mine + `
	const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(Ci.nsIMsgCompFields);
	fields.from = account.defaultIdentity.fullAddress;
	fields.to = given.address;
	fields.subject = given.subject;
	await new Promise((resolve, reject) => {
		const ended = status => Components.isSuccessCode(status) ? resolve() : reject(new Error("status " + status));
		Cc["@mozilla.org/messengercompose/send;1"].createInstance(Ci.nsIMsgSend).createAndSendMessage(
			null, account.defaultIdentity, account.key, fields, false, false, Ci.nsIMsgSend.nsMsgDeliverNow, null,
			"text/plain", "A line.\r\n", null, null, {
				QueryInterface: ChromeUtils.generateQI(["nsIMsgSendListener", "nsIMsgCopyServiceListener"]),
				onStartSending() {}, onProgress() {}, onStatus() {}, onGetDraftFolderURI() {}, onTransportSecurityError() {},
				onSendNotPerformed(id, status) { ended(status); },
				onStopSending(id, status) { if (!Components.isSuccessCode(status)) ended(status); },
				onStartCopy() {}, setMessageKey() {}, getMessageId() { return null; },
				onStopCopy: ended,
			}, "", "", Ci.nsIMsgCompType.New);
	});
`

// TestRealThunderbird has a real Thunderbird set up two accounts from the files that mailmedic
// writes for it, receives and sends with each, and reads the file that it wrote. With -record that file becomes the data of the tests
// that run without Thunderbird.
func TestRealThunderbird(t *testing.T) {
	t.Parallel()
	netlab.Require(t)
	debian.RequirePrograms(t, "thunderbird")
	l := startLab(t, watched)
	at := sit(t, l.site(t))
	x := startThunderbird(t, at)
	root, _ := pem.Decode(l.authority.RootPEM())
	x.do(trust, map[string]any{"root": base64.StdEncoding.EncodeToString(root.Bytes), "logins": [][]string{
		{"imap://secure.runbox.com", "alice", alice}, {"imap://imap.runbox.com", "bob%example.org", bob},
		{"smtp://smtp.runbox.com", "alice", alice}, {"smtp://smtp.runbox.com", "bob%example.org", bob},
	}})
	program := build(t)
	for i, a := range []struct {
		store   *debian.Dovecot
		folder  string   // for what is sent, as the server names it
		paths   []string // to which mailmedic has to keep
		root    string
		minutes int
	}{
		{l.old, "INBOX.Sent", nil, "INBOX", 15},
		{l.new, "Sent", []string{"--paths", "imap:1143,smtp:26"}, "", 1},
	} {
		c := customers()[i]
		at.keeper(t, c.password)
		a.store.Deliver(t, c.login, letter)
		values := map[string]any{
			"file": at.settings(t, program, c, "thunderbird", a.paths...), "address": c.address, "root": a.root, "minutes": a.minutes, "subject": subject,
		}
		saw := watch(a.store, l.postfix)
		x.do(newAccount, values)
		if got := x.do(receive, values); got != subject {
			t.Errorf("%s received a letter about %q, want %q", c.login, got, subject)
		}
		saw.received(t, c)
		x.do(send, values)
		saw.sent(t, c)
		saw.saved(t, c, a.folder)
		x.do(attend, values)
	}
	x.quit()
	readProfile(t, x.profile, clientconf.Place{OS: "linux", Home: at.home}, "~/.thunderbird/tests.default/prefs.js")
	if *record {
		x.keep("../../probe/clientconf/testdata/thunderbird-prefs.js", at.home)
	}
}

// keep copies the settings, as Thunderbird wrote them but for the name of the home folder.
func (x *thunderbird) keep(path, home string) {
	x.t.Helper()
	prefs, err := os.ReadFile(filepath.Join(x.profile, "prefs.js"))
	if err != nil {
		x.t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		x.t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(prefs, []byte(home), []byte("/home/somebody")), 0o644); err != nil {
		x.t.Fatal(err)
	}
}
