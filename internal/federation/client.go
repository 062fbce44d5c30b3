package federation

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// What a peer may cost. A hostile one gets no more than this out of a pull, and none of it is believed before it was verified.
const (
	// maxAnswer is the size of the longest answer that is read, in bytes after unpacking.
	maxAnswer = 4 << 20
	// maxRatio is how many bytes one packed byte may become, in an answer of more than freeRatio bytes.
	maxRatio, freeRatio = 20, 64 << 10
	// maxPull and maxRequests are for all answers of one pull together. Verifying the worst that can be signed takes a third of a
	// second of processor time a megabyte.
	maxPull, maxRequests = 12 << 20, 500
	// patience is how long one answer may take, whole.
	patience = 20 * time.Second
	// ringPatience is that for the doorbell of a peer.
	ringPatience = 2 * time.Second
	// maxRetryAfter is the longest that a peer can keep us away.
	maxRetryAfter = 24 * time.Hour
)

// Refusals of what a peer answers.
var (
	// errNoAnswer tells that nothing came, or broke off.
	errNoAnswer = errors.New("it does not answer")
	// errSpent tells that a pull has had its share; the next one goes on.
	errSpent = errors.New("this pull has had its share")
	// errUnfit tells that an answer is not what may be expected of a peer.
	errUnfit = errors.New("the answer cannot be used")
	// The next ones are errUnfit for a reason that an administrator can do something about.
	errNotPublic    = fmt.Errorf("%w: its address is not for everybody", errUnfit)
	errRedirect     = fmt.Errorf("%w: it sends us elsewhere", errUnfit)
	errNoPlein      = fmt.Errorf("%w: it is no Plein", errUnfit)
	errOtherAddress = fmt.Errorf("%w: it calls itself otherwise", errUnfit)
	errTooLarge     = fmt.Errorf("%w: it is too large", errUnfit)
	// errPacked tells that an answer is packed tighter than honest text.
	errPacked = fmt.Errorf("%w: it is packed more than %d times", errTooLarge, maxRatio)
)

// statusError is an answer other than 200 and 304.
type statusError struct {
	status int
	// retryAfter is how long the peer asks to be left alone.
	retryAfter time.Duration
}

func (e *statusError) Error() string {
	return fmt.Sprintf("it answered %d %s", e.status, http.StatusText(e.status))
}

// client asks peers. It goes where it was sent and nowhere else: to public addresses at port 443, without a proxy.
type client struct {
	http      *http.Client
	userAgent string
}

// newClient makes a client. resolver is nil but in tests.
func newClient(userAgent string, allowLoopback bool, resolver *net.Resolver) *client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Resolver: resolver, Control: func(_, address string, _ syscall.RawConn) error {
		return checkAddress(address, allowLoopback)
	}}
	return &client{userAgent: userAgent, http: &http.Client{
		Timeout: patience,
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			DisableCompression:     true, // unpacking is counted here
			ForceAttemptHTTP2:      true,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    5 * time.Second,
			ResponseHeaderTimeout:  10 * time.Second,
			MaxResponseHeaderBytes: 32 << 10,
			MaxConnsPerHost:        4,
			MaxIdleConns:           64,
			IdleConnTimeout:        30 * time.Second,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if first := via[0].URL; len(via) > 2 || r.URL.Scheme != first.Scheme || r.URL.Host != first.Host {
				return errRedirect
			}
			return nil
		},
	}}
}

// allowance is what a pull may still take.
type allowance struct{ bytes, requests int }

func newAllowance() *allowance { return &allowance{bytes: maxPull, requests: maxRequests} }

// answer is what a peer said.
type answer struct {
	// body is nil when it is what it was at the ETag that was asked with.
	body []byte
	etag string
}

// get reads an address of the peer at a base. With an ETag it may answer that nothing changed.
func (c *client) get(ctx context.Context, base, address, etag string, left *allowance) (*answer, error) {
	if !strings.HasPrefix(address, base+"/") {
		return nil, fmt.Errorf("%w: %.200q is not an address of %s", errUnfit, address, base)
	}
	a, err := c.ask(ctx, address, etag, "gzip", left)
	if errors.Is(err, errPacked) {
		// A record that hardly changes from one version to the next packs well too.
		a, err = c.ask(ctx, address, etag, "identity", left)
	}
	return a, err
}

func (c *client) ask(ctx context.Context, address, etag, coding string, left *allowance) (*answer, error) {
	if left.requests == 0 || left.bytes < maxAnswer {
		return nil, errSpent
	}
	left.requests--
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnfit, err)
	}
	r.Header.Set("Accept", "application/ld+json, application/json")
	r.Header.Set("Accept-Encoding", coding)
	r.Header.Set("Cache-Control", "no-cache") // a doorbell rang because of what a cache on the way does not have yet
	r.Header.Set("User-Agent", c.userAgent)
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, noAnswer(err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotModified && etag != "":
		return &answer{etag: etag}, nil
	case resp.StatusCode != http.StatusOK:
		return nil, &statusError{status: resp.StatusCode, retryAfter: retryAfter(resp.Header.Get("Retry-After"))}
	}
	if media, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil || media != "application/ld+json" && media != "application/json" {
		return nil, fmt.Errorf("%w: the answer is not JSON", errNoPlein)
	}
	body, cost, err := read(resp, coding)
	left.bytes -= cost
	if err != nil {
		return nil, noAnswer(err)
	}
	return &answer{body: body, etag: resp.Header.Get("ETag")}, nil
}

// noAnswer tells what went wrong on the way, without the address: whoever reads it knows which peer it is about.
func noAnswer(err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, errUnfit) {
		return err
	}
	return fmt.Errorf("%w: %w", errNoAnswer, err)
}

// read reads a body within the limits, and tells what that cost in bytes.
func read(resp *http.Response, coding string) (body []byte, cost int, err error) {
	wire := &counter{from: io.LimitReader(resp.Body, maxAnswer+1)}
	var from io.Reader = wire
	switch got := resp.Header.Get("Content-Encoding"); {
	case got == "" || got == "identity":
	case got == "gzip" && coding == "gzip":
		unpack, err := gzip.NewReader(wire)
		if err != nil {
			return nil, wire.n, fmt.Errorf("%w: it is not gzip", errUnfit)
		}
		from = unpack
	default:
		return nil, 0, fmt.Errorf("%w: it is packed as %.20q", errUnfit, got)
	}
	var out bytes.Buffer
	for {
		n, err := io.CopyN(&out, from, freeRatio)
		switch {
		case out.Len() > maxAnswer || wire.n > maxAnswer:
			return nil, max(out.Len(), wire.n), fmt.Errorf("%w: it is longer than %d bytes", errTooLarge, maxAnswer)
		case out.Len() > freeRatio && out.Len() > maxRatio*wire.n:
			return nil, out.Len(), errPacked
		case errors.Is(err, io.EOF) && n < freeRatio:
			return out.Bytes(), max(out.Len(), wire.n), nil
		case err != nil:
			return nil, max(out.Len(), wire.n), fmt.Errorf("read its answer: %w", err)
		}
	}
}

// counter counts what was read.
type counter struct {
	from io.Reader
	n    int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += n
	return n, err
}

// ring tells the peer at a base that there is something new at ours.
func (c *client) ring(ctx context.Context, base string, body []byte) error {
	ctx, stop := context.WithTimeout(ctx, ringPatience)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+DoorbellPath, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ring: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", c.userAgent)
	resp, err := c.http.Do(r)
	if err != nil {
		return noAnswer(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return &statusError{status: resp.StatusCode}
	}
	return nil
}

// retryAfter reads a Retry-After header (RFC 9110, 10.2.3) that gives seconds or a date.
func retryAfter(text string) time.Duration {
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(time.Until(at), 0), maxRetryAfter)
	}
	return 0
}

// ReadBase gives the address of a node in the one form in which it is compared: https, a name in lower case, no port, no slash
// at the end. With loopback it may also be a node on this machine, at whatever port.
func ReadBase(text string, loopback bool) (string, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Opaque != "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Hostname() == "" {
		return "", errBase
	}
	host, where := strings.ToLower(u.Hostname()), strings.TrimSuffix(u.Path, "/")
	if !plainHost(host) || where != "" && path.Clean(where) != where || u.RawPath != "" {
		return "", errBase
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	switch local := loopback && isLoopback(u.Hostname()); {
	case local && (u.Scheme == "http" || u.Scheme == "https"):
		if p := u.Port(); p != "" {
			host += ":" + p
		}
	case u.Scheme != "https" || u.Port() != "" && u.Port() != "443":
		return "", errBase
	}
	return u.Scheme + "://" + host + where, nil
}

var errBase = errors.New("the address of a node is like https://plein.example.nl, without a port")

// plainHost tells whether a name or address is written as it is looked up.
func plainHost(host string) bool {
	return len(host) <= 253 && !strings.HasSuffix(host, ".") && !strings.ContainsFunc(host, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !slices.Contains([]rune(".-:"), r)
	})
}
