package report

import (
	"slices"
	"strings"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/report/messages"
)

// worded is what was said, in the words of a language.
type worded struct{ text, path string }

// message joins the sentences of one finding. What differs in nothing but the port and the
// server is said once, with the others behind it.
func message(speak *messages.Speaker, e *evidence.Evidence, texts []said) string {
	var shapes []string
	alike := map[string][]worded{}
	for _, t := range texts {
		s := worded{speak.Say(t.text), t.path}
		shape := shapeOf(e, s)
		if alike[shape] == nil {
			shapes = append(shapes, shape)
		}
		alike[shape] = append(alike[shape], s)
	}
	var sentences []string
	for _, shape := range shapes {
		first, others := alike[shape][0], alike[shape][1:]
		sentences = append(sentences, first.text)
		if named := alsoNamed(e, first, others); named != "" {
			sentences = append(sentences, speak.Say("The same holds for %s.", named))
		}
	}
	return strings.Join(sentences, " ")
}

// alsoNamed lists of what else a sentence holds: of servers where it speaks of one and of
// no port, else of ports.
func alsoNamed(e *evidence.Evidence, first worded, others []worded) say.Text {
	s := e.Session(first.path)
	byHost := s != nil && s.Path.Host != "" && strings.Contains(first.text, s.Path.Host) && !strings.Contains(strings.ToLower(first.text), "port "+portOf(first.path))
	var names []string
	for _, o := range others {
		name, session := portOf(o.path), e.Session(o.path)
		if byHost && session != nil {
			name = session.Path.Host
		}
		if !slices.Contains(names, name) && !(byHost && name == s.Path.Host) {
			names = append(names, name)
		}
	}
	if byHost {
		return say.List(names)
	}
	return portList(names)
}

// shapeOf is a sentence without what names its path: the port and the host.
func shapeOf(e *evidence.Evidence, s worded) string {
	session := e.Session(s.path)
	if session == nil {
		return s.text
	}
	names := []string{"port " + portOf(s.path), "port", "Port " + portOf(s.path), "Port"}
	if session.Path.Host != "" {
		names = append(names, session.Path.Host, "host")
	}
	for _, d := range session.Dials {
		names = append(names, d.Address, strings.TrimSuffix(d.Address, ":"+portOf(s.path)))
	}
	return strings.NewReplacer(names...).Replace(s.text)
}
