package cause

import (
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// lead is the least by which an answer has to beat a round trip to be told from chance on
// a line that is as good as any.
const lead = evidence.Millis(5)

// sooner tells whether an answer came from much nearer than something else is. Both are
// negative where they were not observed.
func sooner(near, far evidence.Millis) bool {
	return near >= 0 && near*3 < far && far-near >= lead
}

// refusedWithin tells whether a path was refused much sooner than something far away can
// answer.
func refusedWithin(s *evidence.Session, far evidence.Millis) bool {
	return sooner(fastest(s, evidence.Failed), far)
}

// nextDoor tells whether an answer came from this network or the one before it, while
// something else is far away. Two hosts of a provider may well stand in different places,
// so that a plain difference says nothing of two hosts.
func nextDoor(near, far evidence.Millis) bool {
	return near >= 0 && near <= lead && near*10 <= far && sooner(near, far)
}

// distance is about one round trip to the servers of some sessions: the shortest time in
// which any of them was connected to or answered EHLO, or -1. A longer one says little of
// the way there, since a packet may have been lost, or this computer was busy: all of a
// run's connections are begun in one moment, so that a busy one holds all of them up.
func distance(list []*evidence.Session) evidence.Millis {
	best := evidence.Millis(-1)
	for _, s := range list {
		times := []evidence.Millis{fastest(s, evidence.Done)}
		if s.Path.Protocol == profile.SMTP && s.Capability.Step.Done() { // IMAP's may come with the greeting
			times = append(times, s.Capability.Step.Took)
		}
		for _, took := range times {
			if took >= 0 && (best < 0 || took < best) {
				best = took
			}
		}
	}
	return best
}

// fastest is the shortest time of the dials with a state, or -1.
func fastest(s *evidence.Session, state evidence.State) evidence.Millis {
	best := evidence.Millis(-1)
	for _, d := range s.Dials {
		if d.Step.State == state && (best < 0 || d.Step.Took < best) {
			best = d.Step.Took
		}
	}
	return best
}
