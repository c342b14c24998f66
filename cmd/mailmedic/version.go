package main

import (
	"fmt"
	"runtime"

	"github.com/urfave/cli/v2"
)

// version is set when a release is built: -ldflags "-X main.version=1.0.0".
var version = "1.0.0-dev"

// knownIssues is the day on which the pages of the codes were last looked through.
const knownIssues = "2026-11-22"

// version prints what a bug report needs, in English: scripts read it, and so does whoever
// gets the report.
func (p *program) version(c *cli.Context) error {
	if c != nil && c.NArg() > 0 {
		return surplus("version")
	}
	return p.io.print(fmt.Appendf(nil, "mailmedic %s\nknown issues of %s\n%s %s/%s\n",
		version, knownIssues, runtime.Version(), runtime.GOOS, runtime.GOARCH))
}
