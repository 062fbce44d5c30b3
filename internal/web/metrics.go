package web

import (
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
	rejected prometheus.Counter
	limited  prometheus.Counter
	reads    *prometheus.CounterVec
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
	}
	gauges := []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "plein_cache_bytes", Help: "Bytes in the response cache."},
			func() float64 { bytes, _ := s.cache.size(); return float64(bytes) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "plein_cache_entries", Help: "Answers in the response cache."},
			func() float64 { _, entries := s.cache.size(); return float64(entries) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "plein_gate_executing", Help: "Operations that hold a turn at the gate."},
			func() float64 { return float64(len(s.gate.executing)) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "plein_streams", Help: "Open event streams."},
			func() float64 { return float64(s.streams.count()) }),
	}
	for _, c := range append(gauges, m.requests, m.duration, m.inFlight, m.rejected, m.limited, m.reads) {
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
