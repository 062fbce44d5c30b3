package federation

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestASecretIsMadeOnceAndForItsOwnerAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "made", "key")
	if _, err := (&secret{file: file}).open(false); !errors.Is(err, ErrNoSecret) {
		t.Errorf("without a file: %v", err)
	}
	var making sync.WaitGroup
	sealed := make([][]byte, 8)
	for i := range sealed {
		making.Go(func() {
			aead, err := (&secret{file: file}).open(true)
			if err != nil {
				t.Error(err)
				return
			}
			sealed[i] = seal(aead, []byte("private"), "name")
		})
	}
	making.Wait()
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("it is %v: %v", info, err)
	}
	aead, err := (&secret{file: file}).open(false)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sealed {
		if b, err := unseal(aead, s, "name"); err != nil || string(b) != "private" {
			t.Errorf("%q, %v", b, err)
		}
	}
	if left, _ := filepath.Glob(file + ".*"); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
}

func TestASealedKeyOpensWithItsOwnSecretUnderItsOwnNameOnly(t *testing.T) {
	dir := t.TempDir()
	ours, err := (&secret{file: filepath.Join(dir, "a")}).open(true)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := (&secret{file: filepath.Join(dir, "b")}).open(true)
	if err != nil {
		t.Fatal(err)
	}
	private := bytes.Repeat([]byte{7}, 32)
	sealed := seal(ours, private, "z6Mk")
	if bytes.Contains(sealed, private[:8]) {
		t.Error("it stands there as it is")
	}
	if b, err := unseal(ours, sealed, "z6Mk"); err != nil || !bytes.Equal(b, private) {
		t.Error(err)
	}
	if _, err := unseal(theirs, sealed, "z6Mk"); !errors.Is(err, ErrOtherSecret) {
		t.Errorf("another secret: %v", err)
	}
	if _, err := unseal(ours, sealed, "z6Mo"); !errors.Is(err, ErrOtherSecret) {
		t.Errorf("another name: %v", err)
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := unseal(ours, bad, "z6Mk"); err == nil {
			t.Fatalf("byte %d does not matter", i)
		}
	}
	if _, err := unseal(ours, sealed[:10], "z6Mk"); !errors.Is(err, ErrOtherSecret) {
		t.Errorf("half of it: %v", err)
	}
}

func TestASecretThatOthersCanReadOrThatIsNoneIsRefused(t *testing.T) {
	dir := t.TempDir()
	for name, x := range map[string]struct {
		size int
		mode os.FileMode
		fits bool
	}{
		"good": {32, 0o600, true}, "read only": {32, 0o400, true}, "the group reads": {32, 0o640, false}, "all read": {32, 0o644, false},
		"short": {31, 0o600, false}, "long": {33, 0o600, false}, "empty": {0, 0o600, false},
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, make([]byte, x.size), x.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, x.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := (&secret{file: file}).open(true); (err == nil) != x.fits {
			t.Errorf("%s: %v", name, err)
		}
	}
}
