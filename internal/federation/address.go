package federation

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// notPublic are networks that the internet does not reach, or not as themselves (IANA special-purpose address registries).
// Of IPv6 only what is given out (2000::/3) is public at all, so that translated (64:ff9b::/96), mapped, local and multicast
// addresses need no rows.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("168.63.129.16/32"), // what a cloud tells its machines
	netip.MustParsePrefix("169.254.0.0/16"),   // link-local, and what other clouds tell theirs
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("224.0.0.0/3"), // multicast and what is reserved
	netip.MustParsePrefix("2001::/23"),   // Teredo among others
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // 6to4, which carries an IPv4 address
	netip.MustParsePrefix("3fff::/20"),
}

var publicIPv6 = netip.MustParsePrefix("2000::/3")

// checkAddress tells whether a connection may be made to an address, as it came out of the name's resolution: a public one at
// port 443. With loopback this machine will do, at whatever port.
func checkAddress(address string, loopback bool) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: no address at %q", errUnfit, address)
	}
	addr := to.Addr()
	switch {
	case loopback && addr.IsLoopback():
		return nil
	case to.Port() != 443:
		return fmt.Errorf("%w: port %d is not 443", errNotPublic, to.Port())
	case !isPublic(addr):
		return fmt.Errorf("%w: %s is not a public address", errNotPublic, addr)
	}
	return nil
}

func isPublic(addr netip.Addr) bool {
	return (addr.Is4() || publicIPv6.Contains(addr)) && addr.Zone() == "" &&
		!slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// isLoopback tells whether a name in an address of a node is this machine.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
