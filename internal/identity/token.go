package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/token"
)

// MaxTokenLife is how long a token can live.
const MaxTokenLife = 366 * 24 * time.Hour

// ErrUnknownToken is the one answer to a token that does not exist, has ended or was taken back.
var ErrUnknownToken = errors.New("this token is unknown or has ended")

const secretPrefix = "plein_"

// Tokens keeps the tokens of programs.
type Tokens struct {
	Client *ent.Client
	// Begin starts a write.
	Begin func(context.Context) (*ent.Tx, error)
	Now   func() time.Time
}

// Token is a token as its owner may see it: without the secret, which nobody can read back.
type Token struct {
	ID             string
	Name           string
	OrganizationID string
	Scopes         []Scope
	CreatedAt      time.Time
	ExpiresAt      time.Time
	LastUsedAt     time.Time
	RevokedAt      time.Time
}

// Create makes a token for an organisation and gives its secret, once.
func (t *Tokens) Create(ctx context.Context, organizationID, name string, scopes []Scope, life time.Duration) (secret string, made *Token, err error) {
	if len(scopes) == 0 {
		return "", nil, errors.New("create token: give at least one scope")
	}
	for _, s := range scopes {
		if !slices.Contains(Scopes, s) {
			return "", nil, fmt.Errorf("create token: there is no scope %q", s)
		}
	}
	if life <= 0 || life > MaxTokenLife {
		return "", nil, fmt.Errorf("create token: it can live for 1 to %d days", int(MaxTokenLife.Hours()/24))
	}
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // crypto/rand never fails: it ends the program instead
	secret = secretPrefix + base64.RawURLEncoding.EncodeToString(b)
	now := t.Now()
	tx, err := t.Begin(ctx)
	if err != nil {
		return "", nil, err
	}
	row, err := tx.Token.Create().SetID("tok_" + uuid.Must(uuid.NewV7()).String()).SetHash(hash(secret)).SetName(name).
		SetOrganizationID(organizationID).SetScopes(texts(scopes)).SetCreatedAt(now.UnixMilli()).SetExpiresAt(now.Add(life).UnixMilli()).Save(ctx)
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("create token: %w", err), tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return "", nil, fmt.Errorf("create token: %w", err)
	}
	return secret, fromRow(row), nil
}

// Authenticate tells who holds a secret. Secrets have 256 random bits, so a plain hash is enough and looking one up
// takes the same work whether it exists or not.
func (t *Tokens) Authenticate(ctx context.Context, secret string) (Viewer, error) {
	if !strings.HasPrefix(secret, secretPrefix) || len(secret) > 100 {
		return Viewer{}, ErrUnknownToken
	}
	row, err := t.Client.Token.Query().Where(token.Hash(hash(secret))).Only(ctx)
	if ent.IsNotFound(err) {
		return Viewer{}, ErrUnknownToken
	} else if err != nil {
		return Viewer{}, fmt.Errorf("look up token: %w", err)
	}
	now := t.Now().UnixMilli()
	if row.RevokedAt != 0 || now >= row.ExpiresAt {
		return Viewer{}, ErrUnknownToken
	}
	if now-row.LastUsedAt > time.Hour.Milliseconds() {
		t.touch(ctx, row.ID, now)
	}
	return Viewer{TokenID: row.ID, OrganizationID: row.OrganizationID, Scopes: scopes(row.Scopes)}, nil
}

// patience is how long a reader waits for the note that a token is in use.
const patience = time.Second

// touch notes that a token is in use, to the hour. A node that cannot write, or is busy writing, still lets the token in.
func (t *Tokens) touch(ctx context.Context, id string, now int64) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	tx, err := t.Begin(ctx)
	if err != nil {
		return
	}
	if err := tx.Token.UpdateOneID(id).SetLastUsedAt(now).Exec(ctx); err != nil {
		tx.Rollback() //nolint:errcheck // nothing was lost
		return
	}
	tx.Commit() //nolint:errcheck // nothing was lost
}

// List gives the tokens of an organisation, newest first.
func (t *Tokens) List(ctx context.Context, organizationID string) ([]*Token, error) {
	rows, err := t.Client.Token.Query().Where(token.OrganizationID(organizationID)).Order(token.ByCreatedAt()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	out := make([]*Token, len(rows))
	for i, r := range rows {
		out[len(rows)-1-i] = fromRow(r)
	}
	return out, nil
}

// Revoke takes a token back at once.
func (t *Tokens) Revoke(ctx context.Context, id string) error {
	tx, err := t.Begin(ctx)
	if err != nil {
		return err
	}
	n, err := tx.Token.Update().Where(token.ID(id), token.RevokedAt(0)).SetRevokedAt(t.Now().UnixMilli()).Save(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("revoke token: %w", err), tx.Rollback())
	}
	if n == 0 {
		return errors.Join(ErrUnknownToken, tx.Rollback())
	}
	return tx.Commit()
}

func hash(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

func fromRow(r *ent.Token) *Token {
	at := func(ms int64) time.Time {
		if ms == 0 {
			return time.Time{}
		}
		return time.UnixMilli(ms).UTC()
	}
	return &Token{ID: r.ID, Name: r.Name, OrganizationID: r.OrganizationID, Scopes: scopes(r.Scopes),
		CreatedAt: at(r.CreatedAt), ExpiresAt: at(r.ExpiresAt), LastUsedAt: at(r.LastUsedAt), RevokedAt: at(r.RevokedAt)}
}

func texts(ss []Scope) []string {
	out := make([]string, len(ss))
	for i, s := range ss {
		out[i] = string(s)
	}
	return out
}

func scopes(ss []string) []Scope {
	out := make([]Scope, len(ss))
	for i, s := range ss {
		out[i] = Scope(s)
	}
	return out
}
