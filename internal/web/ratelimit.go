package web

import (
	"crypto/sha256"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Budget is what a caller may still spend. Points come back evenly; ResetAt is when all of them are there again.
type Budget struct {
	Limit, Remaining, Used int
	ResetAt                time.Time
}

const (
	failedTokens = 600 // invalid tokens an hour from one network
	defaultCost  = 1   // points of a request whose cost nobody names
	pageCost     = 5   // points of a page of the web application
	recordCost   = 1   // points of a record's document, or of the way to its page
	listCost     = 10  // points of what lists the catalogue or the vocabularies: thesaurus, sitemap, map
)

// caller is who pays: a token, a person who signed in, or else the network the request came from. Invalid tokens have an account of their own,
// so that who guesses cannot use up what the neighbours read with.
type caller struct {
	network netip.Prefix
	token   [sha256.Size]byte
	user    string
	guesses bool
}

// stranger tells whether nothing is known of the caller but where it is.
func (c caller) stranger() bool { return c.token == [sha256.Size]byte{} && c.user == "" }

// limiter keeps a token bucket per caller. Only the most recent callers are remembered, so strangers cannot fill the
// memory; who is forgotten starts with a full bucket. A nil limiter limits nothing.
type limiter struct {
	perAddress, perToken int
	now                  func() time.Time

	mu      sync.Mutex
	buckets *simplelru.LRU[caller, *bucket]
}

// bucket holds the points at a moment. It goes below zero when an operation turns out to cost more than was left.
type bucket struct {
	points float64
	at     time.Time
}

func newLimiter(l Limits, now func() time.Time) (*limiter, error) {
	buckets, err := simplelru.NewLRU[caller, *bucket](l.Clients, nil)
	if err != nil {
		return nil, err
	}
	return &limiter{perAddress: l.AddressPoints, perToken: l.TokenPoints, now: now, buckets: buckets}, nil
}

func (l *limiter) limit(c caller) int {
	switch {
	case c.guesses:
		return failedTokens
	case c.stranger():
		return l.perAddress
	default:
		return l.perToken
	}
}

// charge takes points and returns what is left; zero points only look.
func (l *limiter) charge(c caller, points int) Budget {
	if l == nil {
		return Budget{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	limit, now := l.limit(c), l.now()
	b, known := l.buckets.Get(c)
	if !known {
		b = &bucket{points: float64(limit), at: now}
		l.buckets.Add(c, b)
	}
	perSecond := float64(limit) / time.Hour.Seconds()
	if gone := now.Sub(b.at).Seconds(); gone > 0 {
		b.points = min(float64(limit), b.points+gone*perSecond)
		b.at = now
	}
	b.points -= float64(points)
	remaining := max(0, int(math.Floor(b.points)))
	missing := time.Duration((float64(limit) - b.points) / perSecond * float64(time.Second))
	return Budget{Limit: limit, Remaining: remaining, Used: limit - remaining, ResetAt: now.Add(missing)}
}

// admit returns the caller's budget, or errRateLimited when it is used up.
func (l *limiter) admit(c caller) (Budget, error) {
	b := l.charge(c, 0)
	if b.Limit == 0 || b.Remaining > 0 {
		return b, nil
	}
	perPoint := time.Hour / time.Duration(b.Limit)
	untilOne := b.ResetAt.Sub(l.now()) - perPoint*time.Duration(b.Limit-1)
	return b, errRateLimited.after(max(time.Second, untilOne))
}

func (b Budget) show(h http.Header, now time.Time) {
	if b.Limit == 0 {
		return
	}
	h.Set("RateLimit-Limit", strconv.Itoa(b.Limit))
	h.Set("RateLimit-Remaining", strconv.Itoa(b.Remaining))
	h.Set("RateLimit-Reset", strconv.Itoa(max(0, seconds(b.ResetAt.Sub(now)))))
}
