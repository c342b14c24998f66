package main

import (
	"bytes"
	"fmt"
	"strings"

	"mailmedic/checks"
	"mailmedic/probe/evidence"
)

// text is what client found, in lines that fold can break.
func (d clientDocument) text(verbose bool) string {
	var b bytes.Buffer
	accounts, differences := 0, 0
	for i, f := range d.Files {
		if i > 0 {
			b.WriteString("\n")
		}
		f.write(&b, verbose)
		accounts += len(f.Accounts)
		for _, a := range f.Accounts {
			differences += len(a.Differences)
		}
	}
	fmt.Fprintf(&b, "\n%s in %s, %s. Nothing was changed, and no password was read.\n",
		counted(accounts, "account"), counted(len(d.Files), "file"), counted(differences, "difference"))
	if differences > 0 {
		b.WriteString("What a code means:  mailmedic explain CODE\n")
	}
	return b.String()
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (f settingsFile) write(b *bytes.Buffer, verbose bool) {
	fmt.Fprintf(b, "%s\n", visible(f.File))
	if f.Error != "" {
		fmt.Fprintf(b, "  FAIL  %s\n", visible(f.Error))
	}
	if f.Error == "" && len(f.Accounts) == 0 {
		b.WriteString("  No IMAP or SMTP account stands in it.\n")
	}
	for _, a := range f.Accounts {
		a.write(b, verbose)
	}
}

func (a setUp) write(b *bytes.Buffer, verbose bool) {
	fmt.Fprintf(b, "  %s", visible(checks.Named(a.Client)))
	if a.Provider == "" {
		b.WriteString(", no known provider: only what holds everywhere was compared\n")
	} else {
		fmt.Fprintf(b, ", compared with %s (%s)\n", visible(a.Title), visible(a.Provider))
	}
	for _, d := range a.Differences {
		word := map[checks.Severity]string{checks.Fault: "FAIL", checks.Warning: "WARN", checks.Note: "NOTE"}[d.Severity]
		fmt.Fprintf(b, "  %s  %s  %s: found %s, wanted %s\n", word, d.Code, d.Title, visible(d.Found), visible(d.Wanted))
		for _, more := range []string{d.Why, d.Where} {
			if more != "" {
				fmt.Fprintf(b, "               %s\n", visible(more))
			}
		}
	}
	switch {
	case len(a.Differences) > 0:
	case a.Receiving == nil && a.Sending == nil:
		b.WriteString("        No server stands in it, so there is nothing to compare.\n")
	case a.Provider == "":
		b.WriteString("  OK    nothing against what holds everywhere\n")
	default:
		b.WriteString("  OK    nothing differs\n")
	}
	for _, m := range a.Missed {
		fmt.Fprintf(b, "        %s\n", visible(m))
	}
	if verbose {
		a.all(b)
	}
}

// all writes every setting that was read.
func (a setUp) all(b *bytes.Buffer) {
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(b, "        %-28s  %s\n", name, visible(value))
		}
	}
	row("address", a.Address)
	row("receiving", serverText(a.Receiving))
	row("sending", serverText(a.Sending))
	path := func(name string, p *string) {
		switch {
		case p == nil:
		case *p == "":
			row(name, "(empty)")
		default:
			row(name, *p)
		}
	}
	path("root folder path", a.RootPath)
	path("Sent path", a.SentPath)
	path("Drafts path", a.DraftsPath)
	switch m := a.CheckMinutes; {
	case m != nil && *m == 0:
		row("checks for mail", "not by itself")
	case m != nil:
		row("checks for mail", "every "+counted(*m, "minute"))
	}
	row("asks the server for the root", string(a.Asks))
	row("synchronises all", string(a.SyncsAll))
	row("searches on server", string(a.Searches))
	if a.Connections > 0 {
		row("connections", fmt.Sprint(a.Connections))
	}
}

// serverText is one server in a line: "imap.example.net 993 SSL/TLS, alice, password".
func serverText(s *evidence.ClientServer) string {
	if s == nil {
		return ""
	}
	words := []string{s.Host}
	if s.Port != 0 {
		words = append(words, fmt.Sprint(s.Port))
	}
	if s.Encryption != "" {
		words = append(words, s.Encryption.Shown())
	}
	if s.IfOffered {
		words = append(words, "if available")
	}
	text := strings.Join(words, " ")
	if s.Login != "" {
		text += ", login name " + s.Login
	}
	if s.Auth != "" {
		text += ", login method " + string(s.Auth)
	}
	if s.Unverified {
		text += ", certificates not verified"
	}
	if s.Stored {
		text += ", password stored"
	}
	return text
}
