//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkStart runs the two shortest jobs fifty times each, and weighs the program. The
// aim is 20 ms.
func BenchmarkStart(b *testing.B) {
	rows := [][]string{{"build", "size", "version", "explain MM303"}}
	for _, how := range []struct {
		name  string
		flags []string
	}{{"plain", nil}, {"-trimpath -s -w", []string{"-trimpath", "-ldflags", "-s -w"}}} {
		program := build(b, how.flags...)
		b.Run(how.name, func(b *testing.B) {
			var version, explain laps
			for b.Loop() {
				version = append(version, repeated(b, program, "version")...)
				explain = append(explain, repeated(b, program, "explain", "MM303")...)
			}
			b.ReportMetric(version.median().Seconds()*1000, "ms/version")
			rows = append(rows, []string{how.name, size(b, program), version.fine(), explain.fine()})
		})
	}
	table("The start of the program: the median, the least in brackets", rows)
}

func repeated(b *testing.B, argv ...string) (all laps) {
	b.Helper()
	for range 50 {
		began := time.Now()
		if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
			b.Fatalf("%v: %v\n%s", argv, err, out)
		}
		all = append(all, time.Since(began))
	}
	return all
}

func mib(kib int) string { return fmt.Sprintf("%.1f MiB", float64(kib)/1024) }

func size(b *testing.B, file string) string {
	b.Helper()
	info, err := os.Stat(file)
	if err != nil {
		b.Fatal(err)
	}
	return mib(int(info.Size() / 1024))
}

// laps are how long the same thing took, again and again.
type laps []time.Duration

func (x laps) median() time.Duration { return slices.Sorted(slices.Values(x))[len(x)/2] }

// String is the median, and the least in brackets.
func (x laps) String() string {
	return fmt.Sprintf("%d ms (%d)", x.median().Milliseconds(), slices.Min(x).Milliseconds())
}

// fine is String for what takes a few milliseconds.
func (x laps) fine() string {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("%.1f ms (%.1f)", ms(x.median()), ms(slices.Min(x)))
}

// by tells how many times as long as others these took.
func (x laps) by(others laps) string {
	return fmt.Sprintf("%.2f", float64(x.median())/float64(others.median()))
}

// table prints rows in Markdown, the first as their heads. A benchmark's log would be cut
// after ten lines.
func table(about string, rows [][]string) {
	text := "\n" + about + "\n\n"
	for i, row := range rows {
		text += "| " + strings.Join(row, " | ") + " |\n"
		if i == 0 {
			text += strings.Repeat("|---", len(row)) + "|\n"
		}
	}
	fmt.Println(text)
}
