package web

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clients finds out who asks, from the connection and from what trusted proxies say.
type clients struct {
	trusted []netip.Prefix
}

func (c clients) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(c.trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// peer is the other end of the connection; the zero address when it has none.
func peer(r *http.Request) netip.Addr {
	addr, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return plain(addr.Addr())
}

// address is the nearest hop that is not a trusted proxy.
//
// A proxy writes one of X-Forwarded-For and Forwarded and passes the other on as the client sent it. Which one it
// writes is not known here, so when both are present and differ neither is believed.
func (c clients) address(r *http.Request) netip.Addr {
	direct := peer(r)
	if !c.trusts(direct) {
		return direct
	}
	listed, forwarded := r.Header.Values("X-Forwarded-For"), r.Header.Values("Forwarded")
	byList := c.nearest(direct, listed, func(hop string) string { return hop })
	byForwarded := c.nearest(direct, forwarded, forwardedFor)
	switch {
	case len(forwarded) == 0:
		return byList
	case len(listed) == 0, byList == byForwarded:
		return byForwarded
	default:
		return direct
	}
}

// nearest walks the hops from the right, as each proxy appends the one it was called by.
func (c clients) nearest(direct netip.Addr, lines []string, node func(hop string) string) netip.Addr {
	hops := strings.Split(strings.Join(lines, ","), ",")
	nearest := direct
	for _, hop := range slices.Backward(hops) {
		addr, ok := parseNode(node(strings.TrimSpace(hop)))
		if !ok {
			return nearest
		}
		nearest = addr
		if !c.trusts(addr) {
			return nearest
		}
	}
	return nearest
}

// forwardedFor is the for= of one element of a Forwarded header (RFC 7239).
func forwardedFor(element string) string {
	for pair := range strings.SplitSeq(element, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if strings.EqualFold(name, "for") {
			return strings.Trim(value, `"`)
		}
	}
	return ""
}

// parseNode reads 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1] and [2001:db8::1]:80.
func parseNode(node string) (netip.Addr, bool) {
	if addr, err := netip.ParseAddrPort(node); err == nil {
		return plain(addr.Addr()), true
	}
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(node, "["), "]"))
	return plain(addr), err == nil
}

func plain(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }

// secure says whether the client came over HTTPS.
func (c clients) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	if !c.trusts(peer(r)) {
		return false
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-Proto"), ","), ",")
	return strings.EqualFold(strings.TrimSpace(hops[len(hops)-1]), "https")
}

// network is what counts as one client: one IPv4 address, or the /64 that an IPv6 subscriber has to itself.
func network(addr netip.Addr) netip.Prefix {
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
