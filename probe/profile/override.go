package profile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Override is what flags change in a profile. Hosts are kept as typed: whether one can
// be looked up is a finding of the run, not a mistake on the command line.
type Override struct {
	IMAPHost string   // in place of the host of every IMAP path
	SMTPHost string   // in place of the host of every SMTP path
	Paths    []string // "imap:993:tls:HOST", in place of all paths
}

// Override gives a copy with the changes made, under a name that shows them. Login
// rules, folders and domains stay. The error says which entry cannot be used.
func (p Profile) Override(o Override) (Profile, error) {
	if o.IMAPHost == "" && o.SMTPHost == "" && len(o.Paths) == 0 {
		return p, nil
	}
	p.Name += "+custom"
	p.Paths = slices.Clone(p.Paths)
	if len(o.Paths) > 0 {
		paths, err := parsePaths(o.Paths)
		if err != nil {
			return Profile{}, err
		}
		p.Paths = paths
	}
	if err := p.setHost(IMAP, o.IMAPHost); err != nil {
		return Profile{}, err
	}
	if err := p.setHost(SMTP, o.SMTPHost); err != nil {
		return Profile{}, err
	}
	// The successor replaces the profile's hosts; where none is left it replaces nothing,
	// and its web server has nothing to do with them.
	if len(o.Paths) > 0 || (o.IMAPHost != "" && o.SMTPHost != "") {
		p.Successor, p.Web = "", ""
	}
	return p, nil
}

// setHost also drops the origin: no page told the user's own host.
func (p *Profile) setHost(protocol Protocol, host string) error {
	if host == "" {
		return nil
	}
	found := false
	for i, path := range p.Paths {
		if path.Protocol == protocol {
			p.Paths[i].Host, p.Paths[i].Origin = host, Origin{}
			found = true
		}
	}
	if !found {
		return fmt.Errorf("host %s: profile %s has no %s path", quote(host), p.Name, protocol)
	}
	return nil
}

func parsePaths(entries []string) ([]Path, error) {
	var paths []Path
	for _, entry := range entries {
		path, err := parsePath(entry)
		if err != nil {
			return nil, fmt.Errorf("path %s: %w", quote(entry), err)
		}
		if slices.ContainsFunc(paths, func(p Path) bool { return p.ID() == path.ID() }) {
			return nil, fmt.Errorf("path %s: %s is given twice", quote(entry), path.ID())
		}
		paths = append(paths, path)
	}
	return paths, nil
}

func parsePath(entry string) (Path, error) {
	parts := strings.SplitN(entry, ":", 4)
	if len(parts) != 4 {
		return Path{}, errors.New("must be protocol, port, encryption and host, like imap:993:tls:mail.example.org")
	}
	port, err := parsePort(parts[1])
	if err != nil {
		return Path{}, err
	}
	path := Path{
		Protocol:   Protocol(strings.ToLower(parts[0])),
		Port:       port,
		Encryption: Encryption(strings.ToLower(parts[2])),
		Host:       parts[3],
		Role:       Recommended,
	}
	if _, message := wrong(path); message != "" {
		return Path{}, errors.New(message)
	}
	return path, nil
}

// ParsePathID reads a path as people write it, "imap:993" or "IMAP-993", and gives the
// id that Path.ID makes. Whether a profile has that path is not asked.
func ParsePathID(s string) (id string, err error) {
	word := strings.ToLower(strings.TrimSpace(s))
	cut := strings.IndexAny(word, ":-")
	if cut < 0 {
		return "", fmt.Errorf("read path %s: must be protocol and port, like imap:993", quote(s))
	}
	protocol := Protocol(word[:cut])
	if message := outside("protocol", protocol, protocols()); message != "" {
		return "", fmt.Errorf("read path %s: %s", quote(s), message)
	}
	port, err := parsePort(word[cut+1:])
	if err != nil {
		return "", fmt.Errorf("read path %s: %w", quote(s), err)
	}
	return Path{Protocol: protocol, Port: port}.ID(), nil
}

func parsePort(s string) (int, error) {
	port, err := strconv.ParseUint(s, 10, 16)
	if err != nil || port == 0 {
		return 0, fmt.Errorf("port %s must be a number from 1 to 65535", quote(s))
	}
	return int(port), nil
}
