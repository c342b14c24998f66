// Package checks looks at evidence and says what is wrong with it: one check, one
// file, one code. Checks are pure. They never connect, print, read a clock or know
// of each other; package cause joins what they found.
package checks

import (
	"fmt"
	"slices"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
)

// Code names a finding for ever: "MM303". Its page in package pages says what it means.
type Code string

// Stage is where in a connection a finding sits.
type Stage string

// The stages, in the order in which a connection meets them.
const (
	StageRun        Stage = "run"
	StageName       Stage = "name"
	StageDNS        Stage = "dns"
	StageTCP        Stage = "tcp"
	StageGreeting   Stage = "greeting"
	StageTLS        Stage = "tls"
	StageCapability Stage = "capability"
	StageLogin      Stage = "login"
	StageFolders    Stage = "folders"
)

// Severity is what a finding means before the path's role is considered; package
// report weighs it for the person in front of it.
type Severity string

// The severities.
const (
	Fault   Severity = "fault"   // something does not work
	Warning Severity = "warning" // works, needs attention
	Note    Severity = "note"    // worth knowing, healthy
)

// Sure is how well the evidence proves a finding.
type Sure string

// Three words, each of which can be argued with; a score could not.
const (
	Certain  Sure = "certain"
	Likely   Sure = "likely"
	Possible Sure = "possible"
)

// Check looks for one thing.
type Check struct {
	Code     Code
	Stage    Stage
	Severity Severity
	Run      func(*evidence.Evidence) []Finding
}

// Finding is a check that was met in one place.
type Finding struct {
	Code     Code
	Severity Severity
	Stage    Stage
	Sure     Sure       // empty means certain
	Path     string     // id of the path, empty when the finding is not of one path
	Addr     string     // the address, where one of several is meant
	Text     say.Text   // one sentence for the person: what was seen
	Facts    []Fact     // what proves it
	Advice   []say.Text // what to do, only what this run saw working
	Examples []say.Text // of a note: where it was met, in short
	Params   map[string]string
}

// Fact is one observation that proves or refutes.
type Fact struct {
	Path  string
	Stage Stage
	Text  say.Text
	At    evidence.Millis
}

// Run runs the checks in their order and fills in what each finding shares with
// its check. A check that panics becomes MM001 in its place; the others stand.
func Run(e *evidence.Evidence, all []Check) []Finding {
	var found []Finding
	for _, c := range all {
		for _, f := range runOne(e, c) {
			if f.Code == "" {
				f.Code = c.Code
			}
			if f.Stage == "" {
				f.Stage = c.Stage
			}
			if f.Severity == "" {
				f.Severity = c.Severity
			}
			if f.Sure == "" {
				f.Sure = Certain
			}
			found = append(found, f)
		}
	}
	return found
}

func runOne(e *evidence.Evidence, c Check) (found []Finding) {
	defer func() {
		if p := recover(); p != nil {
			found = []Finding{Broken(c.Code, p)}
		}
	}()
	return c.Run(e)
}

// Broken is the finding for a check or cause that panicked.
func Broken(code Code, p any) Finding {
	return Finding{
		Code: internalError.Code, Severity: internalError.Severity, Stage: StageRun, Sure: Certain,
		Text:  say.With("The check for %s failed inside mailmedic. The rest of the report stands.", code),
		Facts: []Fact{{Stage: StageRun, Text: say.Verbatim(fmt.Sprint(p))}},
	}
}

// Paths lists the distinct paths of findings, in their order.
func Paths(found []Finding) []string {
	var paths []string
	for _, f := range found {
		if f.Path != "" && !slices.Contains(paths, f.Path) {
			paths = append(paths, f.Path)
		}
	}
	return paths
}
