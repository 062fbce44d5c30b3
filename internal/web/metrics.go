package web

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/udc-community/plein/internal/identity"
)

type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
	rejected prometheus.Counter
	limited  prometheus.Counter
	reads    *prometheus.CounterVec
	steps    *prometheus.HistogramVec
	shells   *prometheus.CounterVec
	signIns  *prometheus.CounterVec
}

func newMetrics(registry *prometheus.Registry, s *Server) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plein_http_requests_total", Help: "Requests answered."}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "plein_http_request_duration_seconds", Help: "Time from a request's header to the end of its answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"route", "method"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "plein_http_in_flight_requests", Help: "Requests being answered, event streams included."}),
		rejected: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "plein_gate_rejections_total", Help: "Operations refused because too many were executing."}),
		limited: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "plein_rate_limited_total", Help: "Requests refused because the caller's points were used up."}),
		reads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plein_cache_reads_total", Help: "Cacheable reads by how they were answered: hit, miss, not_modified."}, []string{"result"}),
		steps: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "plein_page_step_seconds", Help: "Time that a step of making a page took: plan, operation, render; with the time that it waited for a machine.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5}}, []string{"step"}),
		shells: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plein_page_shells_total", Help: "Pages that were sent as a shell for the browser to render, by reason: busy, late, failed."}, []string{"reason"}),
		signIns: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plein_sign_ins_total", Help: "Attempts to sign in by way (password, link, oidc) and outcome: signed_in, refused, throttled, insecure, failed."}, []string{"way", "outcome"}),
	}
	for _, way := range []string{wayPassword, wayLink, wayOIDC} {
		for _, outcome := range []string{signedIn, signInRefused, signInLater, signInInsecure, signInFailed} {
			m.signIns.WithLabelValues(way, outcome)
		}
	}
	for _, reason := range []string{shellBusy, shellLate, shellFailed} {
		m.shells.WithLabelValues(reason) // an alert needs the zero as well
	}
	gauges := []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "plein_cache_bytes", Help: "Bytes in the response cache."},
			func() float64 { bytes, _ := s.cacheSize(); return float64(bytes) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "plein_cache_entries", Help: "Answers in the response cache."},
			func() float64 { _, entries := s.cacheSize(); return float64(entries) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "plein_gate_executing", Help: "Operations and pages that hold a turn at their gate."},
			func() float64 { return float64(len(s.gate.executing) + len(s.pageGate.executing)) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "plein_streams", Help: "Open event streams."},
			func() float64 { return float64(s.streams.count()) }),
	}
	for _, c := range append(gauges, m.requests, m.duration, m.inFlight, m.rejected, m.limited, m.reads, m.steps, m.shells, m.signIns) {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("registering metrics: %w", err)
		}
	}
	return m, nil
}

func (m *metrics) observe(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(route, method).Observe(took.Seconds())
}

// signedIn counts an attempt to sign in by its error, and tells nothing of who it was.
func (m *metrics) signedIn(way string, err error) {
	outcome := signedIn
	switch {
	case err == nil:
	case errors.Is(err, errInsecure):
		outcome = signInInsecure
	case errors.As(err, &identity.ThrottledError{}):
		outcome = signInLater
	case errors.Is(err, identity.ErrBusy), errors.Is(err, identity.ErrOIDCUnavailable), complaint(err) == nil:
		outcome = signInFailed
	default:
		outcome = signInRefused
	}
	m.signIns.WithLabelValues(way, outcome).Inc()
}

func (m *metrics) step(name string, began time.Time) {
	m.steps.WithLabelValues(name).Observe(time.Since(began).Seconds())
}

func (m *metrics) cached(hit, notModified bool) {
	switch {
	case notModified:
		m.reads.WithLabelValues("not_modified").Inc()
	case hit:
		m.reads.WithLabelValues("hit").Inc()
	default:
		m.reads.WithLabelValues("miss").Inc()
	}
}
