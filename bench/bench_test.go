package bench

import (
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/identity"
)

// BenchmarkGraph is the contract alone: parsing, resolving, statements, encoding; no HTTP edge, no cache.
func BenchmarkGraph(b *testing.B) {
	h := open(b)
	ctx := identity.AsStranger(b.Context())
	for _, o := range h.reads() {
		b.Run(o.name, func(b *testing.B) {
			bytes := full(b, h.graphql, o).Body.Len()
			measure(b, o, func(body []byte) error { return good(ask(ctx, h.graphql, body)) })
			b.ReportMetric(float64(bytes), "B/answer")
		})
	}
	b.Run("create", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := good(ask(h.as(b.Context()), h.graphql, h.create().body(b, i))); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("publish", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			id, revision := created(b, h, i)
			body := publishing(id, revision).body(b, i)
			b.StartTimer()
			if err := good(ask(h.as(b.Context()), h.graphql, body)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkEdge is the whole way in and out without a network: headers, limits, gate, contract, compression.
func BenchmarkEdge(b *testing.B) {
	h := open(b)
	for _, o := range h.reads() {
		b.Run(o.name, func(b *testing.B) {
			measure(b, o, func(body []byte) error {
				return status(ask(b.Context(), h.bare, body, "Accept-Encoding", "gzip").Code, http.StatusOK)
			})
		})
	}
	list := h.reads()[1].body(b, 0)
	first := ask(b.Context(), h.edge, list, "Accept-Encoding", "gzip")
	for _, c := range []struct {
		name, etag string
		want       int
	}{{"list cached", "", http.StatusOK}, {"list not modified", first.Header().Get("ETag"), http.StatusNotModified}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := ask(b.Context(), h.edge, list, "Accept-Encoding", "gzip", "If-None-Match", c.etag)
				if err := status(w.Code, c.want); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	secret, _, err := h.tokens.Create(b.Context(), h.owner.ID, "bench", identity.Scopes, time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("create", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := good(ask(b.Context(), h.edge, h.create().body(b, i), "Authorization", "Bearer "+secret)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// measure asks an operation with variables that differ, made beforehand.
func measure(b *testing.B, o operation, do func(body []byte) error) {
	b.Helper()
	bodies := make([][]byte, 64)
	for i := range bodies {
		bodies[i] = o.body(b, i)
	}
	b.ReportAllocs()
	before := processor(b)
	for i := 0; b.Loop(); i++ {
		if err := do(bodies[i%len(bodies)]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(processor(b)-before)/float64(b.N), "cpu-ns/op")
}

// processor is the processor time that this process has used, in nanoseconds: unlike a clock it hardly sees who else is
// on the machine.
func processor(b *testing.B) int64 {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}

func status(got, want int) error {
	if got != want {
		return errAnswer
	}
	return nil
}
