package report

import (
	"fmt"
	"strings"

	"mailmedic/probe/evidence"
)

// message joins the sentences of one finding. What differs in nothing but the port and the
// server is said once, with the other ports behind it.
func message(e *evidence.Evidence, texts []said) string {
	var shapes []string
	first, also := map[string]said{}, map[string][]string{}
	for _, s := range texts {
		shape := shapeOf(e, s)
		if _, known := first[shape]; known {
			also[shape] = append(also[shape], portOf(s.path))
			continue
		}
		shapes = append(shapes, shape)
		first[shape] = s
	}
	var sentences []string
	for _, shape := range shapes {
		sentences = append(sentences, first[shape].text)
		if ports := also[shape]; len(ports) > 0 {
			sentences = append(sentences, fmt.Sprintf("The same holds for %s.", portList(ports)))
		}
	}
	return strings.Join(sentences, " ")
}

// shapeOf is a sentence without what names its path: the port, the host, its addresses.
func shapeOf(e *evidence.Evidence, s said) string {
	session := e.Session(s.path)
	if session == nil {
		return s.text
	}
	names := []string{"port " + portOf(s.path), "port", "Port " + portOf(s.path), "Port"}
	if session.Path.Host != "" {
		names = append(names, session.Path.Host, "host")
	}
	for _, d := range session.Dials {
		names = append(names, d.Address, "address")
	}
	return strings.NewReplacer(names...).Replace(s.text)
}
