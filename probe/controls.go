package probe

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
	"mailmedic/probe/wire"
)

// decoy is an address at which nobody is: TEST-NET-2, RFC 5737.
const decoy = "198.51.100.1:993"

// control is a connection to compare with.
type control struct {
	purpose evidence.Purpose
	host    string
	port    string
}

// wanted lists the connections that the trouble of a run makes worth it. A healthy run
// makes none.
func wanted(e *evidence.Evidence, o Options) []control {
	if len(o.Connect) > 0 || !slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool { return troubled(&s) }) {
		return nil // who dials elsewhere by hand is not in the provider's network
	}
	var list []control
	if slices.ContainsFunc(e.Sessions, func(s evidence.Session) bool { return s.Connected() && troubled(&s) }) {
		list = append(list, control{purpose: evidence.Decoy})
	}
	return append(list, comparisons(e.Profile, o)...)
}

// comparisons are the hosts that a network without trouble lets everybody reach.
func comparisons(p profile.Profile, o Options) []control {
	var list []control
	if p.Web != "" {
		list = append(list, control{evidence.Web, p.Web, "80"}, control{evidence.WebTLS, p.Web, "443"})
	}
	for _, host := range o.Controls {
		list = append(list, control{evidence.WebTLS, host, "443"})
	}
	return list
}

// troubled tells whether a path that a mail program should use fails before any login.
// Ports that are often blocked or on trial are no reason to ask further, and a login is a
// matter between the user and the server.
func troubled(s *evidence.Session) bool {
	if s.Path.Role != profile.Recommended && s.Path.Role != profile.Alternate {
		return false
	}
	return !s.Capability.Step.Done() || s.Path.Encryption != profile.None && !s.Secure.Judged.Verified
}

// controls makes the connections, all at once, and gives what they showed, what clock
// the web server has, and the look-ups that it took.
func (r *run) controls(ctx context.Context, list []control) (found []evidence.Control, clocks []evidence.Clock, asked []evidence.Lookup) {
	hosts := map[string][]string{}
	var names []string
	for _, c := range list {
		if c.host != "" && !slices.Contains(names, c.host) {
			names = append(names, c.host)
		}
	}
	answers := make([][]evidence.Lookup, len(names))
	var looking sync.WaitGroup
	for i, name := range names {
		looking.Go(func() { answers[i] = r.lookUp(ctx, name, evidence.ForControl) })
	}
	looking.Wait()
	for i, name := range names {
		for _, l := range answers[i] {
			hosts[name] = append(hosts[name], l.Answers...)
			asked = append(asked, l)
		}
	}

	found = make([]evidence.Control, len(list))
	times := make([]*evidence.Clock, len(list))
	var work sync.WaitGroup
	for i, c := range list {
		work.Go(func() {
			switch {
			case c.purpose == evidence.Decoy:
				found[i], times[i] = r.control(ctx, c, decoy)
			case len(hosts[c.host]) == 0:
				found[i] = evidence.Control{Purpose: c.purpose, Host: c.host, Step: evidence.Step{State: evidence.Skipped, At: r.now(), Reason: "the name leads to no address"}}
			default:
				found[i], times[i] = r.control(ctx, c, net.JoinHostPort(hosts[c.host][0], c.port))
			}
		})
	}
	work.Wait()
	for _, t := range times {
		if t != nil {
			clocks = append(clocks, *t)
		}
	}
	return found, clocks, asked
}

// lookUp asks for both kinds of address of a name that no path has, IPv4 first.
func (r *run) lookUp(ctx context.Context, name string, why evidence.Why) []evidence.Lookup {
	kinds := map[string][]string{"": {"A", "AAAA"}, "4": {"A"}, "6": {"AAAA"}}[r.plan.Options.Family]
	found := make([]evidence.Lookup, len(kinds))
	var each sync.WaitGroup
	for i, kind := range kinds {
		each.Go(func() {
			found[i] = r.lookup(ctx, Question{name, kind})
			found[i].Why = why
		})
	}
	each.Wait()
	return found
}

// control makes one connection. Of the web server on port 80 it asks the date, in clear
// text and without anything about the user.
func (r *run) control(ctx context.Context, c control, address string) (evidence.Control, *evidence.Clock) {
	x := evidence.Control{Purpose: c.purpose, Host: c.host, Address: address}
	limit := r.plan.Budget.Control
	if c.purpose == evidence.Decoy {
		limit = r.plan.Budget.Near
	}
	d := r.dialWithin(ctx, c.host, address, limit)
	x.Step = d.dial.Step
	if d.conn == nil {
		return x, nil
	}
	defer d.conn.Close()
	if c.purpose != evidence.Web {
		return x, nil
	}
	conn, release := r.guard(ctx, d.conn)
	defer release()
	conn.Until(r.limit(ctx, r.plan.Budget.Control))
	date := head(wire.NewTalk(conn, wire.NewLog(r.start, time.Now), wire.DefaultLimits(), false), &x)
	if date.IsZero() {
		return x, nil
	}
	return x, &evidence.Clock{Source: evidence.ClockHTTP, Path: c.host, Theirs: date, Ours: time.Now()}
}

// headerLines bounds an HTTP answer's header.
const headerLines = 100

// head asks for the header of the web server's first page, RFC 9110 section 9.3.2, and
// gives its date.
func head(talk *wire.Talk, x *evidence.Control) (date time.Time) {
	if talk.WriteLines("HEAD / HTTP/1.1", "Host: "+x.Host, "User-Agent: mailmedic", "Connection: close", "") != nil {
		return date
	}
	line, _ := talk.ReadLine()
	x.Service = recognise([]byte(line))
	if x.Service != evidence.ServiceHTTP {
		return date
	}
	if words := strings.Fields(short(line)); len(words) > 1 && len(words[1]) == 3 && digits(words[1]) {
		x.Status = words[1]
	}
	for range headerLines {
		line, err := talk.ReadLine()
		if err != nil || line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "location":
			x.Location = short(value)
		case "date":
			said, _ := time.Parse("Mon, 02 Jan 2006 15:04:05 GMT", value) // RFC 9110 section 5.6.7
			date = utc(said)
		}
	}
	return date
}
