package report

import (
	"maps"
	"slices"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// Blame says on whose side a fault is likely to be, as far as two reports can tell.
type Blame struct {
	Side       Side        `json:"side"`
	Where      Place       `json:"where"` // empty where nothing tells
	Confidence checks.Sure `json:"confidence"`
	Because    string      `json:"because"` // in English
	because    say.Text
}

// Side is a report's side, or what is behind both.
type Side string

// The sides.
const (
	SideNone    Side = "none" // there is no fault
	SideBefore  Side = "before"
	SideAfter   Side = "after"
	SideBoth    Side = "both"
	SideUnknown Side = "unknown"
)

// Place is where on that side.
type Place string

// The places.
const (
	PlaceNetwork  Place = "network"
	PlaceNames    Place = "name server"
	PlaceComputer Place = "computer"
	PlaceInput    Place = "what was typed"
	PlaceAccount  Place = "account"
	PlaceProvider Place = "provider"
	PlaceTime     Place = "time"
)

func blamed(side Side, where Place, sure checks.Sure, because say.Text) Blame {
	return Blame{side, where, sure, because.String(), because}
}

// unrelated is why two reports say nothing of each other, or "".
func unrelated(a, b *Report) say.Text {
	switch {
	case sameRun(a, b):
		return "Both are of the same run, so they say nothing of where a fault is."
	case a.cut || b.cut:
		return "A part of a report is missing, so nothing tells on whose side a fault is."
	case a.Run.Simulated != b.Run.Simulated:
		return "One of the two is a demonstration, so they say nothing of each other."
	case otherProvider(a, b):
		return "The two reports are of different providers, so they say nothing of each other."
	case otherServers(a, b):
		return "The two reports are of different servers, so they say nothing of each other."
	}
	return ""
}

// sameRun tells whether both have the id of one run, of which a support line leaves the
// hyphens out.
func sameRun(a, b *Report) bool {
	return clip(a.Run.ID, 12) != "" && clip(a.Run.ID, 12) == clip(b.Run.ID, 12)
}

// blame weighs two reports of one provider against each other. One that fails where the
// other works has the fault near it; two that fail alike have it in common, if they come
// from two places.
func blame(a, b *Report) Blame {
	if why := unrelated(a, b); why != "" {
		return blamed(SideUnknown, "", "", why)
	}
	inA, inB := against(a), against(b)
	elsewhere := moved(a, b)
	switch {
	case len(inA) == 0 && len(inB) == 0:
		return blamed(SideNone, "", "", "Neither report has a fault.")
	case len(inA) > 0 && len(inB) > 0:
		return inBoth(a, b, inA, inB, elsewhere)
	case elsewhere == evidence.No && len(inA) > 0:
		return blamed(SideNone, PlaceTime, checks.Likely, "Both were made in the same place, and the later one has no fault: it has passed, or was repaired.")
	case elsewhere == evidence.No:
		return blamed(SideUnknown, PlaceTime, checks.Likely, "Both were made in the same place, and only the later one has a fault: it began between the two.")
	case len(inA) > 0:
		return alone(a, b, SideBefore, inA, elsewhere)
	}
	return alone(b, a, SideAfter, inB, elsewhere)
}

// against lists the codes that count in a report or stand against one of its paths.
func against(r *Report) []checks.Code {
	codes := slices.Clone(r.Verdict.Codes)
	for _, w := range states(r) {
		if code := w.code(); code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes
}

// otherProvider tells whether both reports name a provider, and not the same. A text gives
// its title and a document its id.
func otherProvider(a, b *Report) bool {
	names := func(r *Report) []string {
		list := []string{r.Input.Provider}
		if r.Evidence != nil {
			list = append(list, r.Evidence.Profile.Name, r.Evidence.Profile.Title, r.Evidence.Profile.Successor)
		}
		return slices.DeleteFunc(list, func(s string) bool { return s == "" })
	}
	namesA, namesB := names(a), names(b)
	return len(namesA) > 0 && len(namesB) > 0 && !slices.ContainsFunc(namesA, func(s string) bool { return slices.Contains(namesB, s) })
}

// otherServers tells whether a path leads to two hosts, or no host is in both reports.
func otherServers(a, b *Report) bool {
	if a.Evidence == nil || b.Evidence == nil {
		return false
	}
	was, is := hosts(a.Evidence), hosts(b.Evidence)
	shared := both(was, is)
	if len(shared) == 0 {
		theirs := slices.Collect(maps.Values(is))
		return !slices.ContainsFunc(slices.Collect(maps.Values(was)), func(host string) bool { return slices.Contains(theirs, host) })
	}
	return slices.ContainsFunc(shared, func(id string) bool { return was[id] != is[id] })
}

// topic is the first digit of a code: what it is about.
func topic(code checks.Code) byte {
	if len(code) < 3 {
		return 0
	}
	return code[2]
}

func about(codes []checks.Code, topics string) bool {
	return slices.ContainsFunc(codes, func(c checks.Code) bool { return slices.Contains([]byte(topics), topic(c)) })
}

// blocking tells whether a code says that a network drops ports. Many networks do, so two that
// do it prove nothing about the provider.
func blocking(code checks.Code) bool { return code == "MM106" || code == "MM303" }

// near tells whether a code is of one computer and its network, or of the address that it has
// on the internet: two that have it have it each on their own.
func near(code checks.Code) bool {
	return topic(code) == '0' || slices.Contains([]checks.Code{
		"MM202", "MM204", "MM205", "MM207", "MM208", "MM304", "MM305", "MM401", "MM402", "MM407", "MM506", "MM507",
	}, code)
}

// intercepted tells whether a code says that somebody opens the connection.
func intercepted(code checks.Code) bool { return code == "MM401" || code == "MM402" }

// answered tells whether a code is the login service's own word that it does not serve
// anybody, or not so many.
func answered(code checks.Code) bool { return code == "MM708" || code == "MM709" }

// unsettled tells whether a code at the login leaves open whether it is the account, what
// was typed, or the service.
func unsettled(code checks.Code) bool { return code == "MM702" || code == "MM707" || code == "MM713" }

// inBoth weighs two reports that both have a fault.
func inBoth(a, b *Report, inA, inB []checks.Code, elsewhere evidence.Seen) Blame {
	common := slices.DeleteFunc(slices.Clone(inA), func(c checks.Code) bool { return !slices.Contains(inB, c) })
	switch {
	case len(common) == 0:
		return blamed(SideUnknown, "", "", "The two fail differently, so one does not explain the other.")
	case about(common, "1"):
		return blamed(SideBoth, PlaceNetwork, checks.Possible, "Both have a fault of their own network or computer, so nothing is known of the provider.")
	case slices.ContainsFunc(common, near):
		return blamed(SideBoth, PlaceComputer, checks.Possible, "Both have a fault of their own network or computer, so nothing is known of the provider.")
	case about(common, "6789"):
		return inBothAccounts(common, otherAccount(a, b))
	case elsewhere == evidence.No:
		return blamed(SideUnknown, "", "", "Both fail alike and were made in the same place, so nothing tells the network from the provider. Test from another network.")
	case !slices.ContainsFunc(common, func(c checks.Code) bool { return !blocking(c) }):
		return blamed(SideBoth, PlaceNetwork, checks.Possible, "Both meet the same closed ports. Many networks close them, so it can be two networks, or the provider.")
	case elsewhere == evidence.Yes:
		return blamed(SideBoth, PlaceProvider, checks.Likely, "Both fail alike from two places, so the fault is on the provider's side.")
	}
	return blamed(SideBoth, PlaceProvider, checks.Possible, "Both fail alike. If they were made on different networks, the fault is on the provider's side.")
}

// inBothAccounts weighs two reports with the same fault at the login, in the mailbox or in the
// settings of a mail program. Of two accounts they say nothing of either.
func inBothAccounts(common []checks.Code, others evidence.Seen) Blame {
	sure := checks.Possible
	if others == evidence.No {
		sure = checks.Likely
	}
	switch {
	case slices.ContainsFunc(common, answered):
		return blamed(SideBoth, PlaceProvider, sure, "Both were told by the server itself that it does not serve them now.")
	case slices.ContainsFunc(common, unsettled):
		return blamed(SideUnknown, "", "", "Both fail alike at the login, and nothing tells the account from the provider.")
	case others == evidence.Yes:
		return blamed(SideUnknown, "", "", "Both fail alike, but for different accounts, so nothing tells what was typed or set for each from the provider.")
	case about(common, "67"):
		return blamed(SideBoth, PlaceAccount, sure, "Both fail alike at the login, so it is the account or what was typed, not a network.")
	}
	return blamed(SideBoth, PlaceAccount, sure, "Both see the same in the mailbox or in the settings, so it is not a network.")
}

// alone weighs a report with a fault that the other one does not have.
func alone(failing, working *Report, side Side, codes []checks.Code, elsewhere evidence.Seen) Blame {
	sure := checks.Possible
	if elsewhere == evidence.Yes {
		sure = checks.Likely
	}
	switch {
	case about(codes, "0"):
		return blamed(side, PlaceComputer, sure, "Only one of the two runs was disturbed on its own computer.")
	case about(codes, "1") || slices.ContainsFunc(codes, blocking):
		return blamed(side, PlaceNetwork, sure, "The same servers answer the other computer, so it is this one's network.")
	case about(codes, "6789"):
		return aloneAccount(failing, working, side, codes, sure)
	case about(codes, "2"):
		return blamed(side, PlaceNames, sure, "Only the names are answered differently, so it is the name server that is asked here.")
	case slices.ContainsFunc(codes, intercepted):
		return blamed(side, PlaceComputer, sure, "Only here the connections are opened on the way, so it is something on this computer or in its network.")
	case about(codes, "4") && opened(failing, working):
		return blamed(side, PlaceComputer, checks.Possible, "The two are shown different certificates, so something near this computer opens the connections.")
	case misled(failing, working):
		return blamed(side, PlaceNames, checks.Possible, "The two were led to different addresses, so it can be the name server that is asked here.")
	case elsewhere == evidence.Unknown:
		return blamed(SideUnknown, "", "", "Only one of them fails. If they were made in two places, it is this one's network or computer. In the same place, it has passed or begun in between.")
	}
	return blamed(side, PlaceNetwork, sure, "The same servers work for the other computer, so it is this one's network, or this computer.")
}

// aloneAccount weighs a fault at the login, in the mailbox or in the settings of a mail program
// that the other report does not have. What was typed here is only to blame where the
// server took the same account elsewhere.
func aloneAccount(failing, working *Report, side Side, codes []checks.Code, sure checks.Sure) Blame {
	login, others := about(codes, "67"), otherAccount(failing, working)
	switch {
	case slices.ContainsFunc(codes, answered) || slices.ContainsFunc(codes, unsettled):
		return blamed(SideUnknown, "", "", "Only one of them meets this at the login. It passes by itself at many providers, so nothing tells the account from the provider.")
	case login && others == evidence.Yes:
		return blamed(side, PlaceAccount, checks.Possible, "The logins were for different accounts, so it is this account or what was typed for it.")
	case login && !loggedIn(working):
		return blamed(SideUnknown, "", "", "No login of the other one was accepted, so nothing tells what was typed from the account.")
	case login && others == evidence.No:
		return blamed(side, PlaceInput, sure, "The server accepts the account elsewhere, so it is what was typed or set here.")
	case login:
		return blamed(side, PlaceInput, checks.Possible, "The server accepts a login elsewhere. If it is the same account, it is what was typed or set here.")
	case others == evidence.Yes:
		return blamed(side, PlaceAccount, checks.Possible, "The two are different mailboxes, so it is this one or how it is set up.")
	}
	return blamed(side, PlaceComputer, checks.Possible, "Only one of them sees it in the mailbox or in the settings of a mail program.")
}

// opened tells whether a path of the failing report shows certificates that somebody made on
// the way: from another root than those that the other one shows. Providers change what is
// between without a word.
func opened(failing, working *Report) bool {
	return slices.ContainsFunc(observed(failing).Sessions, func(s evidence.Session) bool {
		other := observed(working).Session(s.ID())
		if other == nil {
			return false
		}
		a, b := root(s.Secure.Chain), root(other.Secure.Chain)
		return a != "" && b != "" && a != b
	})
}

// root names the authority at the end of a chain, or "" where a lone certificate leaves it
// open whether its issuer is the end.
func root(chain []evidence.Certificate) string {
	if len(chain) == 0 || len(chain) == 1 && !chain[0].SelfSigned {
		return ""
	}
	return chain[len(chain)-1].Issuer
}

// misled tells whether one host leads to addresses that have nothing in common.
func misled(a, b *Report) bool {
	other := answers(observed(b))
	for host, list := range answers(observed(a)) {
		if len(list) > 0 && len(other[host]) > 0 && !slices.ContainsFunc(list, func(s string) bool { return slices.Contains(other[host], s) }) {
			return true
		}
	}
	return false
}
