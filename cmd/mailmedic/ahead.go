package main

import (
	"context"
	"sync"
	"sync/atomic"

	"mailmedic/probe"
)

// ahead tests the connections while somebody answers questions. One goroutine carries the
// survey out; what it found may be read when done is closed.
type ahead struct {
	options probe.Options
	bar     *progress
	done    chan struct{}
	early   chan struct{} // closed when a safe path is known before the survey has ended
	once    sync.Once
	found   atomic.Bool // a safe path

	shared *probe.Shared
	err    error
	broken any // a panic
}

// survey looks at the connections without a login.
type survey func(context.Context, probe.Plan) (*probe.Shared, error)

// begin starts to test the connections.
func (w *wizard) begin(ctx context.Context, carryOut survey) {
	j := w.job
	j.options.NoLogin, j.options.Shared = loginLater, nil
	a := &ahead{options: j.options, bar: w.newProgress(j, true), done: make(chan struct{}), early: make(chan struct{})}
	j.options.Progress = func(e probe.Event) {
		if e.Known != nil && probe.Fit(e.Known, a.options) {
			a.found.Store(true)
			a.once.Do(func() { close(a.early) })
		}
		if a.bar != nil {
			a.bar.event(e)
		}
	}
	w.ahead = a
	go func() {
		defer close(a.done)
		defer func() { a.broken = recover() }()
		a.shared, a.err = carryOut(ctx, probe.NewPlan(j.profile, j.options))
		if a.err == nil && probe.Fit(a.shared.Evidence(), a.options) {
			a.found.Store(true)
		}
	}()
}

// safe waits until it is known whether there is a safe way for a password.
func (a *ahead) safe(ctx context.Context) error {
	a.bar.show()
	defer a.bar.hide()
	select {
	case <-a.early:
	case <-a.done:
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return stopped()
	}
	return nil
}

// elsewhere tells whether the survey has ended with the news that the mail is kept elsewhere.
func (a *ahead) elsewhere() bool {
	select {
	case <-a.done:
		return a.shared != nil && probe.Elsewhere(a.shared.Evidence(), a.options)
	default:
		return false
	}
}

// wait waits for the end of the survey, and tells how far it is. What broke in it breaks here.
func (a *ahead) wait() error {
	a.bar.show()
	<-a.done
	a.bar.close()
	a.bar = nil
	if a.broken != nil {
		panic(a.broken)
	}
	return a.err
}
