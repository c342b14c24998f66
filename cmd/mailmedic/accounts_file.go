package main

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// listedAccount is one account of a list.
type listedAccount struct {
	place    say.Text         // in the file: "line 3", or "entry 2"
	tenants  string           // key of the provider's tenants in the job
	because  evidence.Because // what chose that provider
	Address  string           `yaml:"address"`
	Login    string           `yaml:"login"`
	Provider string           `yaml:"provider"`
	Command  string           `yaml:"password_command"`
}

// The limits of a list. A longer one is for several runs.
const (
	mostAccounts  = 10000
	accountsBytes = 4 << 20
)

// columns are the names of a CSV's first row and the keys of a YAML entry.
func columns() []string { return []string{"address", "login", "provider", "password_command"} }

const accountsHint = "See:  mailmedic help accounts"

// readAccounts reads a list, all of it before the first account is tested: a mistake in the
// last line must not show after half an hour. A name that ends in .yaml or .yml is YAML,
// anything else is CSV (RFC 4180) with a first row of column names.
func readAccounts(name string) ([]listedAccount, error) {
	data, err := accountsText(name)
	if err != nil {
		return nil, err
	}
	var list []listedAccount
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml":
		list, err = yamlAccounts(data)
	default:
		list, err = csvAccounts(data)
	}
	if err == nil {
		err = checkAccounts(list)
	}
	if err != nil {
		return nil, unusableList(name, err)
	}
	return list, nil
}

func unusableList(name string, err error) error {
	return fail(exitData, accountsHint, "The list %s cannot be used: %s", visible(name), wording(err))
}

// accountsText reads the file. One that everybody may write to is refused: commands that
// stand in it are run.
func accountsText(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fail(exitNoInput, accountsHint, "The list %s is not there.", visible(name))
		}
		return nil, fail(exitNoInput, accountsHint, "The list %s cannot be read.", visible(name))
	}
	defer f.Close()
	at, err := f.Stat()
	if err == nil && at.IsDir() {
		return nil, fail(exitNoInput, accountsHint, "The list %s is a folder.", visible(name))
	}
	if err == nil && runtime.GOOS != "windows" && at.Mode().IsRegular() && at.Mode().Perm()&0o002 != 0 {
		return nil, fail(exitData, "Commands in it are run, so take that away:  chmod o-w FILE", "Everybody on this computer may write to the list %s.", visible(name))
	}
	data, err := io.ReadAll(io.LimitReader(f, accountsBytes+1))
	if err != nil {
		return nil, fail(exitNoInput, accountsHint, "The list %s cannot be read.", visible(name))
	}
	if len(data) > accountsBytes {
		return nil, fail(exitData, "Split it.", "The list %s is larger than %d MiB.", visible(name), accountsBytes>>20)
	}
	if !utf8.Valid(data) {
		return nil, fail(exitData, accountsHint, "The list %s is not text in UTF-8.", visible(name))
	}
	return []byte(strings.TrimPrefix(string(data), "\ufeff")), nil
}

func csvAccounts(data []byte) ([]listedAccount, error) {
	r := csv.NewReader(strings.NewReader(string(data)))
	r.TrimLeadingSpace = true
	head, err := r.Read()
	if err == io.EOF {
		return nil, flawed("it is empty.")
	}
	if err != nil {
		return nil, csvError(err)
	}
	if err := checkHead(head); err != nil {
		return nil, err
	}
	var list []listedAccount
	for {
		row, err := r.Read()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, csvError(err)
		}
		a := listedAccount{}
		line, _ := r.FieldPos(0)
		a.place = say.With("line %d", line)
		for i, value := range row {
			*a.field(columnName(head[i])) = strings.TrimSpace(value)
		}
		list = append(list, a)
	}
}

// field is where the value of a column goes.
func (a *listedAccount) field(column string) *string {
	switch column {
	case "address":
		return &a.Address
	case "login":
		return &a.Login
	case "provider":
		return &a.Provider
	}
	return &a.Command
}

// columnName takes the ways in which people write a column's name for one.
func columnName(typed string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(typed)))
}

func checkHead(head []string) error {
	var seen []string
	for _, typed := range head {
		name := columnName(typed)
		switch {
		case !slices.Contains(columns(), name):
			if near := profile.Nearest(name, columns()); near != "" {
				return flawed("its first row names a column %s; did you mean %s?", quoted(typed), near)
			}
			return flawed("its first row names a column %s; there are %s.", quoted(typed), strings.Join(columns(), ", "))
		case slices.Contains(seen, name):
			return flawed("its first row names the column %s twice.", name)
		}
		seen = append(seen, name)
	}
	if !slices.Contains(seen, "address") {
		return flawed("its first row names no column %s.", "address")
	}
	return nil
}

// csvError keeps the place and the reason. The library's own words name the column in bytes.
func csvError(err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return flawed("%s.", visible(err.Error()))
	}
	if errors.Is(parse.Err, csv.ErrFieldCount) {
		return flawed("line %d: it has another number of columns than the first row.", parse.Line)
	}
	return flawed("line %d: its quotes do not match.", parse.Line)
}

// yamlAccounts reads a list of entries. On some texts that are no YAML the library panics.
func yamlAccounts(data []byte) (list []listedAccount, err error) {
	defer func() {
		if recover() != nil {
			list, err = nil, flawed("it is not readable as YAML.")
		}
	}()
	err = yaml.UnmarshalWithOptions(data, &list, yaml.Strict())
	var known yaml.Error
	if errors.As(err, &known) {
		// The library's picture of the file may show a command in it.
		at := 0
		if token := known.GetToken(); token != nil {
			at = token.Position.Line
		}
		return nil, flawed("line %d: %s.", at, visible(known.GetMessage()))
	}
	if err != nil {
		return nil, flawed("%s.", visible(err.Error()))
	}
	for i := range list {
		list[i].place = say.With("entry %d", i+1)
	}
	return list, nil
}

// checkAccounts refuses what no run could do.
func checkAccounts(list []listedAccount) error {
	if len(list) == 0 {
		return flawed("it names no account.")
	}
	if len(list) > mostAccounts {
		return flawed("it names more than %d accounts.", mostAccounts)
	}
	for _, a := range list {
		if _, err := cleanAddress(a.Address, "check"); err != nil {
			return flawed("%s: %s", a.place, asFailure(err).message)
		}
	}
	return noneTwice(list, func(a listedAccount) string { return strings.ToLower(a.Provider) })
}

// noneTwice refuses an account or a login name that stands there twice with one provider: its
// rejected logins would be too many.
func noneTwice(list []listedAccount, provider func(listedAccount) string) error {
	seen := map[string]say.Text{}
	for _, a := range list {
		for _, who := range []string{a.Address, a.Login} {
			// A login name may be somebody's address; with another provider it may be anybody's.
			key := strings.ToLower(who) + "\x00" + provider(a)
			if before, again := seen[key]; again && who != "" && before != a.place {
				return flawed("%s: %s stands in %s already.", a.place, quoted(who), before)
			}
			seen[key] = a.place
		}
	}
	return nil
}
