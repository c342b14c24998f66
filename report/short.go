package report

import (
	"fmt"
	"io"
	"strings"

	"mailmedic/probe/evidence"
)

// Short writes the report for a chat: the verdict, one line for each root cause,
// and the support line.
func Short(w io.Writer, r *Report) error {
	lines := []string{shortVerdict(r)}
	for _, f := range counted(r) {
		line := fmt.Sprintf("%s %s: %s", f.Code, f.Confidence, strings.TrimSuffix(f.Title, "."))
		if len(f.Actions) > 0 {
			line += ". " + f.Actions[0]
		}
		lines = append(lines, line)
	}
	if r.Error == nil {
		lines = append(lines, Support(r))
	}
	for i, l := range lines {
		lines[i] = Clean(l, 240)
	}
	if _, err := io.WriteString(w, strings.Join(lines, "\n")+"\n"); err != nil {
		return fmt.Errorf("write report in short: %w", err)
	}
	return nil
}

func shortVerdict(r *Report) string {
	word := statusWord(string(r.Verdict.Status))
	if r.Error != nil {
		return word + " mailmedic " + r.Tool.Version + ": " + r.Error.Message
	}
	if r.Run.Simulated {
		word += " SIMULATED (" + r.Run.Scenario + ")"
	}
	_, numbers := deadPorts(r)
	ports := portList(numbers).String()
	if r.Verdict.CanReceive == evidence.No || r.Verdict.CanSend == evidence.No {
		ports = ""
	}
	if ports != "" {
		ports = " (not " + ports + ")"
	}
	return fmt.Sprintf("%s mailmedic %s %s: receive %s, send %s%s",
		word, r.Tool.Version, r.Run.ID, tested3(r.Verdict.CanReceive), tested3(r.Verdict.CanSend), ports)
}

// tested3 is the word for one of three values: yes, no, or not tested.
func tested3(s evidence.Seen) string {
	if s == evidence.Yes || s == evidence.No {
		return string(s)
	}
	return "not tested"
}
