package cause

// All lists every cause. The order settles ties: nearest to the user first.
func All() []Cause {
	return []Cause{
		signInPage, noNetwork, proxyInTheWay, clockWrong, oldServerName, namesFalse, ipv6Broken, ipv4Broken,
		shutOut, mailPortsBlocked, largeHello, mtuBlackHole, tlsFiltered,
		smtpPortBlocked, portRedirected, interceptedUntrusted, smtpInspected, starttlsStripped,
		serverDown, prefixDoubled,
	}
}
