package probe

import (
	"strings"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// clocks reads what servers said of the time: the date that many SMTP greetings end
// with, and the INTERNALDATE of the newest message, before which it cannot be.
func clocks(e *evidence.Evidence) []evidence.Clock {
	list := []evidence.Clock{}
	for i := range e.Sessions {
		s := &e.Sessions[i]
		if s.Path.Protocol == profile.SMTP && s.Greeting.Reply != nil {
			if theirs, ok := dateAtEnd(s.Greeting.Reply.Text); ok {
				list = append(list, evidence.Clock{Source: evidence.ClockGreeting, Path: s.ID(), Theirs: theirs, Ours: moment(e, s.Greeting.Step)})
			}
		}
		for _, m := range s.Messages {
			if !m.Newest.IsZero() {
				list = append(list, evidence.Clock{Source: evidence.ClockMessage, Path: s.ID(), Theirs: m.Newest, Ours: moment(e, m.Step)})
			}
		}
	}
	return list
}

// utc takes a time that somebody else told to UTC. One outside of the years 1 to 9999 can
// be written in no document (RFC 3339 section 1), so it counts as not observed: a server
// must not decide whether there is a report.
func utc(told time.Time) time.Time {
	told = told.UTC()
	if told.Year() < 1 || told.Year() > 9999 {
		return time.Time{}
	}
	return told
}

// moment is the time by our clock at which a step ended.
func moment(e *evidence.Evidence, s evidence.Step) time.Time {
	return e.Run.At.Add(time.Duration(s.At+s.Took) * time.Millisecond)
}

// dateAtEnd reads the date at the end of an SMTP greeting, as Sendmail and Exim write it
// by default: "mail.example ESMTP Exim 4.96 Mon, 23 Nov 2026 00:10:20 +0000". It must be a
// whole RFC 5322 date with a zone, or it is none.
func dateAtEnd(text string) (time.Time, bool) {
	words := strings.Fields(strings.TrimRight(text, ";. "))
	if n := len(words); n > 0 && strings.HasPrefix(words[n-1], "(") {
		words = words[:n-1] // the zone's name, as a comment
	}
	for _, take := range []int{6, 5} {
		if len(words) < take {
			continue
		}
		date := strings.Join(words[len(words)-take:], " ")
		for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST"} {
			t, err := time.Parse(layout, date)
			if err == nil && (!strings.HasSuffix(layout, "MST") || t.Location().String() == "UTC" || strings.HasSuffix(date, "GMT")) {
				t = utc(t)
				return t, !t.IsZero()
			}
		}
	}
	return time.Time{}, false
}
