//go:build linux

package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest/netlab"
)

// measured is what a check took at one distance.
type measured struct {
	roundTrip         time.Duration
	syn, check, probe laps // probe is the part of the check that it gives itself in the report
	quickest          *evidence.Evidence
}

// BenchmarkRoundTrips checks all six paths of the provider with login, folders and
// messages, and counts the round trips on the clock. The kernel's own packets and those of
// the name server wait on their way too. The aim is 9 round trips and 150 ms.
func BenchmarkRoundTrips(b *testing.B) {
	f := startField(b)
	var found []measured
	for _, d := range distances() {
		b.Run(fmt.Sprint(d), func(b *testing.B) {
			at := f.seat(b, d)
			healthy(b, at.inTurn(b, f.job())) // so that the servers have their processes
			m := measured{roundTrip: d, syn: at.syn(b)}
			for b.Loop() {
				w := at.inTurn(b, f.job())
				e := healthy(b, w)
				m.check, m.probe = append(m.check, w.took()), append(m.probe, time.Duration(e.Run.Took)*time.Millisecond)
				if w.took() == slices.Min(m.check) {
					m.quickest = e
				}
			}
			found = append(found, m)
			b.ReportMetric(float64(m.check.median().Milliseconds()), "ms/check")
		})
	}
	rows := [][]string{{"round trip", "a SYN", "check", "of it the probe", "aim", "round trips", "without the time at 0 ms"}}
	for _, m := range found {
		beyond := "-"
		if found[0].roundTrip == 0 {
			beyond = rounds(m.check.median()-found[0].check.median(), m.roundTrip)
		}
		rows = append(rows, []string{m.roundTrip.String(), m.syn.String(), m.check.String(), m.probe.String(),
			(9*m.roundTrip + 150*time.Millisecond).String(), rounds(m.check.median(), m.roundTrip), beyond})
	}
	table("A check of six paths with login, folders and messages: the median, the least in brackets", rows)
	for _, m := range found {
		table(fmt.Sprintf("The end of each step of the quickest check at %s, in round trips if there is a distance", m.roundTrip), m.steps())
	}
}

// syn is how long the kernel takes to connect to the provider.
func (s seat) syn(b *testing.B) (all laps) {
	b.Helper()
	for range 5 {
		began := time.Now()
		c, err := s.Dial(netlab.Client, netlab.Address(0)+":993")
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, time.Since(began))
		c.Close()
	}
	return all
}

// rounds counts the round trips in a time.
func rounds(took, roundTrip time.Duration) string {
	if roundTrip == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(took)/float64(roundTrip))
}

// steps tells when each step of each path had ended, after the start of the run.
func (m measured) steps() [][]string {
	rows := [][]string{{"path", "TCP", "greeting", "TLS", "capabilities", "login", "folders", "goodbye"}}
	for _, s := range m.quickest.Sessions {
		row := []string{s.ID()}
		for _, step := range []evidence.Step{s.Dials[0].Step, s.Greeting.Step, s.Secure.Step, s.Capability.Step, s.Login, s.Folders.Step, s.Farewell} {
			after := time.Duration(step.At+step.Took) * time.Millisecond
			switch {
			case !step.Done():
				row = append(row, "-")
			case m.roundTrip == 0:
				row = append(row, after.String())
			default:
				row = append(row, rounds(after, m.roundTrip))
			}
		}
		rows = append(rows, row)
	}
	return rows
}
