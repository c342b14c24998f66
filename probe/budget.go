package probe

import "time"

// Budget is every limit of a run, each with its reason.
type Budget struct {
	Run      time.Duration // the whole run: what a person waits before they give up
	Step     time.Duration // one look-up, connect, greeting, answer or handshake: long enough to tell slow from dead (SYN is sent again after 1, 3 and 7 s)
	Silent   time.Duration // when the last packet to a silent port has been sent (see silence.go); zero where the user has set Step
	Doubt    time.Duration // a path that matters and has not been reached by then is in doubt: two packets were not answered, and a third goes out
	Farewell time.Duration // LOGOUT or QUIT: polite, but nobody waits for a goodbye
	Control  time.Duration // a connection made only to compare with: a first packet that is lost is sent again after 1 and 3 s
	Near     time.Duration // an answer from something near this computer, of which the first packet is not lost
	Patience time.Duration // how long the first login waits for a better path that is still being opened; a dead one must not hold up the rest

	Logins      int // rejected logins in the run; the contract allows 1 to 4
	PerHost     int // connections at a time to one host: what clients of this kind open
	Connections int // connections in the run
	Addresses   int // addresses of one family that are dialled for one path; a larger set is sampled, not flooded
	Lines       int // answer lines to one command of the opening; a real list of capabilities has one or two
	Folders     int // rows of LIST that are kept
}

// DefaultBudget is the budget for options that leave everything open.
func DefaultBudget() Budget {
	return Budget{
		Run:      45 * time.Second,
		Step:     10 * time.Second,
		Silent:   7 * time.Second,
		Doubt:    3 * time.Second,
		Farewell: time.Second,
		Control:  4 * time.Second,
		Near:     time.Second,
		Patience: 250 * time.Millisecond,

		Logins:      2,
		PerHost:     8,
		Connections: 40,
		Addresses:   4,
		Lines:       200,
		Folders:     10000,
	}
}
