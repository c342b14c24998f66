package checks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// met lists the codes and paths that the checks find in a record.
func met(e *evidence.Evidence) []string {
	var got []string
	for _, f := range checks.Run(e, checks.All()) {
		got = append(got, string(f.Code)+" "+f.Path)
	}
	return got
}

// hands tells of a record what must be found in it, and what must not.
type hands struct {
	name  string
	e     evidence.Evidence
	want  []string
	never []string
}

func (h hands) judge(t *testing.T) {
	t.Helper()
	got := met(&h.e)
	for _, w := range h.want {
		if !slices.Contains(got, w) {
			t.Errorf("%s: got %q, want %q among them", h.name, got, w)
		}
	}
	for _, n := range h.never {
		if slices.Contains(got, n) {
			t.Errorf("%s: got %q, which must not name %q", h.name, got, n)
		}
	}
}

func accepted(path, name string) evidence.Login {
	return evidence.Login{Path: path, Name: name, Form: evidence.Typed, Result: evidence.Accepted}
}

func rejected(path, name string) evidence.Login {
	return evidence.Login{Path: path, Name: name, Form: evidence.Typed, Result: evidence.RejectedIn, Reply: &evidence.Reply{Status: "535", Enhanced: "5.7.8"}}
}

func TestNamesDiffer(t *testing.T) {
	both := func(logins ...evidence.Login) evidence.Evidence {
		p, err := profile.Load("runbox")
		if err != nil {
			t.Fatal(err)
		}
		return evidence.Evidence{
			Profile: p,
			Account: profile.Account{Address: "alice@runbox.com", Login: "alice@runbox.com", Kind: profile.Own},
			Sessions: []evidence.Session{
				{Path: profile.Path{Protocol: profile.IMAP, Port: 993}},
				{Path: profile.Path{Protocol: profile.SMTP, Port: 587}},
			},
			Logins: logins,
		}
	}
	for _, h := range []hands{
		{"each accepts what the other rejects",
			both(accepted("imap-993", "alice@runbox.com"), rejected("smtp-587", "alice@runbox.com"), accepted("smtp-587", "alice")),
			[]string{"MM604 smtp-587"}, []string{"MM706 smtp-587", "MM701 smtp-587", "MM601 "}},
		{"sending rejects, and nothing else was tried",
			both(accepted("imap-993", "alice@runbox.com"), rejected("smtp-587", "alice@runbox.com")),
			[]string{"MM706 smtp-587"}, []string{"MM604 smtp-587"}},
		{"both want the same other form",
			both(rejected("imap-993", "alice@runbox.com"), accepted("imap-993", "alice"), accepted("smtp-587", "alice")),
			[]string{"MM601 "}, []string{"MM604 imap-993", "MM604 smtp-587"}},
		{"both accept the same name",
			both(accepted("imap-993", "alice"), accepted("smtp-587", "alice")), nil, []string{"MM604 smtp-587", "MM604 imap-993"}},
	} {
		h.judge(t)
	}
}

// tree is the record of one path on which folders were read.
func tree(f evidence.Folders) evidence.Evidence {
	f.Step.State = evidence.Done
	return evidence.Evidence{Sessions: []evidence.Session{{Path: profile.Path{Protocol: profile.IMAP, Port: 993}, Folders: f}}}
}

func TestOverQuota(t *testing.T) {
	quota := func(used, limit int64) evidence.Evidence {
		return tree(evidence.Folders{Quota: []evidence.Quota{{Resource: "STORAGE", Used: used, Limit: limit}}})
	}
	said := tree(evidence.Folders{})
	said.Logins = []evidence.Login{{Path: "imap-993", Result: evidence.Accepted, Reply: &evidence.Reply{Status: "OK", Code: "OVERQUOTA"}}}
	refused := tree(evidence.Folders{})
	refused.Sessions[0].Envelope = &evidence.Envelope{MailFrom: &evidence.Reply{Status: "250"}, RcptTo: &evidence.Reply{Status: "552", Enhanced: "5.2.2", Text: "mailbox full"}}
	disk := tree(evidence.Folders{})
	disk.Sessions[0].Envelope = &evidence.Envelope{MailFrom: &evidence.Reply{Status: "250"}, RcptTo: &evidence.Reply{Status: "452", Enhanced: "4.3.1", Text: "insufficient system storage"}}
	full, silent := []string{"MM712 imap-993"}, []string{"MM712 imap-993"}
	for _, h := range []hands{
		{"at the limit", quota(1000, 1000), full, nil},
		{"95 in a hundred", quota(950, 1000), full, nil},
		{"over a limit that was lowered", quota(1<<62, 1000), full, nil},
		{"94 in a hundred", quota(949, 1000), nil, silent},
		{"no limit", quota(1000, 0), nil, silent},
		{"the login's answer says so", said, full, nil},
		{"RCPT TO says so", refused, full, []string{"MM902 imap-993"}},
		{"the server's own disk is full", disk, []string{"MM902 imap-993"}, silent},
	} {
		h.judge(t)
	}
}

func TestFolderNotes(t *testing.T) {
	folders := func(n int) (list []evidence.Folder) {
		for i := range n {
			list = append(list, evidence.Folder{Name: fmt.Sprintf("f%d", i), Delimiter: "/"})
		}
		return list
	}
	sent := func(inbox, sent, other evidence.Seen) evidence.Evidence {
		return tree(evidence.Folders{List: []evidence.Folder{
			{Name: "INBOX", Subscribed: inbox}, {Name: "Sent", Subscribed: sent}, {Name: "Other", Subscribed: other},
		}})
	}
	own := sent("", "", "")
	own.Sessions[0].Folders.List[1].Name = "Outbound copies"
	own.Profile.Folders.Sent.Name = "Outbound copies"
	none := sent("", "", "")
	none.Sessions[0].Folders.List[1].Name = "Outbound"
	none.Profile.Folders.Sent.Name = "Outbound copies"
	drafts := func(set string, cut bool) evidence.Evidence {
		e := sent("", "", "")
		e.Profile.Folders.Drafts.Unsupported = true
		e.Account.DraftsPath = &set
		e.Sessions[0].Folders.Cut = cut
		return e
	}
	for _, h := range []hands{
		{"the provider's own name for sent mail, and it is there", own, nil, []string{"MM802 imap-993"}},
		{"the provider's own name for sent mail, and it is not", none, []string{"MM802 imap-993"}, nil},
		{"drafts go to a folder that is not there", drafts("Drafts", false), []string{"MM805 imap-993"}, nil},
		{"drafts go to a folder that they have made", drafts("Other", false), nil, []string{"MM805 imap-993"}},
		{"drafts go to a folder that may stand in the part of the list that was cut off", drafts("Drafts", true), nil, []string{"MM805 imap-993"}},
		{"a thousand folders", tree(evidence.Folders{List: folders(1000)}), []string{"MM806 imap-993"}, nil},
		{"three hundred folders", tree(evidence.Folders{List: folders(300)}), nil, []string{"MM806 imap-993"}},
		{"Sent alone is not subscribed", sent(evidence.Yes, evidence.No, evidence.Yes), []string{"MM807 imap-993"}, []string{"MM802 imap-993"}},
		{"nobody subscribes to anything", sent(evidence.Yes, evidence.No, evidence.No), nil, []string{"MM807 imap-993"}},
		{"the server was not asked", sent("", "", ""), nil, []string{"MM807 imap-993"}},
		{"an unimportant folder is not subscribed", sent(evidence.Yes, evidence.Yes, evidence.No), nil, []string{"MM807 imap-993"}},
		{"a name that does not decode", tree(evidence.Folders{List: []evidence.Folder{{Name: "Entw&ulrfe", Misspelt: true}}}), []string{"MM808 imap-993"}, nil},
		{"a name that decodes", tree(evidence.Folders{List: []evidence.Folder{{Name: "Entwürfe"}}}), nil, []string{"MM808 imap-993"}},
	} {
		h.judge(t)
	}
}

func TestServersDiffer(t *testing.T) {
	three := uint32(3)
	four := uint32(4)
	two := func(old, new evidence.Folders) evidence.Evidence {
		old.Step.State, new.Step.State = evidence.Done, evidence.Done
		return evidence.Evidence{Sessions: []evidence.Session{
			{Path: profile.Path{Protocol: profile.IMAP, Port: 143, Server: "old"}, Folders: old},
			{Path: profile.Path{Protocol: profile.IMAP, Port: 1143, Server: "new"}, Folders: new},
		}}
	}
	plain := evidence.Folders{Delimiter: "/", List: []evidence.Folder{{Name: "INBOX"}, {Name: "Sent", Messages: &three}}}
	more := evidence.Folders{Delimiter: "/", List: []evidence.Folder{{Name: "Inbox"}, {Name: "Sent", Messages: &four}}}
	prefixed := evidence.Folders{Prefix: "INBOX.", Delimiter: ".", List: []evidence.Folder{{Name: "INBOX"}, {Name: "INBOX.Sent", Messages: &three}}}
	for _, h := range []hands{
		{"the same", two(plain, plain), nil, []string{"MM809 imap-1143"}},
		{"another count", two(plain, more), []string{"MM809 imap-1143"}, []string{"MM809 imap-143", "MM802 imap-1143"}},
		{"another prefix", two(prefixed, plain), []string{"MM809 imap-1143"}, nil},
	} {
		h.judge(t)
	}
}

func TestLoginNotRequired(t *testing.T) {
	asked := func(mail, rcpt string) evidence.Evidence {
		e := tree(evidence.Folders{})
		e.Sessions[0].Anonymous = &evidence.Envelope{MailFrom: &evidence.Reply{Status: mail}, RcptTo: &evidence.Reply{Status: rcpt}}
		return e
	}
	for _, h := range []hands{
		{"taken", asked("250", "250"), []string{"MM903 imap-993"}, nil},
		{"recipient refused", asked("250", "530"), nil, []string{"MM903 imap-993", "MM902 imap-993"}},
		{"sender refused", asked("530", "250"), nil, []string{"MM903 imap-993", "MM901 imap-993"}},
		{"not asked", tree(evidence.Folders{}), nil, []string{"MM903 imap-993"}},
	} {
		h.judge(t)
	}
}

// TestFolderPaths holds the paths that a mail program has against what the server shows.
func TestFolderPaths(t *testing.T) {
	set := func(s string) *string { return &s }
	one, many := uint32(1), uint32(40)
	at := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	record := func(root, sent, drafts *string, folders ...evidence.Folder) evidence.Evidence {
		for i := range folders {
			folders[i].Delimiter = "."
		}
		e := tree(evidence.Folders{Delimiter: ".", List: append([]evidence.Folder{{Name: "INBOX", Delimiter: "."}}, folders...)})
		e.Account = profile.Account{RootPath: root, SentPath: sent, DraftsPath: drafts}
		e.Profile.Folders.Sent.Name = "Sent"
		return e
	}
	below := func(root, sent, drafts *string) evidence.Evidence {
		return record(root, sent, drafts, evidence.Folder{Name: "INBOX.Sent"}, evidence.Folder{Name: "INBOX.Drafts"})
	}
	top := func(root, sent, drafts *string) evidence.Evidence {
		return record(root, sent, drafts, evidence.Folder{Name: "Sent"}, evidence.Folder{Name: "Drafts"})
	}
	two := func(a, b time.Time, messages *uint32) evidence.Evidence {
		return record(nil, nil, nil, evidence.Folder{Name: "Sent", Messages: &one, Newest: a}, evidence.Folder{Name: "Gesendet", Messages: messages, Newest: b})
	}
	closed := tree(evidence.Folders{List: []evidence.Folder{{Name: "INBOX"}}})
	closed.Sessions[0].Folders.Inbox = evidence.Step{State: evidence.Failed, Failure: &evidence.Failure{Kind: evidence.Rejected, Reply: &evidence.Reply{Status: "NO", Code: "SERVERBUG", Text: "internal error"}}}
	wrong, right := []string{"MM803 imap-993"}, []string{"MM803 imap-993"}
	for _, h := range []hands{
		{"no NAMESPACE, all below INBOX, root set", below(set("INBOX"), nil, nil), nil, right},
		{"no NAMESPACE, all below INBOX, root empty", below(set(""), nil, nil), wrong, nil},
		{"root empty, and whole names in the other fields", below(set(""), set("INBOX.Sent"), nil), nil, right},
		{"root empty, and a name that is not whole", below(set(""), set("Sent"), nil), wrong, nil},
		{"no NAMESPACE, folders beside INBOX, root set", top(set("INBOX"), nil, nil), wrong, nil},
		{"no NAMESPACE, folders beside INBOX, root empty", top(set(""), set("Sent"), set("Drafts")), nil, right},
		{"only INBOX tells nothing", record(set("INBOX"), nil, nil), nil, right},
		{"the drafts path is another", top(nil, nil, set("Entwürfe")), wrong, nil},
		{"the drafts path is right", top(nil, nil, set("Drafts/")), nil, right},
		{"no folder for drafts at all", record(nil, nil, set("Drafts"), evidence.Folder{Name: "Sent"}), nil, right},
		{"Sent holds no messages", record(nil, nil, nil, evidence.Folder{Name: "Sent", Attributes: []string{`\Noselect`}}), []string{"MM802 imap-993"}, nil},
		{"Sent below a level of that name", record(nil, nil, nil, evidence.Folder{Name: "Sent", Attributes: []string{`\Noselect`}}, evidence.Folder{Name: "Sent.Sent"}), nil, []string{"MM802 imap-993"}},
		{"two Sents", two(at, at.Add(time.Hour), &many), []string{"MM804 imap-993"}, nil},
		{"the inbox cannot be opened", closed, []string{"MM810 imap-993"}, nil},
	} {
		h.judge(t)
	}
	for about, c := range map[string]struct {
		e    evidence.Evidence
		want string
	}{
		"the other is newer":      {two(at, at.Add(time.Hour), &many), "Gesendet"},
		"the first is newer":      {two(at.Add(time.Hour), at, &many), "Sent"},
		"as new as each other":    {two(at, at, &many), ""},
		"one of them has no date": {two(at, time.Time{}, &many), ""},
	} {
		for _, f := range checks.Run(&c.e, checks.All()) {
			if f.Code == "MM804" && f.Params["growing"] != c.want {
				t.Errorf("%s: got %q, want %q: %s", about, f.Params["growing"], c.want, f.Text)
			}
		}
	}
}

// TestWhoseFolders keeps other people's folders and archives apart from the user's own.
func TestWhoseFolders(t *testing.T) {
	n := func(n uint32) *uint32 { return &n }
	set := func(s string) *string { return &s }
	type folder = evidence.Folder
	record := func(prefix, delimiter string, others []string, folders ...folder) evidence.Evidence {
		for i := range folders {
			folders[i].Delimiter = delimiter
		}
		e := tree(evidence.Folders{Namespace: evidence.Yes, Prefix: prefix, Others: others, Delimiter: delimiter, List: append([]folder{{Name: "INBOX", Delimiter: delimiter}}, folders...)})
		e.Profile.Folders.Sent.Name = "Sent"
		return e
	}
	with := func(e evidence.Evidence, root, sent, drafts *string) evidence.Evidence {
		e.Account.RootPath, e.Account.SentPath, e.Account.DraftsPath = root, sent, drafts
		return e
	}
	marked := func(name string, messages uint32) folder {
		return folder{Name: name, Messages: n(messages), Attributes: []string{`\Sent`}}
	}
	two, gone, wrong := []string{"MM804 imap-993"}, []string{"MM802 imap-993"}, []string{"MM803 imap-993"}
	none := []string{"MM801 imap-993", "MM802 imap-993", "MM803 imap-993", "MM804 imap-993"}
	uw := record("", "/", nil, folder{Name: "mail", Attributes: []string{`\Noselect`}}, folder{Name: "mail/Sent", Messages: n(40)})
	for _, h := range []hands{
		{"another user's Sent, beside the prefix", record("INBOX.", ".", nil, folder{Name: "INBOX.Sent", Messages: n(40)}, folder{Name: "user.bob.Sent", Messages: n(77)}), nil, none},
		{"another user's Sent, in their namespace", record("", "/", []string{"shared/"}, folder{Name: "Sent", Messages: n(40)}, folder{Name: "shared/bob/Sent", Messages: n(77)}), nil, none},
		{"only another user has a Sent", with(record("INBOX.", ".", []string{"user."}, folder{Name: "INBOX.Trash"}, folder{Name: "user.bob.Sent", Messages: n(7)}), set("INBOX"), set("Sent"), nil), gone, wrong},
		{"an archive with a Sent in it", record("", "/", nil, marked("Sent", 400), folder{Name: "Archive/Sent", Messages: n(50)}, folder{Name: "Archive/2019/Sent", Messages: n(40)}), nil, none},
		{"another account's folders", record("", "/", nil, marked("Sent", 400), folder{Name: "alice@gmx.example/Gesendet", Messages: n(50)}), nil, none},
		{"one that the server marks, and one at the top", record("", "/", nil, folder{Name: "Sent", Messages: n(4)}, marked("[Mail]/Sent Mail", 50)), two, nil},
		{"two beside each other", record("INBOX.", ".", nil, folder{Name: "INBOX.Sent", Messages: n(4)}, folder{Name: "INBOX.Gesendet", Messages: n(5)}), two, nil},
		{"a root of one's own, and all opens", with(uw, set("mail"), set("Sent"), nil), nil, none},
		{"a root of one's own, and nothing opens", with(uw, set("mail"), set("Gesendet"), nil), wrong, nil},
		{"the prefix in small letters", with(record("INBOX.", ".", nil, folder{Name: "INBOX.Sent", Messages: n(4)}), set("inbox."), set("Sent"), nil), nil, none},
		{"a level called Sent in an archive, and a folder that nobody knows", record("", "/", nil, folder{Name: "Archive/Sent", Attributes: []string{`\Noselect`}}, folder{Name: "Versand"}), gone, nil},
		{"a prefix without a separator", with(record("INBOX.", "", nil, folder{Name: "INBOX.Sent"}), set("INBOX"), nil, nil), nil, wrong},
	} {
		h.judge(t)
	}
	empty := record("", "/", nil)
	empty.Sessions[0].Folders.List, empty.Profile.Folders.Drafts.Unsupported = nil, true
	hands{"no list at all", empty, []string{"MM810 imap-993"}, []string{"MM805 imap-993"}}.judge(t)
	for about, c := range map[string]struct {
		e    evidence.Evidence
		want checks.FolderPaths
	}{
		"the one nearest to the top":          {record("", "/", nil, folder{Name: "Archiv/Gesendet"}, folder{Name: "Gesendet"}), checks.FolderPaths{Sent: "Gesendet"}},
		"of two marked ones that with mail":   {record("", "/", nil, marked("Sent Messages", 0), marked("Sent", 400)), checks.FolderPaths{Sent: "Sent"}},
		"of two marked ones, in either order": {record("", "/", nil, marked("Sent", 400), marked("Sent Messages", 0)), checks.FolderPaths{Sent: "Sent"}},
	} {
		if got := checks.ToType(&c.e.Sessions[0], c.e.Profile); got != c.want {
			t.Errorf("%s: got %+v, want %+v", about, got, c.want)
		}
	}
	twice := record("", "/", nil, folder{Name: "Sent", Messages: n(4)}, folder{Name: "INBOX/INBOX"}, folder{Name: "INBOX/INBOX/Sent", Messages: n(3)})
	for _, f := range checks.Run(&twice, checks.All()) {
		if f.Code == "MM801" && (!strings.Contains(f.Text.String(), `"INBOX" twice`) || !strings.Contains(f.Advice[0].String(), "not INBOX/Sent")) {
			t.Errorf("doubled without a prefix: got %q and %q", f.Text, f.Advice)
		}
	}
	both := with(record("", "/", nil, folder{Name: "Sent"}, folder{Name: "Drafts"}), set("INBOX"), set("INBOX/Sent"), set("Drafts"))
	for _, f := range checks.Run(&both, checks.All()) {
		if want := "For port 993, empty the field for the root folder path. With that, set the Sent path to: Sent."; f.Code == "MM803" && say.Join(f.Advice...).String() != want {
			t.Errorf("root and path together: got %q, want %q", f.Advice, want)
		}
	}
}
