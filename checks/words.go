package checks

import (
	"strings"

	"mailmedic/checks/say"
)

// some lists the first names of many.
func some(names []string, most int) say.Text {
	if len(names) > most {
		return say.With("%s, and others", strings.Join(names[:most], ", "))
	}
	return say.Verbatim(strings.Join(names, ", "))
}

// few lists the first three as a sentence does.
func few(names []string) say.Text {
	const most = 3
	if len(names) > most {
		return say.With("%s and others", strings.Join(names[:most], ", "))
	}
	return say.List(names)
}

// someOf is some for what is more than a name.
func someOf(items []say.Text, most int) say.Text {
	listed := inTurn("%s, %s", items[:min(len(items), most)])
	if len(items) > most {
		return say.With("%s, and others", listed)
	}
	return listed
}

// AnyOf lists names of which one will do: "one or two".
func AnyOf(names []string) say.Text {
	items := make([]say.Text, len(names))
	for i, name := range names {
		items[i] = say.Verbatim(name)
	}
	return inTurn("%s or %s", items)
}

// AllOf lists what is more than a name: "one and two and three".
func AllOf(items []say.Text) say.Text { return inTurn("%s and %s", items) }

// inTurn puts one more behind those before, each time by the same message.
func inTurn(message say.Text, items []say.Text) say.Text {
	var all say.Text
	for i, item := range items {
		if i == 0 {
			all = item
			continue
		}
		all = say.With(message, all, item)
	}
	return all
}
