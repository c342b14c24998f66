package cause

// All lists every cause. The order settles ties: nearest to the user first.
func All() []Cause {
	return []Cause{noNetwork, ipv6Broken, smtpPortBlocked, serverDown, prefixDoubled}
}
