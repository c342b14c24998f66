package checks

import (
	"cmp"
	"slices"
	"strings"

	"mailmedic/checks/program"
	"mailmedic/checks/say"
	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// fields are the settings of one direction.
type fieldsOf struct{ host, port, encryption, login, auth program.Field }

func fieldsFor(p profile.Protocol) fieldsOf {
	if p == profile.SMTP {
		return fieldsOf{program.SendingHost, program.SendingPort, program.SendingEncryption, program.SendingLogin, program.SendingAuth}
	}
	return fieldsOf{program.ReceivingHost, program.ReceivingPort, program.ReceivingEncryption, program.ReceivingLogin, program.ReceivingAuth}
}

func (d *differing) server(p profile.Protocol, s *evidence.ClientServer) {
	if s == nil {
		return
	}
	f := fieldsFor(p)
	want, known := d.wanted(p, s)
	if known {
		d.place(f, s, want)
	}
	d.encryption(f, s, want, known)
	d.login(f, s)
	d.auth(p, f, s)
	if s.Unverified {
		d.add("MM960", Warning, program.Verification, "off", "on", "Whoever stands in the way can read the password.")
	}
}

// wanted is the path that the account should use: the one that it uses, if the provider
// has it, else the best that this run saw working, else the provider's first choice.
func (d *differing) wanted(p profile.Protocol, s *evidence.ClientServer) (profile.Path, bool) {
	var first *profile.Path
	page := d.page(s)
	for i, path := range page.Paths {
		if path.Protocol != p {
			continue
		}
		if path.Port == s.Port && sameHost(path.Host, s.Host) {
			return path, true
		}
		if first == nil || first.Role != profile.Recommended && path.Role == profile.Recommended {
			first = &page.Paths[i]
		}
	}
	if best := Best(d.e, p); best != nil && page.Name == d.e.Profile.Name {
		return best.Path, true
	}
	if first == nil {
		return profile.Path{}, false
	}
	return *first, true
}

// sameHost compares names of hosts. A dot at the end changes nothing.
func sameHost(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
}

// place compares host and port. A host of the provider's on a port that it does not have
// there is a wrong port.
func (d *differing) place(f fieldsOf, s *evidence.ClientServer, want profile.Path) {
	if s.Host != "" && !sameHost(s.Host, want.Host) {
		d.host(f, s, want)
	}
	if s.Port != 0 && s.Port != want.Port {
		d.add("MM960", Warning, f.port, number(s.Port), number(want.Port), d.unseen(want.Protocol))
	}
}

// host tells of a name that is not the provider's. Where this run saw the certificate of the
// port, it says whether it is good for that name.
func (d *differing) host(f fieldsOf, s *evidence.ClientServer, want profile.Path) {
	for i := range d.e.Sessions {
		at := &d.e.Sessions[i]
		if at.Path.Protocol != want.Protocol || at.Path.Port != s.Port || !at.Secure.Step.Done() || len(at.Secure.Chain) == 0 || s.Encryption == profile.None {
			continue
		}
		leaf := at.Secure.Chain[0]
		if covers(leaf.Names, s.Host) || !at.Secure.Judged.Verified {
			continue
		}
		d.add("MM404", Fault, f.host, say.Verbatim(s.Host), say.Verbatim(want.Host), say.With("If the name leads to the provider's server, that shows a certificate for %s.", few(leaf.Names)))
		d.list[len(d.list)-1].Sure = Likely
		return
	}
	d.add("MM960", Warning, f.host, say.Verbatim(s.Host), say.Verbatim(want.Host), d.unseen(want.Protocol))
}

// unseen says of a wanted server that it is only the page's word, where a run was made and
// saw none of its protocol working.
func (d *differing) unseen(p profile.Protocol) say.Text {
	if len(d.e.Sessions) == 0 || Best(d.e, p) != nil {
		return ""
	}
	return "The provider's page asks for it; this run did not see it working."
}

// covers tells whether a certificate is good for a name (RFC 9525 section 6.3): a star
// stands for one label.
func covers(names []string, host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	_, parent, _ := strings.Cut(host, ".")
	return slices.ContainsFunc(names, func(n string) bool {
		n = strings.ToLower(n)
		return n == host || parent != "" && n == "*."+parent
	})
}

// encryption compares how the connection gets its TLS with what the port is for.
func (d *differing) encryption(f fieldsOf, s *evidence.ClientServer, want profile.Path, known bool) {
	right, moves := profile.Customary(s.Port), known && s.Port != 0 && s.Port != want.Port
	if known {
		right = want.Encryption // also where the port has to change: then both go together
	}
	if right == profile.None {
		return
	}
	wanted := security(right)
	if right == "" {
		wanted = AnyOf([]string{profile.TLS.Shown(), profile.STARTTLS.Shown()})
	}
	switch {
	case s.Encryption == profile.None && d.closed(want.Protocol, s):
		d.add("MM960", Fault, f.encryption, "none", wanted, "The server takes no login without encryption.")
	case s.Encryption == profile.None:
		d.add("MM960", Warning, f.encryption, "none", wanted, "The password and all mail can be read on the way.")
	case s.IfOffered:
		d.add("MM960", Warning, f.encryption, "STARTTLS, if available", wanted, "Whoever takes the offer away can read the password.")
	case s.Encryption != "" && right != "" && s.Encryption != right && moves:
		d.add("MM960", Warning, f.encryption, security(s.Encryption), wanted, say.With("It goes with port %d.", want.Port))
	case s.Encryption != "" && right != "" && s.Encryption != right:
		d.add("MM503", Fault, f.encryption, security(s.Encryption), wanted, say.With("Port %d is for %s.", s.Port, wanted))
	}
}

// closed tells whether this run saw that a port takes no login in clear text.
func (d *differing) closed(p profile.Protocol, set *evidence.ClientServer) bool {
	return slices.ContainsFunc(d.e.Sessions, func(s evidence.Session) bool {
		return s.Path.Protocol == p && s.Path.Port == set.Port && sameHost(s.Path.Host, set.Host) && len(s.Capability.Clear) > 0 && len(evidence.Mechanisms(p, s.Capability.Clear)) == 0
	})
}

// login compares the login name with the forms that the provider takes for the address. A
// name that a server has accepted is right, whatever a page says.
func (d *differing) login(f fieldsOf, s *evidence.ClientServer) {
	name := s.Login
	address := cmp.Or(d.c.Address, d.e.Account.Address)
	if address == "" && d.e.Profile.Kind(name) == profile.Own {
		address = name // a login name in the provider's own domains can be nothing else
	}
	page := d.page(s)
	needed := page.LoginNames(address)
	if name == "" || len(needed) == 0 || answered(d.e, name, evidence.Accepted) || slices.Contains(needed, name) {
		return
	}
	n := nameCase{name, needed}
	switch {
	case n.looksWrong() && (slices.Contains(needed, clean(name)) || !n.rightForm() || clean(name) != name):
		d.add("MM602", Fault, f.login, say.With("%q", name), say.Verbatim(needed[0]), "What does not show, or capital letters, stand in the name.")
	case n.looksWrong():
		// Most servers take capitals for what they are; some do not.
		d.add("MM602", Warning, f.login, say.Verbatim(name), say.Verbatim(needed[0]), "It differs in capital letters.")
		d.list[len(d.list)-1].Sure = Possible
		return
	case formOf(name) == bare && d.e.Profile.Kind(address) == profile.Hosted:
		return // the name of an account at the provider itself, whatever the sender's address is
	case n.rightForm() || foreign(name) || !mine(name, address):
		return // another account's name, or one that nothing is known of
	default:
		d.add("MM601", Fault, f.login, say.Verbatim(name), say.Verbatim(needed[0]), say.With("The provider wants %s.", formOf(needed[0])))
	}
	d.list[len(d.list)-1].Sure = Likely
}

// mine tells whether a login name and an address are of one person as far as both say.
func mine(name, address string) bool {
	user, domain, ok := profile.Split(address)
	if !ok {
		return false
	}
	who, where := name, ""
	if at := strings.LastIndexAny(name, "@%"); at >= 0 {
		who, where = name[:at], name[at+1:]
	}
	return strings.EqualFold(who, user) && (where == "" || strings.EqualFold(where, domain))
}

// auth compares the way to log in with what the server offers, or with what the provider
// asks for, which is a password.
func (d *differing) auth(p profile.Protocol, f fieldsOf, s *evidence.ClientServer) {
	offered, seen := d.offers(p, s)
	switch s.Auth {
	case evidence.AuthNone:
		if len(d.page(s).Paths) == 0 {
			return // a server of nobody that is known may ask for none
		}
		d.add("MM960", Warning, f.auth, "none", "password", "The provider takes mail only after a login.")
	case evidence.AuthEncrypted:
		if seen && !slices.ContainsFunc(offered, func(m string) bool { return m == "CRAM-MD5" || m == "DIGEST-MD5" || strings.HasPrefix(m, "SCRAM-") }) {
			d.add("MM711", Fault, f.auth, "encrypted password", "normal password", "The server offers no login with an encrypted password; the connection is encrypted as a whole.")
		}
	case evidence.AuthOAuth:
		if seen && !slices.ContainsFunc(offered, func(m string) bool { return m == "XOAUTH2" || m == "OAUTHBEARER" }) {
			d.add("MM711", Fault, f.auth, "OAuth2", "normal password", "The server offers no login of this kind.")
		}
	case evidence.AuthPassword, evidence.AuthUnknown, evidence.AuthOther:
	}
}

// offers lists the mechanisms that this run saw on a port.
func (d *differing) offers(p profile.Protocol, set *evidence.ClientServer) ([]string, bool) {
	for i := range d.e.Sessions {
		s := &d.e.Sessions[i]
		if s.Path.Protocol == p && s.Path.Port == set.Port && sameHost(s.Path.Host, set.Host) && s.Capability.Step.Done() {
			return offeredMechanisms(s), true
		}
	}
	return nil, false
}
