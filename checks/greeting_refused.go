package checks

import (
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// greetingRefused is MM508: a permanent refusal before any login. The server's own
// words are the best there is.
var greetingRefused = Check{Code: "MM508", Stage: StageGreeting, Severity: Fault, Run: func(e *evidence.Evidence) []Finding {
	return onEachAddress(e, func(s *evidence.Session) *Finding {
		for _, step := range []evidence.Step{s.Greeting.Step, s.Capability.Step} {
			f := failure(step, evidence.Rejected)
			if f == nil || f.Reply == nil || f.Reply.Status == "PREAUTH" || f.Reply.Status == "BYE" && f.Reply.Code == "" || blocklist(f.Reply) {
				continue
			}
			found := &Finding{
				Text:   say.With("The server on port %d refuses to talk to this computer.", s.Path.Port),
				Facts:  []Fact{seen(s, StageGreeting, step, "%s", quoted(f.Reply))},
				Advice: []say.Text{UseInstead(e, s.Path.Protocol), AskSupport(e)},
			}
			if closedToServer(f.Reply) {
				found.Text = say.With("The server on port %d refuses everybody, because the block list that it asks does not answer its name server. Your own address is not the matter.", s.Path.Port)
			}
			return found
		}
		return nil
	})
}}
