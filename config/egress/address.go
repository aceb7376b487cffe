package egress

import "net/netip"

// refusedError is an address that only the operator may name.
type refusedError struct {
	ip   netip.Addr
	kind string
}

func (e *refusedError) Error() string { return e.ip.String() + " is " + e.kind }

// reserved lists what netip's own predicates leave out, from IANA's special-purpose address registries.
var reserved = []struct {
	prefix netip.Prefix
	kind   string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "an unspecified address"},
	{netip.MustParsePrefix("100.64.0.0/10"), "a carrier's private address"},
	{netip.MustParsePrefix("192.0.0.0/24"), "a reserved address"},
	{netip.MustParsePrefix("192.0.2.0/24"), "a documentation address"},
	{netip.MustParsePrefix("198.18.0.0/15"), "a benchmarking address"},
	{netip.MustParsePrefix("198.51.100.0/24"), "a documentation address"},
	{netip.MustParsePrefix("203.0.113.0/24"), "a documentation address"},
	{netip.MustParsePrefix("240.0.0.0/4"), "a reserved address"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "a private translation address"},
	{netip.MustParsePrefix("100::/64"), "a discard address"},
	{netip.MustParsePrefix("2001::/32"), "a tunnel address"},
	{netip.MustParsePrefix("2001:db8::/32"), "a documentation address"},
	{netip.MustParsePrefix("fec0::/10"), "a private address"},
}

// embedding lists IPv6 prefixes whose addresses are reached through an IPv4 address that starts at the given byte.
var embedding = []struct {
	prefix netip.Prefix
	offset int
}{
	{netip.MustParsePrefix("::/96"), 12},
	{netip.MustParsePrefix("64:ff9b::/96"), 12},
	{netip.MustParsePrefix("2002::/16"), 2},
}

// check returns a *refusedError for an address that is not on the public internet.
func check(ip netip.Addr) error {
	ip = ip.Unmap().WithZone("")
	if kind := special(ip); kind != "" {
		return &refusedError{ip, kind}
	}
	for _, e := range embedding {
		if !e.prefix.Contains(ip) {
			continue
		}
		bytes := ip.As16()
		if kind := special(netip.AddrFrom4([4]byte(bytes[e.offset : e.offset+4]))); kind != "" {
			return &refusedError{ip, kind}
		}
	}
	return nil
}

func special(ip netip.Addr) string {
	switch {
	case ip.IsLoopback():
		return "a loopback address"
	case ip.IsPrivate():
		return "a private address"
	case ip.IsLinkLocalUnicast():
		return "a link-local address"
	case ip.IsUnspecified():
		return "an unspecified address"
	case ip.IsMulticast():
		return "a multicast address"
	}
	for _, r := range reserved {
		if r.prefix.Contains(ip) {
			return r.kind
		}
	}
	return ""
}
