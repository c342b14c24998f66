package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/checks/pages"
	"mailmedic/checks/say"
	"mailmedic/probe/profile"
)

func explainFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "list", Usage: "list all codes with their titles"},
		&cli.StringFlag{Name: "path", Usage: "`PATH` with the commands for it, as smtp:587, or imap:993:tls:HOST for a server of your own"},
		&cli.StringFlag{Name: "provider", Usage: "`NAME` of the path's provider, or the file of a profile"},
		&cli.BoolFlag{Name: "json", Usage: "print JSON"},
	}
}

const allCodes = "All codes:  mailmedic explain --list"

// explain prints the pages of codes. All of them are found before one is printed.
func (p *program) explain(c *cli.Context) error {
	if c.Bool("list") && c.NArg() > 0 {
		return usage(say.With("To read it:  mailmedic explain %s", visible(c.Args().First())), "explain --list takes no code.")
	}
	if c.Bool("list") {
		return p.listCodes(c.Bool("json"))
	}
	if c.NArg() == 0 {
		return usage(allCodes, "explain takes one code or more, as in:  mailmedic explain MM303")
	}
	at, err := placeOf(c)
	if err != nil {
		return err
	}
	var found []pages.Page
	for _, query := range c.Args().Slice() {
		page, ok := p.library().Find(query)
		if !ok {
			return fail(exitData, nearest(query), "There is no code %s.", quoted(query))
		}
		found = append(found, page.At(at))
	}
	if c.Bool("json") {
		return p.printJSON(found)
	}
	var texts []string
	for _, page := range found {
		texts = append(texts, page.Text(p.io.columns(p.io.out)))
	}
	return p.io.page(strings.Join(texts, "\n\n"))
}

// placeOf reads the path that the commands of a page shall be for.
func placeOf(c *cli.Context) (pages.Place, error) {
	value, name := c.String("path"), c.String("provider")
	if value == "" && name != "" {
		return pages.Place{}, usage("Write it like this:  mailmedic explain MM303 --path smtp:587", "--provider says whose path it is, and --path is missing.")
	}
	if value == "" {
		return pages.Place{}, nil
	}
	p, err := loadProfile(cmp.Or(name, "runbox"))
	if err != nil {
		return pages.Place{}, err
	}
	if strings.Count(value, ":") > 1 {
		if p, err = override(p, profile.Override{Paths: []string{value}}); err != nil {
			return pages.Place{}, err
		}
		value = p.Paths[0].ID()
	}
	id, err := pathID("--path", value, p)
	if err != nil {
		return pages.Place{}, err
	}
	path, _ := p.Path(id)
	return pages.Place{Host: path.Host, Port: path.Port, Protocol: string(path.Protocol), Encryption: string(path.Encryption)}, nil
}

// nearest names the codes that look like what was typed.
func nearest(query string) say.Text {
	switch near := pages.Near(query); len(near) {
	case 0:
		return allCodes
	case 1:
		return say.With("Did you mean %s?  All codes:  mailmedic explain --list", near[0])
	default:
		last := len(near) - 1
		return say.With("Did you mean %s or %s?  All codes:  mailmedic explain --list", strings.Join(near[:last], ", "), near[last])
	}
}

// listed is one row of explain --list --json.
type listed struct {
	Code  string `json:"code"`
	Slug  string `json:"slug"`
	Kind  string `json:"kind"`
	Title string `json:"title"`
}

func (p *program) listCodes(asJSON bool) error {
	all, err := p.library().All()
	if err != nil {
		return err
	}
	rows := []listed{}
	for _, page := range all {
		rows = append(rows, listed{page.Code, page.Slug, page.Kind, page.Title})
	}
	if asJSON {
		return p.printJSON(rows)
	}
	var b strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&b, "%s  %s\n", row.Code, row.Title)
	}
	return p.io.page(b.String())
}
