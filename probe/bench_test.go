package probe

import (
	"runtime"
	"testing"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/mailtest"
	"mailmedic/probe/profile"
)

// BenchmarkHealthy probes all six paths with login, folders and known issues behind round
// trips of 0, 50 and 200 ms, the name server as far away as the servers. It reports how many
// round trips the run and its slowest path took on the clock, and how many milliseconds the
// run took beyond nine of them: the longest chain of dependent steps has eight (doc.go), and
// the aim is one more and 150 ms. It needs no threshold.
func BenchmarkHealthy(b *testing.B) {
	for _, roundTrip := range []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond} {
		b.Run(roundTrip.String(), func(b *testing.B) { healthy(b, roundTrip) })
	}
}

func healthy(b *testing.B, roundTrip time.Duration) {
	const aim = 9
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
	mean := float64(run) / float64(b.N)
	b.ReportMetric(mean, "ms/run")
	b.ReportMetric(mean-aim*float64(roundTrip.Milliseconds()), "ms-beyond-9-round-trips")
	if roundTrip > 0 {
		b.ReportMetric(mean/float64(roundTrip.Milliseconds()), "round-trips/run")
		b.ReportMetric(float64(slowest)/float64(b.N)/float64(roundTrip.Milliseconds()), "round-trips/slowest-path")
	}
}

// BenchmarkMessages reads the header fields of the newest 2000 messages of INBOX and of
// Sent. It reports how many round trips lie between the answer to the login and that to
// LOGOUT, which is what a scan takes longer at 250 ms than at 50 ms, how long the messages
// themselves take, and how much more memory a run needs at its peak than one that reads no
// messages, the built-in server's share included. The aims are 3 round trips and 32 MiB; the
// made-up line holds 1 MiB at a time, which costs a third of a round trip with so much mail.
func BenchmarkMessages(b *testing.B) {
	near, far := 50*time.Millisecond, 250*time.Millisecond
	scan := map[time.Duration]func(int) (evidence.Millis, uint64){near: scanner(b, near), far: scanner(b, far)}
	_, without := scan[near](0)
	var quick, slow, more float64
	for b.Loop() {
		took, peak := scan[near](2000)
		longer, _ := scan[far](2000)
		quick, slow, more = quick+float64(took), slow+float64(longer), more+float64(peak)-float64(without)
	}
	rounds := (slow - quick) / float64((far - near).Milliseconds())
	b.ReportMetric(rounds/float64(b.N), "round-trips/scan")
	b.ReportMetric((quick-rounds*float64(near.Milliseconds()))/float64(b.N), "work-ms/scan")
	b.ReportMetric(more/(1<<20)/float64(b.N), "more-MiB/scan")
}

// scanner makes a provider at a distance, and gives a run that reads so many messages
// there. The run tells how long it took from the answer to the login, and its largest heap.
func scanner(b *testing.B, roundTrip time.Duration) func(messages int) (evidence.Millis, uint64) {
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
	b.Cleanup(func() { provider.Close() })
	return func(messages int) (evidence.Millis, uint64) {
		plan := NewPlan(p, Options{
			Account: profile.Account{Address: "alice@runbox.com", Kind: profile.Own}, Messages: messages, Only: []string{"imap-993"},
			Dial: provider.Dial, Resolver: provider.Resolver(), Roots: provider.Roots(),
		})
		var e *evidence.Evidence
		peak := heapPeak(func() { e, err = Run(b.Context(), plan, Credentials{NewSecret([]byte(canary))}) })
		if err != nil {
			b.Fatal(err)
		}
		s := e.Sessions[0]
		if messages > 0 && (len(s.Messages) != 2 || s.Messages[0].Examined != messages || s.Messages[1].Examined != messages) {
			b.Fatalf("read %+v, want %d messages of two folders", s.Messages, messages)
		}
		return s.Farewell.At + s.Farewell.Took - s.Login.At - s.Login.Took, peak
	}
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
