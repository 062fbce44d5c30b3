package federation

import (
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
)

// secret seals private keys, so that a copy of the database holds none that can be used. It stays in a file of its own.
type secret struct {
	file string
	mu   sync.Mutex
	aead cipher.AEAD
}

// Refusals of the secret.
var (
	// ErrNoSecret tells that there are sealed keys and no file to open them with.
	ErrNoSecret = errors.New("the file with the secret of the keys is missing: put it back, or name it with --key-file")
	// ErrOtherSecret tells that keys were sealed with another secret.
	ErrOtherSecret = errors.New("the keys were sealed with another secret: every process on this database needs the same --key-file")
)

// open reads the secret. Where there is none yet it is made, when create says so.
func (s *secret) open(create bool) (cipher.AEAD, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.aead != nil {
		return s.aead, nil
	}
	b, err := readSecret(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		if !create {
			return nil, fmt.Errorf("%w (%s)", ErrNoSecret, s.file)
		}
		b, err = makeSecret(s.file)
	}
	if err != nil {
		return nil, err
	}
	s.aead, err = chacha20poly1305.NewX(b)
	return s.aead, err
}

func readSecret(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the secret of the keys: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the secret of the keys: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others can read %s, which holds the secret of the keys: mend that with chmod 600 %s", file, file)
	}
	b := make([]byte, chacha20poly1305.KeySize+1)
	n, _ := f.Read(b)
	if n != chacha20poly1305.KeySize {
		return nil, fmt.Errorf("%s must hold a secret of exactly %d bytes, such as head -c %d /dev/urandom gives", file, chacha20poly1305.KeySize, chacha20poly1305.KeySize)
	}
	return b[:n], nil
}

// makeSecret writes a new secret. Of two processes that do so at once one wins, and both use its secret.
func makeSecret(file string) ([]byte, error) {
	b := make([]byte, chacha20poly1305.KeySize)
	rand.Read(b) //nolint:errcheck // crypto/rand never fails: it ends the program instead
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("make the secret of the keys: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".new-") // with mode 0600
	if err != nil {
		return nil, fmt.Errorf("make the secret of the keys: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("make the secret of the keys: %w", err)
	}
	if err := os.Link(f.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the secret of the keys: %w", err)
	}
	if err := syncFolder(filepath.Dir(file)); err != nil {
		return nil, fmt.Errorf("make the secret of the keys: %w", err)
	}
	return readSecret(file)
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// seal closes a private key. name is bound to it: a sealed key cannot take the place of another.
func seal(aead cipher.AEAD, private []byte, name string) []byte {
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(private)+aead.Overhead())
	rand.Read(nonce) //nolint:errcheck // crypto/rand never fails: it ends the program instead
	return aead.Seal(nonce, nonce, private, []byte(name))
}

// unseal opens what seal closed.
func unseal(aead cipher.AEAD, sealed []byte, name string) ([]byte, error) {
	if len(sealed) < aead.NonceSize() {
		return nil, ErrOtherSecret
	}
	private, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(name))
	if err != nil {
		return nil, ErrOtherSecret
	}
	return private, nil
}
