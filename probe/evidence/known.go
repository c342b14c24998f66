package evidence

import "slices"

// Each of these tells whether a word, as a saved record may hold any, is one of its
// type's. A type without this method takes every word.

// Known tells whether the word is one of the reasons for a profile.
func (b Because) Known() bool {
	return slices.Contains([]Because{"", ByUser, ByDomain, ByMX, Undecided}, b)
}

// Known tells whether the word is one of the ends of a run.
func (e Ended) Known() bool { return slices.Contains([]Ended{Finished, Deadline, Stopped}, e) }

// Known tells whether the word is one of the three.
func (s Seen) Known() bool { return slices.Contains([]Seen{Unknown, Yes, No}, s) }

// Known tells whether the word is one of the states of a step.
func (s State) Known() bool {
	return slices.Contains([]State{NotReached, Done, Failed, Skipped, NotApplicable}, s)
}

// Known tells whether the word is one of the kinds of failure.
func (k Kind) Known() bool {
	return slices.Contains([]Kind{
		Timeout, Refused, Unreachable, Denied, Reset, Closed, NotFound, NoData, ServFail, DNSRefused, BadName,
		NotTLS, Alert, TLS, Protocol, TooMuch, Rejected, Temporary, NotOffered, Injected, Cancelled, Internal, Other,
	}, k)
}

// Known tells whether the word is one of the services.
func (s Service) Known() bool {
	return slices.Contains([]Service{"", ServiceIMAP, ServiceSMTP, ServicePOP3, ServiceHTTP, ServiceSSH, ServiceFTP, ServiceTLS, ServiceOther}, s)
}

// Known tells whether the word is one of the forms of a login name.
func (f Form) Known() bool { return slices.Contains([]Form{Typed, Needed}, f) }

// Known tells whether the word is one of the verdicts on a login.
func (r Result) Known() bool {
	return slices.Contains([]Result{Accepted, RejectedIn, ForNow, BrokenOff}, r)
}

// Known tells whether the word is one of the purposes of a control connection.
func (p Purpose) Known() bool { return slices.Contains([]Purpose{Decoy, Web, WebTLS}, p) }

// Known tells whether the word is one of the sources of a clock reading.
func (c ClockSource) Known() bool {
	return slices.Contains([]ClockSource{ClockGreeting, ClockHTTP, ClockMessage}, c)
}

// Known tells whether the word is one of the reasons for a look-up.
func (w Why) Known() bool {
	return slices.Contains([]Why{ForPath, ForRandom, ForCertificate, ForControl}, w)
}

// Known tells whether the word is one of the hellos.
func (h Hello) Known() bool {
	return slices.Contains([]Hello{HelloSmall, HelloClamped, HelloOld, HelloRSA, HelloName}, h)
}
