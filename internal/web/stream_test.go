package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// events sends one event for each word on the channel, as a subscription does.
func events(words <-chan string, ended chan<- error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set(HeaderCost, "7")
		flush := w.(http.Flusher).Flush
		fmt.Fprint(w, ":\n\n")
		flush()
		for {
			select {
			case <-r.Context().Done():
				ended <- r.Context().Err()
				return
			case word := <-words:
				if _, err := fmt.Fprintf(w, "event: next\ndata: %s\n\n", word); err != nil {
					ended <- err
					return
				}
				flush()
			}
		}
	})
}

const subscription = `{"query":"subscription { changes { uri } }"}`

func (e *edge) subscribe(t *testing.T, address string) *http.Response {
	t.Helper()
	r := e.request(t, http.MethodPost, "/graphql", subscription, "Accept", "text/event-stream")
	if address != "" {
		r.URL.Host = address
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func TestEventsArriveOneByOneAndStopAtShutdown(t *testing.T) {
	words, ended := make(chan string), make(chan error, 1)
	e := newEdge(t, func(c *Config) {
		c.GraphQL = events(words, ended)
		c.Limits.Executing = 1
		// The deadlines of an ordinary request must not end a subscription.
		c.Limits.Read, c.Limits.Write = 300*time.Millisecond, 300*time.Millisecond
	})
	address, stop := serve(t, e.Server)
	stream := e.subscribe(t, address)
	if stream.StatusCode != 200 || stream.Header.Get("Content-Type") != "text/event-stream" || stream.Header.Get("Plein-Cost") != "" ||
		stream.Header.Get("RateLimit-Remaining") != "59993" || stream.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", stream.StatusCode, stream.Header)
	}
	if n := len(e.gate.executing); n != 0 {
		t.Errorf("a subscription holds %d turns at the gate", n)
	}
	lines := bufio.NewScanner(stream.Body)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		return ""
	}
	words <- "een"
	if got := next(); got != "een" {
		t.Errorf("got %q", got)
	}
	time.Sleep(2 * e.config.Limits.Write)
	words <- "twee"
	if got := next(); got != "twee" {
		t.Errorf("after the deadlines: got %q (%v)", got, lines.Err())
	}
	stop()
	if got := next(); got != "" {
		t.Errorf("after shutdown: got %q", got)
	}
	if err := <-ended; err != context.Canceled {
		t.Errorf("the handler ended with %v", err)
	}
}

func TestListenersAreCountedPerClientAndInAll(t *testing.T) {
	ended := make(chan error, 10)
	e := newEdge(t, func(c *Config) {
		c.GraphQL = events(make(chan string), ended)
		c.Limits.Streams, c.Limits.StreamsPerClient = 3, 2
		c.TrustedProxies = loopback
	})
	first := e.subscribe(t, "")
	e.subscribe(t, "")
	got := e.do(t, http.MethodPost, "/graphql", subscription, "Accept", "text/event-stream")
	got.wants(t, 429, "RATE_LIMITED")
	if got.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	other := e.request(t, http.MethodPost, "/graphql", subscription, "Accept", "text/event-stream", "X-Forwarded-For", "192.0.2.1")
	response, err := http.DefaultClient.Do(other)
	if err != nil || response.StatusCode != 200 {
		t.Fatal(err, response)
	}
	defer response.Body.Close()
	e.do(t, http.MethodPost, "/graphql", subscription, "Accept", "text/event-stream", "X-Forwarded-For", "192.0.2.2").wants(t, 503, "OVERLOADED")

	first.Body.Close()
	eventually(t, "a listener that leaves makes room", func() bool { return e.streams.count() == 2 })
	e.subscribe(t, "")
}

func TestAReaderWhoStopsReadingLetsGoOfTheWriter(t *testing.T) {
	ended, words := make(chan error, 1), make(chan string)
	e := newEdge(t, func(c *Config) {
		c.GraphQL = events(words, ended)
		c.Limits.StreamWrite = 100 * time.Millisecond
	})
	connection, err := net.Dial("tcp", strings.TrimPrefix(e.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "POST /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(subscription), subscription)
	word := strings.Repeat("x", 1<<20)
	for {
		select {
		case words <- word:
			continue
		case <-ended:
			return
		case <-time.After(20 * time.Second):
			t.Fatal("the writer is still held")
		}
	}
}

func TestANoteAfterTheEndOfAStreamIsRefused(t *testing.T) {
	late := make(chan error, 1)
	returned := make(chan struct{})
	e := newEdge(t, func(c *Config) {
		c.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, ":\n\n")
			go func() {
				<-returned
				_, err := fmt.Fprint(w, ": ping\n\n")
				w.(http.Flusher).Flush()
				late <- err
			}()
		})
	})
	e.do(t, http.MethodPost, "/graphql", subscription, "Accept", "text/event-stream")
	eventually(t, "the stream ends", func() bool { return e.streams.count() == 0 })
	close(returned)
	if err := <-late; err == nil {
		t.Error("a write after the end went through")
	}
}

func TestAnAnswerThatBreaksOffHalfwayIsCutAndNotCompleted(t *testing.T) {
	e := newEdge(t, func(c *Config) {
		c.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, ":\n\n")
			w.(http.Flusher).Flush()
			panic("halfway")
		})
	})
	if body, err := io.ReadAll(e.subscribe(t, "").Body); err == nil {
		t.Errorf("%q passed for a whole answer", body)
	}
	eventually(t, "the panic is logged and its place given back", func() bool {
		return strings.Contains(e.log.String(), "halfway") && e.streams.count() == 0
	})
}
