package clientconf

import "strings"

// section is one part of an INI file, and what stands in it in the file's order.
type section struct {
	name string
	line int
	keys []entry
}

type entry struct {
	key, value string
	line       int
}

// ini reads sections of "key = value" or "key: value". Lines that are neither are faults,
// and the rest is read. With folded, a line that is set in deeper than the key
// before it goes on with that one's value, as Python's configparser has it.
func (r *reading) ini(text string, folded bool) []section {
	var all []section
	number, open := 0, false // open: the line before was a value or went on with one
	depth := 0               // blanks in front of its key
	var tail []string        // what goes on with the last value
	fold := func() {
		if len(tail) > 0 {
			keys := all[len(all)-1].keys
			last := &keys[len(keys)-1]
			last.value = strings.TrimSpace(last.value + "\n" + strings.Join(tail, "\n"))
			tail = nil
		}
	}
	for line := range strings.Lines(r.clip(text)) {
		number++
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
		case folded && open && indent(line) > depth:
			tail = append(tail, trimmed)
		case trimmed[0] == '[':
			fold()
			open = false
			name, _, ok := strings.Cut(trimmed[1:], "]")
			if !ok {
				r.fault(number, "a section's name has no closing bracket")
			}
			all = append(all, section{name: strings.TrimSpace(name), line: number})
		default:
			fold()
			at := strings.IndexAny(trimmed, "=:")
			open, depth = at > 0 && len(all) > 0, indent(line)
			if !open {
				r.fault(number, "this is neither a section nor a setting")
				continue
			}
			last := &all[len(all)-1]
			last.keys = append(last.keys, entry{strings.TrimSpace(trimmed[:at]), strings.TrimSpace(trimmed[at+1:]), number})
		}
	}
	fold()
	return all
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// get finds the last value of a key, in capitals or not. The line is 0 where there is none.
func (s *section) get(key string) entry {
	for i := len(s.keys) - 1; i >= 0; i-- {
		if strings.EqualFold(s.keys[i].key, key) {
			return s.keys[i]
		}
	}
	return entry{}
}
