package pages

import (
	"slices"
	"testing"
)

func TestSearchFindsFirst(t *testing.T) {
	tests := []struct{ words, want string }{
		{"MM303", "MM303"},
		{"mm-406", "MM406"},
		{"504", "MM504"},
		{"no-network", "MM101"},
		{"smtp port blocked", "MM303"},
		{"does not support STARTTLS", "MM406"},
		{"server does not support starttls", "MM406"},
		{"STARTTLS support", "MM406"},
		{"0x800CCC0F", "MM303"},
		{"0x800ccc0d", "MM201"},
		{"535 5.7.8", "MM701"},
		{"5.7.8 535", "MM701"},
		{"SEC_ERROR_EXPIRED_CERTIFICATE", "MM403"},
		{"the target principal name is incorrect", "MM404"},
		{"sec_error_unknown_issuer", "MM411"},
		{"unable to verify the first certificate", "MM411"},
		{"connection refused", "MM302"},
		{"port 25 blocked", "MM303"},
		{"NXDOMAIN", "MM201"},
		{"No such host is known", "MM201"},
		{"dial tcp: lookup imap.example.org on 192.0.2.1:53: server misbehaving", "MM203"},
		{"wrong version number", "MM503"},
		{"Application-specific password required", "MM704"},
		{"INBOX.INBOX.Sent", "MM801"},
		{"LOGINDISABLED", "MM703"},
		{"Maximum number of connections from user+IP exceeded", "MM709"},
		{"x509: certificate is valid for secure.example.org, not imap.example.org", "MM404"},
		{"x509: certificate has expired or is not yet valid", "MM403"},
		{"Sending of the message failed. Unable to establish a secure link with Outgoing server (SMTP) smtp.example.org using STARTTLS since it doesn't advertise that feature.", "MM406"},
		{"Task 'a@example.org - Sending' reported error (0x80042109): Outlook cannot connect to your outgoing (SMTP) e-mail server.", "MM303"},
		{"apostrophe", "MM952"},
		{"handshake failure", "MM416"},
		{"data after STARTTLS", "MM415"},
		{"Mail Shield", "MM402"},
		{"Mail could not be sent", "MM303"},
		{"my mail cannot be sent", "MM303"},
		{"since the storm on Friday evening I cannot send mail from the office", "MM303"},
		{"Outlook cannot connect to the server", "MM301"},
		{"a1 NO [THROTTLED] come back in a while, friend", "MM502"},
	}
	for _, test := range tests {
		got := In("").Search(test.words)
		if len(got) == 0 || got[0].Code != test.want {
			t.Errorf("Search(%q) = %v, want %s first", test.words, firstCodes(got), test.want)
		}
	}
}

func TestSearchFindsNothing(t *testing.T) {
	for _, words := range []string{"", "   ", "?!", "the", "is not a", "zzyzx", "MM999", "quantum banana", "my mail could not be", "limit of the quantum banana"} {
		if got := In("").Search(words); len(got) > 0 {
			t.Errorf("Search(%q) = %v, want nothing", words, firstCodes(got))
		}
	}
}

// A code or a slug asks for one page, and words ask for no more than can be read.
func TestSearchFindsNoMoreThanWasAsked(t *testing.T) {
	for words, most := range map[string]int{"MM303": 1, "303": 1, "smtp-port-blocked": 1, "Mail could not be sent": 10, "0x800CCC92": 10, "certificate": 10} {
		if got := In("").Search(words); len(got) == 0 || len(got) > most {
			t.Errorf("Search(%q): got %d pages, want 1 to %d", words, len(got), most)
		}
	}
}

// Most of the telling words must be there; one that is there by chance is not enough.
func TestSearchWantsMostOfTheWords(t *testing.T) {
	for _, page := range In("").Search("Outlook cannot delete my folder") {
		if page.Code == "MM955" {
			t.Errorf("got MM955, which has only the word Outlook")
		}
	}
}

// A word that half of the pages have must not bring them all without an order.
func TestSearchPutsTheTellingFirst(t *testing.T) {
	got := In("").Search("certificate")
	if len(got) < 5 || got[0].Code[:3] != "MM4" {
		t.Errorf("Search(certificate) = %v, want pages on certificates first", firstCodes(got))
	}
}

func firstCodes(found []Page) []string {
	var codes []string
	for _, p := range found[:min(len(found), 6)] {
		codes = append(codes, p.Code)
	}
	return codes
}

// A Norwegian finds a page by Norwegian words, in whatever form they stand, and by the
// English ones that programs and servers show.
func TestSearchInNorwegian(t *testing.T) {
	for words, want := range map[string]string{
		"MM303":                                  "MM303",
		"smtp-port-blocked":                      "MM303",
		"får ikke sendt":                         "MM303",
		"jeg får ikke sendt e-posten min":        "MM303",
		"meldingen ligger i utboksen":            "MM303",
		"e-post sendes ikke":                     "MM303",
		"porten sperres":                         "MM106",
		"tilkobling blokkert":                    "MM301",
		"kan ikke motta e-post":                  "MM306",
		"0x800CCC0F":                             "MM303",
		"Mail could not be sent":                 "MM303",
		"sendt e-post mangler":                   "MM801",
		"doble mapper":                           "MM801",
		"sertifikatet er utløpt":                 "MM403",
		"utløpte sertifikater":                   "MM403",
		"SEC_ERROR_EXPIRED_CERTIFICATE":          "MM403",
		"passordet blir avvist":                  "MM701",
		"535 5.7.8":                              "MM701",
		"avsenderen avvises":                     "MM901",
		"sender address rejected":                "MM901",
		"finner ikke serveren":                   "MM201",
		"serveren svarer ikke":                   "MM301",
		"postkassen er full":                     "MM712",
		"klokka er feil":                         "MM103",
		"apostrof":                               "MM952",
		"støtter ikke STARTTLS":                  "MM406",
		"LOGINDISABLED":                          "MM703",
		"THROTTLED":                              "MM502",
		"Application-specific password required": "MM704",
	} {
		if got := In("nb").Search(words); len(got) == 0 || got[0].Code != want {
			t.Errorf("Search(%q) = %v, want %s first", words, firstCodes(got), want)
		}
	}
	for _, words := range []string{"", "?!", "ikke", "det er ikke et", "banan", "å", "MM999"} {
		if got := In("nb").Search(words); len(got) > 0 {
			t.Errorf("Search(%q) = %v, want nothing", words, firstCodes(got))
		}
	}
}

// What programs show is in English for everybody, so a Norwegian must find by it what
// anybody else finds, though Norwegian endings are taken off.
func TestSearchInNorwegianFindsWhatProgramsShow(t *testing.T) {
	for _, page := range mustAll(t) {
		phrase := page.Words[0]
		en, nb := In("en").Search(phrase), In("nb").Search(phrase)
		if len(en) > 0 && (len(nb) == 0 || !slices.Contains(firstCodes(nb), en[0].Code)) {
			t.Errorf("Search(%q) = %v, want %s among the first, as in English", phrase, firstCodes(nb), en[0].Code)
		}
	}
}
