package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Length of a password in characters, by NIST SP 800-63B: long enough, no rules about what it consists of.
const (
	MinPassword = 12
	MaxPassword = 128
)

// PasswordFault says what is wrong with a password that somebody chose.
type PasswordFault string

// Faults of passwords.
const (
	TooShort PasswordFault = "TOO_SHORT"
	TooLong  PasswordFault = "TOO_LONG"
	// Common is what everybody tries first.
	Common PasswordFault = "COMMON"
	// Personal is one's own name or address.
	Personal PasswordFault = "PERSONAL"
)

// PasswordError refuses a password that somebody chose.
type PasswordError struct{ Fault PasswordFault }

func (e PasswordError) Error() string {
	switch e.Fault {
	case TooShort:
		return fmt.Sprintf("a password has at least %d characters; a sentence is easy to remember", MinPassword)
	case TooLong:
		return fmt.Sprintf("a password has at most %d characters", MaxPassword)
	case Personal:
		return "a password is not one's own name or e-mail address"
	}
	return "this password is one of those that are tried first; a sentence of your own is better"
}

// ErrBusy says that too many people are signing in at this moment.
var ErrBusy = errors.New("too many people are signing in at once: try again in a moment")

// Params is the work of one hash.
type Params struct {
	Time    uint32 // passes
	Memory  uint32 // KiB
	Threads uint8
}

// DefaultParams is the second choice of RFC 9106 at the size that OWASP advises: 20 to 25 ms on one core.
var DefaultParams = Params{Time: 2, Memory: 19 * 1024, Threads: 1}

const (
	saltBytes, keyBytes = 16, 32
	// atOnce is how many hashes are made at once: each takes a core and 19 MiB.
	atOnce = 2
	// queueing is how long a sign-in waits for its turn to hash.
	queueing = 5 * time.Second
)

// Passwords hashes passwords, a few at a time.
type Passwords struct {
	params Params
	slots  chan struct{}
	// dummy is what is compared with where there is no account, so that the work is the same.
	dummy  string
	hashed atomic.Int64
}

// NewPasswords makes a hasher.
func NewPasswords(p Params) *Passwords {
	out := &Passwords{params: p, slots: make(chan struct{}, atOnce)}
	b := make([]byte, saltBytes+keyBytes)
	rand.Read(b) //nolint:errcheck // crypto/rand never fails: it ends the program instead
	out.dummy = p.encode(b[:saltBytes], b[saltBytes:])
	return out
}

// Hashed is how many hashes were made.
func (p *Passwords) Hashed() int64 { return p.hashed.Load() }

// hash gives a PHC string.
func (p *Passwords) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt) //nolint:errcheck // crypto/rand never fails: it ends the program instead
	key, err := p.key(ctx, password, salt, p.params)
	if err != nil {
		return "", err
	}
	return p.params.encode(salt, key), nil
}

// verify compares a password with a hash. It makes exactly one hash, whatever it is given; without a hash to compare
// with the answer is no.
func (p *Passwords) verify(ctx context.Context, encoded, password string) (bool, error) {
	known := encoded != ""
	if !known {
		encoded = p.dummy
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		known, password = false, ""
	}
	params, salt, want, err := decode(encoded)
	if err != nil {
		return false, err
	}
	got, err := p.key(ctx, password, salt, params)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// outgrown tells whether a hash was made with less work than is done now.
func (p *Passwords) outgrown(encoded string) bool {
	had, _, _, err := decode(encoded)
	return err == nil && (had.Time < p.params.Time || had.Memory < p.params.Memory)
}

func (p *Passwords) key(ctx context.Context, password string, salt []byte, params Params) ([]byte, error) {
	waiting, stop := context.WithTimeout(ctx, queueing)
	defer stop()
	select {
	case p.slots <- struct{}{}:
	case <-waiting.Done():
		return nil, ErrBusy
	}
	defer func() { <-p.slots }()
	p.hashed.Add(1)
	// One password is typed in more than one way: é as one character or as two.
	return argon2.IDKey(norm.NFKC.Bytes([]byte(password)), salt, params.Time, params.Memory, params.Threads, keyBytes), nil
}

func (p Params) encode(salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.Memory, p.Time, p.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// decode reads a PHC string. What it refuses is damage: nobody but us writes them.
func decode(encoded string) (p Params, salt, key []byte, err error) {
	damaged := errors.New("the password hash in the database is damaged: give this account a new link with `plein user reset`")
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, damaged
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.Memory, &p.Time, &p.Threads); err != nil {
		return p, nil, nil, damaged
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	key, errKey := base64.RawStdEncoding.DecodeString(parts[5])
	if errSalt != nil || errKey != nil || len(salt) != saltBytes || len(key) != keyBytes ||
		p.Time < 1 || p.Time > 100 || p.Threads < 1 || p.Memory < 8 || p.Memory > 1<<20 {
		return p, nil, nil, damaged
	}
	return p, salt, key, nil
}

// CheckPassword tells whether somebody with this address and name may choose a password.
func CheckPassword(password, email, name string) error {
	password = norm.NFKC.String(password)
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return PasswordError{TooShort}
	case n > MaxPassword:
		return PasswordError{TooLong}
	case isPersonal(password, email, name):
		return PasswordError{Personal}
	case isCommon(password):
		return PasswordError{Common}
	}
	return nil
}
