// Package clientconf reads how mail programs are set up on this computer, one program,
// one file. It changes nothing, follows no link out of a file except where it says so,
// runs nothing that a file asks for, and keeps passwords out of what it returns.
package clientconf

import (
	"path/filepath"
	"strings"

	"mailmedic/probe/evidence"
)

// Found is one file that was looked at.
type Found struct {
	Program  string            // whose file it is, empty where that cannot be told
	File     string            // its path, the home folder as "~"
	Accounts []evidence.Client // in the order of the file
	Err      error             // why nothing, or not all of it, could be read
}

// Place is where to look. It is filled in by whoever knows the environment.
type Place struct {
	OS      string // as runtime.GOOS
	Home    string
	Config  string // XDG_CONFIG_HOME; empty: ".config" below Home
	AppData string // Windows' APPDATA
}

// Origin says which file a reader's text comes from.
type Origin struct {
	File  string // its path
	Shown string // its path as a report shows it, the home folder as "~"
	Home  string // the home folder, empty where it is not known
}

// kind is one mail program whose files can be read.
type kind struct {
	program string
	places  func(Place) []string         // the files to look at; a "*" stands for any part of a name
	is      func(name, text string) bool // tells a file that was given by hand: by its name, called with an empty text, or else by its text, called with an empty name
	read    func(text string, at Origin) ([]evidence.Client, error)
	single  bool                            // of several usual places the program reads the first that is there
	folder  func(dir string, p Place) Found // reads a folder of files that belong together, where the program has one
	raw     bool                            // the reader wants the bytes as they are, and not what they say as a text
}

// kinds are the programs, in the order in which they are looked for.
func kinds() []kind {
	return []kind{
		{program: "thunderbird", places: thunderbirdPlaces, is: isThunderbird, read: thunderbirdProfile},
		{program: "mbsync", places: mbsyncPlaces, is: isMbsync, read: mbsync},
		{program: "msmtp", places: msmtpPlaces, is: isMsmtp, read: msmtp, single: true},
		{program: "offlineimap", places: offlineimapPlaces, is: isOfflineimap, read: offlineimap},
		{program: "mutt", places: muttPlaces, is: isMutt, read: mutt},
		{program: "aerc", places: aercPlaces, is: isAerc, read: aerc},
		{program: "himalaya", places: himalayaPlaces, is: isHimalaya, read: himalaya},
		{program: "evolution", places: evolutionPlaces, is: isEvolution, folder: evolutionFolder},
		{program: "apple-mail", places: mobileconfigPlaces, is: isMobileconfig, read: mobileconfig, raw: true},
		{program: "outlook", places: outlookPlaces, is: isOutlook, read: outlook},
		{program: "k9", places: k9Places, is: isK9, read: k9},
	}
}

// text is what a reader gets of the bytes of a file.
func (k kind) text(bytes string) string {
	if k.raw {
		return bytes
	}
	return decode(bytes)
}

// home is a path below the home folder, empty where there is none.
func (p Place) home(parts ...string) string {
	return below(p.Home, parts)
}

// config is a path below the folder for settings, XDG Base Directory Specification.
func (p Place) config(parts ...string) string {
	if p.Config != "" {
		return below(p.Config, parts)
	}
	return p.home(append([]string{".config"}, parts...)...)
}

func below(dir string, parts []string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(append([]string{dir}, parts...)...)
}

// origin describes a path for a reader.
func (p Place) origin(path string) Origin {
	return Origin{File: path, Shown: p.shown(path), Home: p.Home}
}

// shown writes a path with the home folder as "~", so that a report names no user.
func (p Place) shown(path string) string {
	if strings.HasPrefix(path, "~") {
		path = "." + string(filepath.Separator) + path // a folder that is called so, and not the home folder
	}
	if p.Home == "" {
		return path
	}
	rest, err := filepath.Rel(p.Home, path)
	if err != nil || rest == ".." || strings.HasPrefix(rest, ".."+string(filepath.Separator)) {
		return path
	}
	if rest == "." {
		return "~"
	}
	return "~" + string(filepath.Separator) + rest
}

// real is the path behind what shown has written.
func (p Place) real(shown string) string {
	rest, ok := strings.CutPrefix(shown, "~"+string(filepath.Separator))
	if !ok || p.Home == "" {
		return shown
	}
	return filepath.Join(p.Home, rest)
}
