// Command federate measures how fast a node takes in the log of another one: it makes a node with one publisher and so many
// records, serves it from a process of its own, and lets a new node pull, verify, apply and index all of it:
//
//	go run ./bench/federate --data DIR --records 40000
//
// What is in the folder is used again by the next run.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/udc-community/plein/bench"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/search"
	"github.com/udc-community/plein/internal/store"
	"github.com/udc-community/plein/internal/web"
)

func main() {
	data := flag.String("data", "", "folder for the data of both nodes")
	records := flag.Int("records", 40_000, "how many records")
	port := flag.String("port", "18095", "loopback port of the node that is read; its records are named after it")
	profile := flag.String("cpuprofile", "", "file for a CPU profile of the pull")
	serving := flag.Bool("serve", false, "be the node that is read")
	flag.Parse()
	ctx := context.Background()
	b := &measure{data: *data, base: "http://127.0.0.1:" + *port, records: *records, profile: *profile}
	err := errors.New("say where with --data DIR")
	switch {
	case *data != "" && *serving:
		err = b.serve(ctx, "127.0.0.1:"+*port)
	case *data != "":
		err = b.run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "federate:", err)
		os.Exit(1)
	}
}

type measure struct {
	data, base, profile string
	records             int
}

// node is a house without people and pages.
type node struct {
	store   *store.Store
	log     *changelog.Log
	catalog *catalog.Catalog
	*federation.Federation
}

func open(ctx context.Context, dir, base string) (*node, error) {
	st, err := store.Open(ctx, store.Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	n := &node{store: st, log: changelog.New(st.Client)}
	n.catalog, err = catalog.Open(ctx, catalog.Config{Client: st.Client, Begin: st.Begin, Log: n.log, Now: time.Now, BaseURL: base, Frozen: true})
	if err != nil {
		return nil, err
	}
	place, err := st.Place(ctx)
	if err != nil {
		return nil, err
	}
	n.Federation, err = federation.Open(ctx, federation.Config{Catalog: n.catalog, KeyFile: filepath.Join(dir, "key"), Place: place, Software: "plein bench", AllowLoopback: true,
		Aside: st.BeginAside, Dialect: st.Dialect, Logger: slog.New(slog.DiscardHandler)})
	return n, err
}

// serve answers for the node that is read, and counts what it gives at /-/count.
func (b *measure) serve(ctx context.Context, address string) error {
	n, err := open(ctx, filepath.Join(b.data, "publisher"), b.base)
	if err != nil {
		return err
	}
	edge, err := web.New(web.Config{GraphQL: http.NotFoundHandler(), Schema: []byte("type Query"), Reader: web.NewReader(n.catalog), Due: n.catalog.Due, Version: n.catalog.Version,
		Authenticate: func(ctx context.Context, _ string) (context.Context, error) { return ctx, errors.New("nobody") },
		Health:       func(context.Context) web.Health { return web.Health{} }, Federation: n.Federation, NoRateLimit: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	var counted count
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/-/count" {
			json.NewEncoder(w).Encode(counted.take()) //nolint:errcheck // who asked sees that it is cut off
			return
		}
		counted.requests.Add(1)
		edge.ServeHTTP(&counting{w, &counted.bytes}, r)
	}))
}

type count struct{ requests, bytes atomic.Int64 }

func (c *count) take() [2]int64 { return [2]int64{c.requests.Swap(0), c.bytes.Swap(0)} }

type counting struct {
	http.ResponseWriter
	bytes *atomic.Int64
}

func (c *counting) Write(p []byte) (int, error) {
	c.bytes.Add(int64(len(p)))
	return c.ResponseWriter.Write(p)
}

// counted asks how many requests were answered since the last time, with how many bytes.
func (b *measure) counted() (requests, bytes int64, err error) {
	resp, err := http.Get(b.base + "/-/count")
	if err != nil {
		return 0, 0, err
	}
	defer resp.Body.Close()
	var c [2]int64
	err = json.NewDecoder(resp.Body).Decode(&c)
	return c[0], c[1], err
}

func (b *measure) run(ctx context.Context) (err error) {
	fingerprint, err := b.publisher(ctx)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	other := exec.CommandContext(ctx, self, "--serve", "--data", b.data, "--port", b.base[len("http://127.0.0.1:"):])
	other.Stderr = os.Stderr
	if err := other.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.Process.Kill()) }()
	for range 100 {
		if _, _, err = b.counted(); err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil {
		return err
	}
	return b.pull(ctx, fingerprint)
}

// publisher makes the node that is read, unless a run before did.
func (b *measure) publisher(ctx context.Context) (fingerprint string, err error) {
	dir := filepath.Join(b.data, "publisher")
	made := store.Exists(dir)
	n, err := open(ctx, dir, b.base)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, n.store.Close()) }()
	if !made {
		if err := exchange.LoadReference(ctx, n.catalog); err != nil {
			return "", err
		}
		begin := time.Now()
		if err := bench.FillOne(ctx, n.catalog, b.records, bench.Seed, nil); err != nil {
			return "", err
		}
		fmt.Printf("published %d records in %.1f s\n", b.records, time.Since(begin).Seconds())
	}
	begin, before := time.Now(), spent()
	if err := n.SignAll(ctx); err != nil {
		return "", err
	}
	if members := n.Signed(); members > 0 {
		report("signed", members, time.Since(begin), spent()-before)
	}
	heads, err := n.log.PublisherHeads(ctx)
	if err != nil {
		return "", err
	}
	keys, err := n.Keys(ctx)
	if err != nil {
		return "", err
	}
	for _, k := range keys {
		if heads[k.OrganizationID] > 0 {
			return k.Fingerprint, nil
		}
	}
	return "", errors.New("nobody published anything")
}

// pull is what is measured.
func (b *measure) pull(ctx context.Context, fingerprint string) (err error) {
	dir, err := os.MkdirTemp(b.data, "reader-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	n, err := open(ctx, dir, "http://127.0.0.1:1")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.store.Close()) }()
	if err := exchange.LoadReference(ctx, n.catalog); err != nil {
		return err
	}
	index, err := search.Open(ctx, search.Config{Dir: filepath.Join(dir, "index"), Catalog: n.catalog, Log: n.log, Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	if err := errors.Join(index.Wait(ctx), n.log.CatchUp(ctx, index)); err != nil {
		return err
	}
	id, err := n.Propose(ctx, b.base, []string{fingerprint})
	if err != nil {
		return err
	}
	if _, _, err := b.counted(); err != nil {
		return err
	}
	if b.profile != "" {
		f, err := os.Create(b.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
	}
	var members, refused int64
	begin, before := time.Now(), spent()
	for again := true; again; {
		p, err := n.Pull(ctx, id, nil)
		if err != nil {
			return err
		}
		members, refused, again = members+int64(p.Members), refused+int64(p.Refused), p.Again
	}
	pulled, pulling := time.Since(begin), spent()-before
	requests, bytes, err := b.counted()
	if err != nil {
		return err
	}
	if err := n.log.CatchUp(ctx, index); err != nil {
		return err
	}
	indexed, all := time.Since(begin)-pulled, spent()-before-pulling
	pprof.StopCPUProfile()
	report("pulled, verified and applied", members, pulled, pulling)
	report("indexed", members, indexed, all)
	report("both", members, pulled+indexed, pulling+all)
	fmt.Printf("%d refused; %d requests, %.1f MB on the line, %.0f bytes a member packed; peak memory %.0f MB\n", refused, requests, float64(bytes)/1e6, float64(bytes)/float64(members), peak())

	const looks = 50
	begin, before = time.Now(), spent()
	for range looks {
		if _, err := n.Pull(ctx, id, nil); err != nil {
			return err
		}
	}
	quiet, cost := time.Since(begin), spent()-before
	if requests, bytes, err = b.counted(); err != nil {
		return err
	}
	fmt.Printf("a look at a peer with nothing new: %d requests, %d bytes, %.1f ms, %.1f ms of processor time\n", requests/looks, bytes/looks, quiet.Seconds()*1000/looks, cost.Seconds()*1000/looks)
	return nil
}

func report(what string, members int64, took, cost time.Duration) {
	fmt.Printf("%s: %d members in %.1f s (%.0f a second), %.1f s of processor time (%.0f a second of a core)\n", what, members, took.Seconds(), float64(members)/took.Seconds(), cost.Seconds(), float64(members)/cost.Seconds())
}

// spent is the processor time of this process so far.
func spent() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u) //nolint:errcheck // it asks about this process
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak is the most memory that this process had, in megabytes.
func peak() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u) //nolint:errcheck // as above
	return float64(u.Maxrss) / 1000
}
