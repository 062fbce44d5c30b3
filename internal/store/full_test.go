package store_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/store"
)

// smallDisk is a file system of its own.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skip("left out: a small disk cannot be mounted here: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestAFullDiskRefusesWritesAndGoesOnReading(t *testing.T) {
	disk := smallDisk(t, "8m")
	w := fixture.Open(t, store.Config{Dir: filepath.Join(disk, "data")})
	first := w.Publish(t, w.Project("Voor het vol was")).Base().ID

	// Others fill the disk up to the last byte.
	ballast := filepath.Join(disk, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, chunk := range []int{1 << 20, 4096, 1} {
		for {
			if _, err := f.Write(bytes.Repeat([]byte{1}, chunk)); err != nil {
				break
			}
		}
	}

	var kept []string
	refused := 0
	for i := range 60 {
		p := w.Project(fmt.Sprintf("Project %d", i))
		p.Occasion = record.NL(strings.Repeat("Dit neemt plaats in. ", 1000))
		made, err := w.TryPublish(t, p)
		switch {
		case err == nil:
			kept = append(kept, made.Base().ID)
		case store.IsFull(err):
			refused++
		default:
			t.Fatalf("write %d failed otherwise: %v", i, err)
		}
	}
	if refused == 0 {
		t.Fatal("the disk was never full")
	}
	t.Logf("%d writes still found room, %d were refused", len(kept), refused)

	stranger := identity.AsStranger(t.Context())
	all := append([]string{first}, kept...)
	for _, id := range all {
		if rs, err := w.ByID(stranger, id); err != nil || rs[0] == nil {
			t.Errorf("%s cannot be read while the disk is full: %v", id, err)
		}
	}
	p, err := w.Page(stranger, listOfProjects, order, 100, "")
	if err != nil || len(p.Records) != len(all) {
		t.Errorf("a list gives %d of %d records: %v", len(p.Records), len(all), err)
	}
	if _, err := w.Store.Backup(t.Context(), filepath.Join(disk, "backup")); !store.IsFull(err) {
		t.Errorf("a backup to a full disk: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(disk, "backup*")); len(left) > 0 {
		t.Errorf("a backup that failed left %v", left)
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	f.Close()
	after := w.Publish(t, w.Project("Na het vol was")).Base().ID
	if rs, err := w.ByID(stranger, after); err != nil || rs[0] == nil {
		t.Errorf("there is room again and a write is not there: %v", err)
	}
}
