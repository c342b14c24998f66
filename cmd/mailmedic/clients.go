package main

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"mailmedic/checks"
	"mailmedic/checks/say"
	"mailmedic/probe"
	"mailmedic/probe/clientconf"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// clients reads the accounts of --client that are the user's. A file that was named and
// cannot be read ends the run; what is only found by looking does not.
func (p *program) clients(c *cli.Context, a profile.Account, asks profile.Profile) ([]evidence.Client, error) {
	if !c.IsSet("client") {
		if c.Bool("use-client-password") {
			return nil, usage("Add:  --client auto", "--use-client-password needs --client.")
		}
		return nil, nil
	}
	place, name := clientPlace(p.io.env), c.String("client")
	if name != "auto" {
		f := clientconf.Read(name, place)
		if len(f.Accounts) == 0 && f.Err != nil {
			code := exitData
			if errors.Is(f.Err, fs.ErrNotExist) {
				code = exitNoInput
			}
			return nil, fail(code, "mailmedic help client  says which files can be read.", "%s: %s.", visible(name), p.reason(f.Err))
		}
		if f.Err != nil {
			p.tell("%s: %s. The rest of it was read.", visible(name), p.reason(f.Err))
		}
		if len(f.Accounts) == 1 {
			return f.Accounts, nil // whoever names a file means what stands in it
		}
		return p.ours(f.Accounts, a, asks, say.Verbatim(visible(name))), nil
	}
	var all []evidence.Client
	for _, f := range clientconf.Find(place) {
		all = append(all, f.Accounts...)
		if f.Err != nil {
			p.tell("%s: %s.", visible(f.File), p.reason(f.Err))
		}
	}
	return p.ours(all, a, asks, "the usual places"), nil
}

// clientAddress is the address of the only account in the settings of --client.
func (p *program) clientAddress(c *cli.Context) (string, error) {
	place, name := clientPlace(p.io.env), c.String("client")
	found := []clientconf.Found{}
	if name == "auto" {
		found = clientconf.Find(place)
	} else {
		found = append(found, clientconf.Read(name, place))
	}
	var addresses []string
	for _, f := range found {
		for _, account := range f.Accounts {
			if a := strings.ToLower(account.Address); a != "" && !slices.Contains(addresses, a) {
				addresses = append(addresses, a)
			}
		}
	}
	switch len(addresses) {
	case 1:
		return cleanAddress(addresses[0], c.Command.Name)
	case 0:
		return "", usage(say.With("mailmedic check you@example.net --client %s", visible(name)), "The settings of --client say no address, so I need yours.")
	}
	return "", usage(say.With("mailmedic check %s --client %s", visible(addresses[0]), visible(name)), "There are several accounts: %s. Say which one.", visible(strings.Join(addresses[:min(len(addresses), 5)], ", ")))
}

// ours picks the accounts that are the user's, and says it if there is none.
func (p *program) ours(all []evidence.Client, a profile.Account, asks profile.Profile, where say.Text) []evidence.Client {
	mine := slices.DeleteFunc(slices.Clone(all), func(c evidence.Client) bool { return !isOf(c, a, asks) })
	if len(mine) == 0 {
		p.tell("No account of %s was found in %s. The test goes on without it.", visible(who(a)), where)
	}
	return mine
}

// isOf tells whether an account is for the user's address: by the sender's address, or,
// with the provider's own servers, by a login name that can only be theirs. Elsewhere
// somebody else may have that name.
func isOf(c evidence.Client, a profile.Account, asks profile.Profile) bool {
	if c.Address != "" && strings.EqualFold(c.Address, a.Address) {
		return true
	}
	return isWith(c, asks) && slices.ContainsFunc(serversOf(c), func(s evidence.ClientServer) bool { return isTheirs(s.Login, a) })
}

// isTheirs tells whether a login name is the user's: as they typed it, or their address in
// one of the forms that providers want.
func isTheirs(login string, a profile.Account) bool {
	if login == "" {
		return false
	}
	user, domain, ok := profile.Split(a.Address)
	return login == a.Login || ok && slices.ContainsFunc([]string{user, user + "@" + domain, user + "%" + domain}, func(form string) bool {
		return strings.EqualFold(form, login)
	})
}

// isWith tells whether an account has servers, and all of them are the provider's.
func isWith(c evidence.Client, asks profile.Profile) bool {
	servers := serversOf(c)
	return len(servers) > 0 && !slices.ContainsFunc(servers, func(s evidence.ClientServer) bool {
		return !isHost(asks, s.Host) && !inDomain(asks, s.Host)
	})
}

// takeOver fills in what the user did not say from how their mail program is set up, if it
// is only one. The login name is what the program sends, so it is what has to be tried.
func takeOver(c *cli.Context, a *profile.Account, clients []evidence.Client, p profile.Profile) {
	if len(clients) == 0 {
		return
	}
	one := clients[0]
	if slices.ContainsFunc(clients, func(c evidence.Client) bool { return c.Program != one.Program || c.File != one.File }) {
		return
	}
	if !c.IsSet("app") {
		a.App = one.Program
	}
	for _, s := range serversOf(one) {
		// With the address of somebody else, the name is theirs, and so would be the rejection.
		same := one.Address == "" || strings.EqualFold(one.Address, a.Address)
		if a.Login == "" && (same || isTheirs(s.Login, *a)) {
			a.Login = s.Login
		}
	}
	if !c.IsSet("app-port") {
		a.AppPort = portOf(one, a.Symptom, p)
	}
	if a.RootPath == nil && one.Asks != evidence.Yes {
		a.RootPath = one.RootPath
	}
	if a.SentPath == nil && asServer(one.SentPath, one) {
		a.SentPath = one.SentPath
	}
	if a.DraftsPath == nil && asServer(one.DraftsPath, one) {
		a.DraftsPath = one.DraftsPath
	}
}

// asServer tells whether a path can be taken as it stands: one with a separator of the
// program's own in it is only understood beside the server's.
func asServer(path *string, c evidence.Client) bool {
	return path == nil || c.Separator == "" || !strings.Contains(*path, c.Separator)
}

// portOf is the path of the profile that the program uses in the direction of the complaint.
func portOf(c evidence.Client, symptom string, p profile.Profile) string {
	protocol, s := profile.IMAP, c.Receiving
	if symptom == "send" || s == nil {
		protocol, s = profile.SMTP, c.Sending
	}
	if s == nil {
		return ""
	}
	for _, path := range p.Paths {
		if path.Protocol == protocol && path.Port == s.Port && strings.EqualFold(path.Host, s.Host) {
			return path.ID()
		}
	}
	return ""
}

// held is a server entry of a mail program with a password that may be used.
type held struct {
	client evidence.Client
	server evidence.ClientServer
	of     profile.Protocol
}

// holder finds the entry whose password is the user's: for the provider's servers, and for
// a login name that is theirs. The password of any other is none of this provider's
// business, and with another name it would only earn a rejection.
func holder(clients []evidence.Client, a profile.Account, asks profile.Profile) (held, error) {
	why := flawed("no account of a mail app was found for it")
	for _, c := range clients {
		if !isWith(c, asks) {
			why = flawed("%s has servers that are not those of %s, so its password stays where it is", shown(c), visible(asks.Title))
			continue
		}
		for _, h := range []struct {
			s  *evidence.ClientServer
			of profile.Protocol
		}{{c.Receiving, profile.IMAP}, {c.Sending, profile.SMTP}} {
			switch {
			case h.s == nil:
			case a.Login != "" && h.s.Login != a.Login || !isTheirs(h.s.Login, a):
				why = flawed("the password in %s is for another login name", visible(c.File))
			case !h.s.Stored:
				why = flawed("%s has no password that could be used", shown(c))
				if _, err := clientconf.Password(c, clientconf.Place{}, h.of); c.Program == "thunderbird" {
					why = err
				}
			default:
				return held{c, *h.s, h.of}, nil
			}
		}
	}
	return held{}, why
}

// clientPassword takes the password that a mail program has stored, for the very login name
// that it is stored for. A command that stands in the file is run: the user has asked for
// that with the flag.
func (p *program) clientPassword(ctx context.Context, h held) (probe.Secret, error) {
	const hint = "Use --password-file or --password-command."
	stored, err := clientconf.Password(h.client, clientPlace(p.io.env), h.of)
	switch {
	case err != nil:
		return probe.Secret{}, fail(exitPassword, hint, "%s.", visible(strings.ToUpper(err.Error()[:1])+err.Error()[1:]))
	case stored.Command != "":
		return passwordCommand(ctx, stored.Command)
	}
	return firstLine(strings.NewReader(stored.Password()+"\n"), shown(h.client))
}

// shown names a program and its account, which may have been read from anybody's file.
func shown(c evidence.Client) say.Text {
	c.Program, c.Account = visible(c.Program), visible(c.Account)
	return checks.Named(c)
}
