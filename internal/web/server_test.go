package web

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serve runs the server on a port of its own; stop drains it and fails the test when that does not end well.
func serve(t *testing.T, s *Server) (address string, stop func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()
	return listener.Addr().String(), func() {
		t.Helper()
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(20 * time.Second):
			t.Error("the server does not end")
		}
	}
}

func TestDrainingFinishesWhatRuns(t *testing.T) {
	e := newEdge(t, nil)
	address, stop := serve(t, e.Server)
	answered := make(chan reply, 1)
	go func() {
		r := e.request(t, http.MethodPost, "/graphql", `{"query":"{ slow }"}`)
		r.URL.Host = address
		answered <- send(t, r)
	}()
	<-e.graphql.started
	go func() {
		<-e.closing.Done() // draining has begun
		e.graphql.proceed <- struct{}{}
	}()
	stop()
	if got := <-answered; got.StatusCode != 200 || !strings.Contains(got.body, "slow") {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("the listener is still open")
	}
}

func TestAListenerThatFailsEndsTheServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if err := newEdge(t, nil).Serve(t.Context(), listener); err == nil || !strings.Contains(err.Error(), "serving HTTP") {
		t.Errorf("got %v", err)
	}
}

func TestAClientThatNeverFinishesItsRequestIsLetGo(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.Limits.Header = 50 * time.Millisecond })
	address, stop := serve(t, e.Server)
	defer stop()
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	io.WriteString(connection, "GET / HTTP/1.1\r\nHost: x\r\n")
	connection.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.ReadAll(connection); err != nil {
		t.Errorf("the connection stays open: %v", err)
	}
}

func TestTheServersOwnMessagesNameNoClient(t *testing.T) {
	for _, message := range []string{
		"http: TLS handshake error from 192.0.2.7:4711: EOF",
		"http: panic serving [2001:db8::7]:4711: boom",
	} {
		if got := clientAddress.ReplaceAllString(message, "client"); strings.ContainsAny(got, "0123456789") || !strings.Contains(got, "client: ") {
			t.Errorf("%q became %q", message, got)
		}
	}
}

// raw sends a path as it is, which Go's client would refuse or mend.
func raw(t *testing.T, address, path string) (status int, header http.Header, body string) {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	io.WriteString(connection, "GET "+path+" HTTP/1.1\r\nHost: plein.test\r\nConnection: close\r\n\r\n") //nolint:errcheck // reading tells
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Errorf("%.60q: %v", path, err)
		return 0, nil, ""
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Errorf("%.60q: %v", path, err)
	}
	return response.StatusCode, response.Header, string(b)
}
