package probe

import (
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// BenchmarkHealthy probes all six paths with login and folders behind a round trip of
// 50 ms, and reports how many of them the run and its slowest path took on the clock.
// The name server is as far away as the servers. It needs no threshold: the aim is at
// most 10 for the run.
func BenchmarkHealthy(b *testing.B) {
	const roundTrip = 50 * time.Millisecond
	p, err := profile.Load("runbox")
	if err != nil {
		b.Fatal(err)
	}
	provider, err := mailtest.Start(mailtest.Options{Profile: p, Users: []mailtest.User{{Name: "alice", Password: canary}}, Delay: roundTrip})
	if err != nil {
		b.Fatal(err)
	}
	defer provider.Close()
	plan := NewPlan(p, Options{
		Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own}, Messages: 200,
		Dial: provider.Dial, Resolver: provider.Resolver(), Roots: provider.Roots(),
	})
	var run, slowest evidence.Millis
	b.ReportAllocs()
	for b.Loop() {
		e, err := Run(b.Context(), plan, Credentials{NewSecret([]byte(canary))})
		if err != nil {
			b.Fatal(err)
		}
		run += e.Run.Took
		path := evidence.Millis(0)
		for _, s := range e.Sessions {
			if !s.Login.Done() {
				b.Fatalf("%s: login %s", s.ID(), s.Login.State)
			}
			path = max(path, s.Took)
		}
		slowest += path
	}
	rounds := func(total evidence.Millis) float64 {
		return float64(total) / float64(b.N) / float64(roundTrip.Milliseconds())
	}
	b.ReportMetric(rounds(run), "round-trips/run")
	b.ReportMetric(rounds(slowest), "round-trips/slowest-path")
}
