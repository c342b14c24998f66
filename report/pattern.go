package report

import (
	"regexp"
	"sync"
)

// pattern compiles an expression when it is used first. Most runs read no pasted report, and
// all of them together would take longer than the rest of a start.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
