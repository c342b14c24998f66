package report

import (
	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// compared is a table of two servers of one provider, the first with its ports as the old
// one, and what differs marked by a word.
func (t *printer) compared(e *evidence.Evidence) {
	c, ok := checks.Compare(e)
	if !ok {
		return
	}
	t.line("")
	t.hanging("", "  ", t.say("Two servers: port %d (%s) and port %d (%s)", c.Old.Path.Port, t.clean(t.say(say.Recorded(c.Old.Path.Server)), 30), c.New.Path.Port, t.clean(t.say(say.Recorded(c.New.Path.Server)), 30)), t.p.head)
	for _, r := range c.Rows {
		mark := ""
		if r.Differs {
			mark = "  " + t.say("differs")
		}
		old, other := t.clean(t.say(r.Old), 200), t.clean(t.say(r.New), 200)
		what := t.clean(t.say(r.What), 60)
		row := "  " + left(what, 22) + left(old, 22) + left(other, 18) + mark
		if Width(what) > 21 || Width(old) > 21 || Width(other) > 17 || Width(row) > t.width {
			t.hanging("  ", "    ", what+": "+old+" | "+other+mark, plain)
			continue
		}
		t.line(row)
	}
	t.hanging("  ", "  ", t.clean(t.say(c.Advice), 400), plain)
}
