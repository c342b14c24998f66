package checks

import (
	"slices"

	"mailmedic/checks/program"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// withClients is a check that also looks for its code in the settings of mail programs.
func withClients(code Code, run func(*evidence.Evidence) []Finding) func(*evidence.Evidence) []Finding {
	return func(e *evidence.Evidence) []Finding { return append(run(e), inClients(e, code)...) }
}

// inClients makes a finding of each account whose settings meet a code.
func inClients(e *evidence.Evidence, code Code) []Finding {
	var found []Finding
	for _, c := range e.Clients {
		if f := inClient(e, c, code); f != nil {
			found = append(found, *f)
		}
	}
	return found
}

func inClient(e *evidence.Evidence, c evidence.Client, code Code) *Finding {
	var said say.Text
	f := &Finding{Severity: Note, Facts: []Fact{{Text: say.With("the settings are in %s", c.File)}}, Params: map[string]string{"program": titleOf(c)}}
	for _, d := range Differences(e, c) {
		if d.Code != code || told(e, d) {
			continue
		}
		one := say.With("the %s is %s and should be %s", d.Field.Title(), d.Found, d.Wanted)
		if said == "" {
			said, f.Stage, f.Params["given"], f.Params["needed"] = one, stageIn(d.Field), d.Found.String(), d.Wanted.String()
		} else {
			said = say.With("%s; %s", said, one)
		}
		f.Sure = LessSure(f.Sure, d.Sure)
		f.Severity = heavier(f.Severity, d.Severity)
		if d.Why != "" {
			f.Facts = append(f.Facts, Fact{Stage: f.Stage, Text: say.With("%s: %s", d.Field.Title(), d.Why)})
		}
		f.Advice = append(f.Advice, change(c, d))
	}
	if said == "" {
		return nil
	}
	f.Facts[0].Stage = f.Stage
	f.Text = say.With("%s: %s.", Named(c), said)
	return f
}

// stageIn is where a setting matters. What stands in the way of a connection is the name's
// stage, as everything is that a person typed: the program fails, whatever this run did.
func stageIn(f program.Field) Stage {
	switch f {
	case program.RootPath, program.SentPath, program.DraftsPath, program.CheckInterval, program.SyncsAll, program.Searches, program.Connections:
		return StageFolders
	}
	return StageName
}

// told tells whether the same setting is already complained of as the user's own word:
// what a program has is what a run takes over from it.
func told(e *evidence.Evidence, d Difference) bool {
	same := func(set *string) bool { return set != nil && orEmpty(*set) == d.Found }
	switch d.Field {
	case program.ReceivingLogin, program.SendingLogin:
		return d.Found == say.Verbatim(e.Account.Login) && e.Account.Login != ""
	case program.RootPath:
		return same(e.Account.RootPath) && foldersRead(e)
	case program.SentPath:
		return same(e.Account.SentPath) && foldersRead(e)
	case program.DraftsPath:
		return same(e.Account.DraftsPath) && foldersRead(e)
	}
	return false
}

// foldersRead tells whether there was anything to hold folder paths against.
func foldersRead(e *evidence.Evidence) bool {
	return slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool { return s.Folders.Step.Done() })
}

func heavier(a, b Severity) Severity {
	order := []Severity{Note, Warning, Fault}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// Named says which account of which program is meant. Both are names, in any language.
func Named(c evidence.Client) say.Text {
	if c.Account == "" {
		return say.Recorded(titleOf(c))
	}
	return say.With("%s (%s)", say.Recorded(titleOf(c)), c.Account)
}

func titleOf(c evidence.Client) string {
	if how, ok := program.Find(c.Program); ok {
		return how.Title
	}
	return c.Program
}

// change says what to do about a difference.
func change(c evidence.Client, d Difference) say.Text {
	switch {
	case d.Field == program.Verification && d.Where == "":
		return say.With("%s: let it verify certificates again.", Named(c))
	case d.Field == program.Verification:
		return say.With("%s: let it verify certificates again (%s).", Named(c), d.Where)
	case d.Field == program.SyncsAll && d.Where != "":
		return say.With("%s: switch this off, or choose the folders that you use: %s.", Named(c), d.Where)
	case d.Where == "":
		return say.With("%s: set the %s to %s.", Named(c), d.Field.Title(), d.Wanted)
	}
	return say.With("%s: %s, set it to %s.", Named(c), d.Where, d.Wanted)
}
