package report

import (
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
	case otherProvider(a, b):
		return "The two reports are of different providers, so they say nothing of each other."
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
		return inBoth(inA, inB, elsewhere)
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

// moved tells whether two runs were made in different places, by what they say of the
// network and the computer.
func moved(a, b *Report) evidence.Seen {
	if a.Evidence == nil || b.Evidence == nil {
		return evidence.Unknown
	}
	x, y := a.Evidence.Host, b.Evidence.Host
	return evidence.Saw(x.OS != y.OS || x.Arch != y.Arch || x.LinkV4 != y.LinkV4 || x.LinkV6 != y.LinkV6 || !slices.Equal(x.Resolvers, y.Resolvers))
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

// inBoth weighs two reports that both have a fault.
func inBoth(a, b []checks.Code, elsewhere evidence.Seen) Blame {
	common := slices.DeleteFunc(slices.Clone(a), func(c checks.Code) bool { return !slices.Contains(b, c) })
	blocked := !slices.ContainsFunc(common, func(c checks.Code) bool { return !blocking(c) })
	switch {
	case len(common) == 0:
		return blamed(SideUnknown, "", "", "The two fail differently, so one does not explain the other.")
	case about(common, "1"):
		return blamed(SideBoth, PlaceNetwork, checks.Possible, "Both have a fault of their own network or computer, so nothing is known of the provider.")
	case about(common, "67"):
		return blamed(SideBoth, PlaceAccount, checks.Likely, "Both fail alike at the login, so it is the account or what was typed, not a network.")
	case about(common, "89"):
		return blamed(SideBoth, PlaceAccount, checks.Likely, "Both see the same in the mailbox or in the settings, so it is not a network.")
	case elsewhere == evidence.No:
		return blamed(SideUnknown, "", "", "Both fail alike and were made in the same place, so nothing tells the network from the provider. Test from another network.")
	case blocked:
		return blamed(SideBoth, PlaceNetwork, checks.Possible, "Both meet the same closed ports. Many networks close them, so it can be two networks, or the provider.")
	case elsewhere == evidence.Yes:
		return blamed(SideBoth, PlaceProvider, checks.Likely, "Both fail alike from two places, so the fault is on the provider's side.")
	}
	return blamed(SideBoth, PlaceProvider, checks.Possible, "Both fail alike. If they were made on different networks, the fault is on the provider's side.")
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
	case about(codes, "67") && address(failing) != "" && address(working) != "" && address(failing) != address(working):
		return blamed(side, PlaceAccount, checks.Possible, "The logins were for different accounts, so it is this account or what was typed for it.")
	case about(codes, "67"):
		return blamed(side, PlaceInput, sure, "The server accepts the account elsewhere, so it is what was typed or set here.")
	case about(codes, "89"):
		return blamed(side, PlaceComputer, checks.Possible, "Only one of them sees it in the mailbox or in the settings of a mail program.")
	case about(codes, "2"):
		return blamed(side, PlaceNames, sure, "Only the names are answered differently, so it is the name server that is asked here.")
	case about(codes, "4") && issuersDiffer(failing, working):
		return blamed(side, PlaceComputer, sure, "The two are shown different certificates, so something near this computer opens the connections.")
	case misled(failing, working):
		return blamed(side, PlaceNames, checks.Possible, "The two were led to different addresses, so it can be the name server that is asked here.")
	}
	return blamed(side, PlaceNetwork, sure, "The same servers work for the other computer, so it is this one's network, or this computer.")
}

// issuersDiffer tells whether a path shows certificates of two issuers.
func issuersDiffer(a, b *Report) bool {
	return slices.ContainsFunc(observed(a).Sessions, func(s evidence.Session) bool {
		other := observed(b).Session(s.ID())
		return other != nil && len(s.Secure.Chain) > 0 && len(other.Secure.Chain) > 0 && s.Secure.Chain[0].Issuer != other.Secure.Chain[0].Issuer
	})
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
