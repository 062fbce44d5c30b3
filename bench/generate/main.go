// Command generate fills a new data directory with a generated catalogue to measure on, and says how fast that went:
//
//	go run ./bench/generate --data DIR --records 10000
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/pprof"
	"time"

	"github.com/udc-community/plein/bench"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/store"
)

func main() {
	data := flag.String("data", "", "data directory to make")
	records := flag.Int("records", 10_000, "how many records")
	profile := flag.String("cpuprofile", "", "file for a CPU profile of the writes")
	flag.Parse()
	if err := generate(context.Background(), *data, *records, *profile); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(ctx context.Context, dir string, records int, profile string) (err error) {
	if dir == "" || records < 100 {
		return errors.New("say where with --data DIR, and how many (100 or more) with --records")
	}
	if store.Exists(dir) {
		return fmt.Errorf("there is a catalogue in %s already", dir)
	}
	st, err := store.Open(ctx, store.Config{Dir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	cat, err := catalog.Open(ctx, catalog.Config{Client: st.Client, Begin: st.Begin, Log: changelog.New(st.Client), Now: time.Now, BaseURL: "http://localhost:8080"})
	if err != nil {
		return err
	}
	if err := exchange.LoadReference(ctx, cat); err != nil {
		return err
	}
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	begin := time.Now()
	err = bench.Fill(ctx, cat, records, bench.Seed, func(done int) { fmt.Fprintf(os.Stderr, "\r%d of %d", done, records) })
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	took := time.Since(begin)
	fmt.Printf("%d records in %.1f s: %.0f a second\n", records, took.Seconds(), float64(records)/took.Seconds())
	return st.Tidy(ctx)
}
