package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/jobs"
	"github.com/udc-community/plein/internal/store"
)

// worker names the database of a process that runs jobs until it is killed.
const worker = "PLEIN_TEST_WORKER"

func TestMain(m *testing.M) {
	if where := os.Getenv(worker); where != "" {
		if err := workUntilKilled(where); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func workUntilKilled(where string) error {
	config := store.Config{Dir: where}
	if strings.HasPrefix(where, "postgres://") {
		config = store.Config{Database: where}
	}
	ctx := context.Background()
	s, err := store.Open(ctx, config)
	if err != nil {
		return err
	}
	q := &jobs.Queue{Client: s.Client, Begin: s.BeginAside, Dialect: s.Dialect, Now: time.Now, Lease: 400 * time.Millisecond,
		Report: func(key string, err error) { fmt.Fprintln(os.Stderr, key, err) },
		Handlers: map[string]jobs.Handler{"count": func(ctx context.Context, j jobs.Job) (time.Time, error) {
			tx, err := s.BeginAside(ctx)
			if err != nil {
				return time.Time{}, err
			}
			// Idempotent: the effect of a job is there once, however often it runs.
			_, err = tx.ExecContext(ctx, "INSERT INTO effects (job, runs) VALUES ('"+j.Key+"', 1) ON CONFLICT (job) DO UPDATE SET runs = effects.runs + 1")
			if err != nil {
				return time.Time{}, errors.Join(err, tx.Rollback())
			}
			return time.Time{}, tx.Commit()
		}}}
	for {
		if q.Work(ctx) == 0 {
			time.Sleep(5 * time.Millisecond)
		}
	}
}

func TestKilledWorkersLoseNoJob(t *testing.T) {
	const work = 300
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		tx, err := w.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.ExecContext(t.Context(), "CREATE TABLE effects (job text PRIMARY KEY, runs integer NOT NULL)"); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		var js []jobs.Job
		for i := range work {
			js = append(js, jobs.Job{Key: fmt.Sprint("job-", i), Kind: "count"})
		}
		enqueue(t, w, js...)
		var processes sync.WaitGroup
		for range 2 {
			processes.Go(func() {
				for range 3 {
					kill(t, w, func() { time.Sleep(time.Duration(100+rand.IntN(150)) * time.Millisecond) })
				}
			})
		}
		processes.Wait()
		t.Logf("after 6 kills %d of %d jobs are left", left(t, w), work)
		kill(t, w, func() {
			for end := time.Now().Add(30 * time.Second); left(t, w) > 0 && time.Now().Before(end); {
				time.Sleep(20 * time.Millisecond)
			}
		})
		rows, err := w.Store.Client.QueryContext(t.Context(), "SELECT COUNT(*), SUM(runs) FROM effects")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var done, runs int
		if !rows.Next() || rows.Scan(&done, &runs) != nil || done != work || left(t, w) != 0 {
			t.Errorf("%d of %d jobs were done, %d are left", done, work, left(t, w))
		}
		t.Logf("%d runs of %d jobs", runs, done)
	})
}

// kill starts a worker, and kills it when until returns.
func kill(t *testing.T, w *fixture.World, until func()) {
	where := w.Config.Dir
	if w.Config.Database != "" {
		where = w.Config.Database
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), worker+"="+where)
	var complaints bytes.Buffer
	child.Stderr = &complaints
	if err := child.Start(); err != nil {
		t.Error(err)
		return
	}
	until()
	child.Process.Kill()
	if err := child.Wait(); !strings.Contains(fmt.Sprint(err), "killed") || complaints.Len() > 0 {
		t.Errorf("a worker ended with %v: %s", err, complaints.String())
	}
}
