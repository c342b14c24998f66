package probe

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"time"

	"mailmedic/probe/evidence"
)

// routes finds out whether this computer has a way to the internet in each family, and
// which. Connecting a datagram socket sends nothing: the kernel only looks for a route.
// The addresses are for documentation (RFC 5737, RFC 3849), so that nobody could be meant.
func (r *run) routes(ctx context.Context, h *evidence.Host) {
	h.RouteV4, h.LinkV4 = r.route(ctx, "udp4", "192.0.2.1:9")
	h.RouteV6, h.LinkV6 = r.route(ctx, "udp6", "[2001:db8::1]:9")
}

func (r *run) route(ctx context.Context, network, address string) (evidence.Seen, evidence.Link) {
	limited, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c, err := r.dialer()(limited, network, address)
	if err != nil {
		if kindOf(err) == evidence.Unreachable {
			return evidence.No, evidence.Link{}
		}
		return evidence.Unknown, evidence.Link{}
	}
	defer c.Close()
	switch {
	case r.plan.Options.Link != nil:
		return evidence.Yes, *r.plan.Options.Link
	case r.plan.Options.Dial != nil:
		return evidence.Yes, evidence.Link{} // a simulated computer has no interfaces
	}
	return evidence.Yes, link(c.LocalAddr())
}

// link finds the interface that has a local address.
func link(local net.Addr) evidence.Link {
	ap, err := netip.ParseAddrPort(local.String())
	if err != nil {
		return evidence.Link{}
	}
	l := evidence.Link{Address: ap.Addr().Unmap().WithZone("").String()}
	interfaces, err := net.Interfaces()
	if err != nil {
		return l
	}
	for _, i := range interfaces {
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addresses {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil && prefix.Addr().Unmap().String() == l.Address {
				l.Name, l.Tunnel = i.Name, evidence.Saw(i.Flags&net.FlagPointToPoint != 0 || tunnel(i.Name))
				return l
			}
		}
	}
	return l
}

// tunnel knows the names that systems and VPN programs give to their interfaces. Some of
// these are not marked as point-to-point.
func tunnel(name string) bool {
	for _, prefix := range []string{"tun", "tap", "wg", "ppp", "utun", "ipsec", "tailscale", "nordlynx", "proton"} {
		if strings.HasPrefix(strings.ToLower(name), prefix) {
			return true
		}
	}
	return false
}
