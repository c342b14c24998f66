package probe

import (
	"runtime"
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

// BenchmarkMessages reads the header fields of the newest 2000 messages of INBOX and of
// Sent behind a round trip of 50 ms. It reports how many round trips lie between the answer
// to the login and that to LOGOUT, and how much more memory a run takes at its peak than
// one that reads no messages, the built-in server's share included. The aims are 3 and 32.
func BenchmarkMessages(b *testing.B) {
	const roundTrip = 50 * time.Millisecond
	p, err := profile.Load("runbox")
	if err != nil {
		b.Fatal(err)
	}
	provider, err := mailtest.Start(mailtest.Options{
		Profile: p, Users: []mailtest.User{{Name: "alice", Password: canary}}, Delay: roundTrip,
		Stores: map[string]mailtest.Store{"old": crowded(2000)},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer provider.Close()
	probe := func(messages int) (evidence.Session, uint64) {
		plan := NewPlan(p, Options{
			Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own}, Messages: messages, Only: []string{"imap-993"},
			Dial: provider.Dial, Resolver: provider.Resolver(), Roots: provider.Roots(),
		})
		var e *evidence.Evidence
		peak := heapPeak(func() { e, err = Run(b.Context(), plan, Credentials{NewSecret([]byte(canary))}) })
		if err != nil {
			b.Fatal(err)
		}
		return e.Sessions[0], peak
	}
	probe(2000) // the server makes the user's mailbox at the first login
	_, without := probe(0)
	var rounds, more float64
	for b.Loop() {
		s, with := probe(2000)
		if len(s.Messages) != 2 || s.Messages[0].Examined != 2000 || s.Messages[1].Examined != 2000 {
			b.Fatalf("read %+v, want 2000 messages of two folders", s.Messages)
		}
		began := s.Login.At + s.Login.Took
		rounds += float64(s.Farewell.At+s.Farewell.Took-began) / float64(roundTrip.Milliseconds())
		more += (float64(with) - float64(without)) / (1 << 20)
	}
	b.ReportMetric(rounds/float64(b.N), "round-trips/scan")
	b.ReportMetric(more/float64(b.N), "more-MiB/scan")
}

// heapPeak is the largest heap that was seen while something ran.
func heapPeak(f func()) uint64 {
	runtime.GC()
	done, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-done:
				peak <- most
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	f()
	close(done)
	return <-peak
}
