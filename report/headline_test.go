package report

import (
	"testing"

	"mailmedic/checks"
	"mailmedic/checks/cause"
	"mailmedic/probe/evidence"
)

func TestHeadline(t *testing.T) {
	all := func(e *evidence.Evidence) (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
		return e, nil, nil
	}
	changed := func(change func(*evidence.Evidence)) (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
		e := healthy()
		change(e)
		return all(e)
	}
	tests := []struct {
		name string
		make func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis)
		want string
	}{
		{"healthy", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) { return all(healthy()) },
			"Mail works from this computer. You can receive and send."},
		{"no login", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) { return changed(noLogins) },
			"The connection works. The login was not tested."},
		{"port blocked", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) { return blocked25("send") },
			"You can receive mail. Sending works, but not through port 25."},
		{"port blocked and the program's own", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			e, f, w := blocked25("send")
			e.Account.AppPort = "smtp-25"
			return e, f, w
		}, "Mail works, but not through port 25, which your program uses."},
		{"offline", offline, "You can neither receive nor send mail. This computer has no network connection."},
		{"wrong name", wrongName, "You can neither receive nor send mail. The login name has the wrong form."},
		{"receiving only", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			return changed(func(e *evidence.Evidence) { kill(e, "smtp-587", "smtp-26", "smtp-25") })
		}, "You can receive mail but not send it."},
		{"sending only", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			return changed(func(e *evidence.Evidence) { kill(e, "imap-993", "imap-143", "imap-1143") })
		}, "You can send mail but not receive it."},
		{"login rejected", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			e := healthy()
			noLogins(e)
			rejectLogin(e, "imap-993", "joe", evidence.Needed)
			return e, []checks.Finding{{Code: "MM701", Severity: checks.Fault, Stage: checks.StageLogin, Path: "imap-993"}}, nil
		}, "You cannot receive mail. The server does not accept this name and password."},
		{"login rejected and no code says why", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			return changed(func(e *evidence.Evidence) { noLogins(e); rejectLogin(e, "imap-993", "joe", evidence.Needed) })
		}, "You cannot receive mail. Sending was not tested."},
		{"stopped", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			return changed(func(e *evidence.Evidence) { e.Run.Ended = evidence.Stopped })
		}, "You stopped the test. This is what is known so far."},
		{"half tested", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			return changed(func(e *evidence.Evidence) { e.Logins = e.Logins[:1] })
		}, "You can receive mail. Sending was not tested."},
		{"a warning without a login", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			e := healthy()
			noLogins(e)
			return e, []checks.Finding{{Code: "MM408", Severity: checks.Warning, Stage: checks.StageTLS, Path: "imap-993"}}, nil
		}, "A certificate ends soon. The login was not tested."},
		{"two causes", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			e := healthy()
			noLogins(e)
			kill(e, "smtp-587", "smtp-26", "smtp-25")
			return e, []checks.Finding{
				{Code: "MM301", Severity: checks.Fault, Stage: checks.StageTCP, Path: "smtp-587"},
				{Code: "MM408", Severity: checks.Warning, Stage: checks.StageTLS, Path: "imap-993"},
			}, nil
		}, "You cannot send mail. One port gives no answer, and 1 more."},
		{"a program that cannot work", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			return healthy(), []checks.Finding{{Code: "MM601", Severity: checks.Fault, Stage: checks.StageName, Params: map[string]string{"program": "Thunderbird"}}}, nil
		}, "Mail works, but not as Thunderbird is set up."},
		{"a program that asks too often", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			return healthy(), []checks.Finding{{Code: "MM958", Severity: checks.Warning, Stage: checks.StageFolders, Params: map[string]string{"program": "Thunderbird"}}}, nil
		}, "You can receive and send mail. Thunderbird is not set up as it should be."},
		{"a program, and the certificate as well", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			return healthy(), []checks.Finding{
				{Code: "MM958", Severity: checks.Warning, Stage: checks.StageFolders, Params: map[string]string{"program": "Thunderbird"}},
				{Code: "MM408", Severity: checks.Warning, Stage: checks.StageTLS, Path: "imap-993"},
			}, nil
		}, "You can receive and send mail. MM958, and 1 more."},
		{"two warnings", func() (*evidence.Evidence, []checks.Finding, []cause.Diagnosis) {
			return healthy(), []checks.Finding{
				{Code: "MM408", Severity: checks.Warning, Stage: checks.StageTLS, Path: "imap-993"},
				{Code: "MM401", Severity: checks.Warning, Stage: checks.StageTLS, Path: "imap-993"},
			}, nil
		}, "You can receive and send mail. 2 causes were found."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, found, why := tt.make()
			var rest []checks.Finding
			if why == nil {
				rest = found
			}
			if got := build(e, found, why, rest, Options{}, titles).Verdict.Headline; got != tt.want {
				t.Errorf("headline\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestHabitsAreNoCause makes notes of what a program does too often while mail does not work,
// and warnings where it does.
func TestHabitsAreNoCause(t *testing.T) {
	habit := checks.Finding{Code: "MM958", Severity: checks.Warning, Stage: checks.StageFolders, Params: map[string]string{"program": "mutt"}}
	for want, more := range map[checks.Severity][]checks.Finding{
		checks.Warning: nil,
		checks.Note:    {{Code: "MM601", Severity: checks.Fault, Stage: checks.StageName}},
	} {
		found := append([]checks.Finding{habit}, more...)
		for _, f := range build(healthy(), found, nil, found, Options{}, titles).Findings {
			if f.Code == "MM958" && f.Severity != want {
				t.Errorf("beside %d faults: got %s, want %s", len(more), f.Severity, want)
			}
		}
	}
}
