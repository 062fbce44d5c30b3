package search

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/fixture"
)

func TestWithAFullDiskSearchesGoOnAndTheIndexCatchesUpByItself(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=2m"); err != nil {
		t.Skip("left out: a small disk cannot be mounted here: ", err)
	}
	t.Cleanup(func() { do(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })

	// The index is on the full disk, the database is not: the index falls behind.
	w := fixture.SQLite(t)
	starter(t, w)
	x := start(t, w, filepath.Join(disk, "index"))
	ready(t, x)
	follow(t, w, x)
	before := x.Generation()
	ballast := filepath.Join(disk, "ballast")
	f, err := os.Create(ballast)
	do(t, err)
	for _, chunk := range []int{1 << 16, 4096, 1} {
		for {
			if _, err := f.Write(bytes.Repeat([]byte{1}, chunk)); err != nil {
				break
			}
		}
	}
	do(t, f.Close())

	for i := range 20 {
		publish(t, w, fmt.Sprintf("Vol %d", i), "kamers", strings.Repeat(fmt.Sprintf("Dit neemt plaats%d in. ", i), 200))
		want(t, titlesOf(find(t, x, Request{Text: "kamers studenten overlast"}))[:1], "Verkamering")
	}
	eventually(t, "the index to notice", func() bool { return x.Generation() > before && x.State().Mode != Ready })
	if r := find(t, x, Request{Text: "vol"}); !r.Degraded || r.Total != 20 {
		t.Errorf("from the database: degraded %v, total %d", r.Degraded, r.Total)
	}

	do(t, os.Remove(ballast))
	eventually(t, "the index to catch up", func() bool { return x.State().Position == w.Log.Seen() })
	if aside := healed(t, w, x); aside != 0 {
		t.Error("a sound index was set aside")
	}
	if r := find(t, x, Request{Text: "vol"}); r.Degraded || r.Total != 20 {
		t.Errorf("degraded %v, total %d", r.Degraded, r.Total)
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain for ", what)
		}
	}
}
