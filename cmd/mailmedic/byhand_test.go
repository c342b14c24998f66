//go:build linux

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// contest is a check against the commands that ask the same, at one distance.
type contest struct {
	roundTrip  time.Duration
	check      laps
	turn, once laps   // all commands, one after the other and all at once
	slowest    laps   // the longest of those one after the other
	single     []laps // each of them
	own, all   memory // of the check, and of all commands at once
}

// BenchmarkByHand sets a check against what people do without mailmedic: the same
// questions with getent, openssl, curl and swaks, one after the other and all at once. The
// aims: ten times as fast as the one, no slower by more than a tenth than the slowest
// command of the other, in less memory than all of them together.
func BenchmarkByHand(b *testing.B) {
	f := startField(b, "openssl", "curl", "swaks")
	var all []contest
	for _, d := range distances() {
		b.Run(fmt.Sprint(d), func(b *testing.B) { all = append(all, f.compete(b, d)) })
	}
	long, much := "that is times as long", "that is times as much"
	rows := [][]string{{"round trip", "mailmedic", fmt.Sprintf("%d commands, one after the other", len(byHand())), long, "all at once", long, "the slowest alone", long}}
	weights := [][]string{{"round trip", "mailmedic", "all commands at once", much, "mailmedic, shared pages once", "all commands at once, shared pages once", much}}
	for _, c := range all {
		rows = append(rows, []string{c.roundTrip.String(), c.check.String(), c.turn.String(), c.turn.by(c.check),
			c.once.String(), c.once.by(c.check), c.slowest.String(), c.slowest.by(c.check)})
		weights = append(weights, []string{c.roundTrip.String(), mib(c.own.each), mib(c.all.each), share(c.all.each, c.own.each),
			mib(c.own.real), mib(c.all.real), share(c.all.real, c.own.real)})
	}
	table("The same questions: the median, the least in brackets", rows)
	table("The memory of that", weights)
	table("Each command alone", commands(all))
}

// compete measures at one distance. Watching the memory comes first, after which the
// servers have their processes.
func (f field) compete(b *testing.B, roundTrip time.Duration) contest {
	b.Helper()
	at := f.seat(b, roundTrip)
	c := contest{roundTrip: roundTrip, own: at.weighed(b, f.job()), all: at.weighed(b, byHand()), single: make([]laps, len(byHand()))}
	for b.Loop() {
		w := at.inTurn(b, f.job())
		healthy(b, w)
		c.check = append(c.check, w.took())
		w = at.inTurn(b, byHand())
		c.turn, c.slowest = append(c.turn, w.took()), append(c.slowest, slices.Max(w.single()))
		for i, took := range w.single() {
			c.single[i] = append(c.single[i], took)
		}
		c.once = append(c.once, at.atOnce(b, byHand()).took())
	}
	b.ReportMetric(float64(c.check.median().Milliseconds()), "ms/check")
	b.ReportMetric(float64(c.turn.median().Milliseconds()), "ms/in-turn")
	b.ReportMetric(float64(c.once.median().Milliseconds()), "ms/at-once")
	return c
}

// commands has a row for each command, and a column for each distance.
func commands(all []contest) [][]string {
	rows := [][]string{{"typed"}}
	for _, c := range all {
		rows[0] = append(rows[0], "at "+c.roundTrip.String())
	}
	for i, q := range byHand() {
		row := []string{strings.ReplaceAll(q.typed, "|", "\\|")}
		for _, c := range all {
			row = append(row, c.single[i].String())
		}
		rows = append(rows, row)
	}
	return rows
}

func share(a, b int) string { return fmt.Sprintf("%.2f", float64(a)/float64(b)) }

// authorities is the file of authorities that openssl and swaks have to be told, and the
// other programs know.
const authorities = "/etc/ssl/certs/ca-certificates.crt"

// curl begins each question that needs a login.
const curl = "curl -sS --ssl-reqd --netrc-file netrc "

// byHand is what an experienced postmaster types to learn of the provider what a check
// learns: one command for each question, with none that another one answers on the way.
func byHand() []question {
	var lines []question
	for _, host := range hosts() {
		lines = append(lines, question{"getent ahosts " + host, []string{"192.0.2."}})
	}
	lines = append(lines, imapByHand("secure.runbox.com", 993, "INBOX.Sent")...)
	lines = append(lines, imapByHand("imap.runbox.com", 143, "INBOX.Sent")...)
	lines = append(lines, imapByHand("imap.runbox.com", 1143, "Sent")...)
	lines = append(lines, messagesByHand("imaps://secure.runbox.com/")...)
	for _, port := range []int{587, 26, 25} {
		lines = append(lines, smtpByHand("smtp.runbox.com", port)...)
	}
	return lines
}

// imapByHand asks for the certificate and the capabilities; whether the login works and
// which folders there are; and how much is in Sent.
func imapByHand(host string, port int, sent string) []question {
	url, starttls := fmt.Sprintf("imap://%s:%d/", host, port), " -starttls imap"
	if port == 993 {
		url, starttls = "imaps://"+host+"/", ""
	}
	return []question{
		{fmt.Sprintf(`printf 'a CAPABILITY\nb LOGOUT\n' | openssl s_client -connect %s:%d%s -crlf -ign_eof`, host, port, starttls) + verified(host),
			[]string{"Verify return code: 0 (ok)", "AUTH=PLAIN", "b OK"}},
		{curl + url, []string{sent}},
		{curl + url + fmt.Sprintf(` -X 'STATUS "%s" (MESSAGES UNSEEN)'`, sent), []string{fmt.Sprintf("MESSAGES %d", sentLetters)}},
	}
}

// messagesByHand asks for the header fields by which the provider's known issues show, on
// one server as a check does.
func messagesByHand(url string) []question {
	return []question{
		{curl + url + "INBOX -X 'FETCH 1:* ENVELOPE'", []string{fmt.Sprintf("* %d FETCH", letters), subject}},
		{curl + url + "INBOX.Sent -X 'FETCH 1:* ENVELOPE'", []string{fmt.Sprintf("* %d FETCH", sentLetters), subject}},
	}
}

// smtpByHand asks for the certificate; and for the greeting, the capabilities before and
// after STARTTLS, and the login, all of which swaks shows.
func smtpByHand(host string, port int) []question {
	return []question{
		{fmt.Sprintf("openssl s_client -connect %s:%d -starttls smtp", host, port) + verified(host), []string{"Verify return code: 0 (ok)"}},
		{fmt.Sprintf("swaks --server %s:%d --tls --tls-verify --tls-ca-path %s --auth PLAIN --auth-user alice --auth-password %s --to alice@runbox.com --quit-after AUTH",
			host, port, authorities, alice), []string{"235 2.7.0"}},
	}
}

func verified(host string) string {
	return " -CAfile " + authorities + " -verify_hostname " + host + " -verify_return_error"
}
