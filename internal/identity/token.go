package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/token"
	"github.com/udc-community/plein/internal/changelog"
)

// MaxTokenLife is how long a token can live.
const MaxTokenLife = 366 * 24 * time.Hour

// ErrUnknownToken is the one answer to a token that does not exist, has ended or was taken back.
var ErrUnknownToken = errors.New("this token is unknown or has ended")

const (
	secretPrefix  = "plein_"
	tokenIDPrefix = "tok_"
)

// Tokens keeps the tokens of programs.
type Tokens struct {
	Client *ent.Client
	// Begin starts a write that may take numbers of the log, Aside one that takes none and does not wait for those that do.
	Begin, Aside func(context.Context) (*ent.Tx, error)
	Now          func() time.Time
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

// IsNode marks what has an id of its own in the public contract.
func (*Token) IsNode() {}

// Create makes a token for an organisation and gives its secret, once.
//
// Errors: ErrName, ErrTooMany.
func (t *Tokens) Create(ctx context.Context, organizationID, name string, scopes []Scope, life time.Duration) (secret string, made *Token, err error) {
	if name, err = cleanName(name); err != nil {
		return "", nil, err
	}
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
	secret = secretPrefix + newSecret()
	now := t.Now()
	err = write(ctx, t.Begin, "create token", func(tx *ent.Tx) error {
		if err := room(tx.Token.Query().Where(token.OrganizationID(organizationID), t.working()).Count(ctx)); err != nil {
			return err
		}
		row, err := tx.Token.Create().SetID(tokenIDPrefix + uuid.Must(uuid.NewV7()).String()).SetHash(hash(secret)).SetName(name).
			SetOrganizationID(organizationID).SetScopes(texts(scopes)).SetCreatedAt(now.UnixMilli()).SetExpiresAt(now.Add(life).UnixMilli()).Save(ctx)
		if err != nil {
			return err
		}
		made = fromRow(row)
		return t.log(ctx, tx, row, "token made: "+strings.Join(row.Scopes, " "))
	})
	if err != nil {
		return "", nil, err
	}
	return secret, made, nil
}

// working are tokens that have not ended and were not taken back.
func (t *Tokens) working() predicate.Token {
	return token.And(token.RevokedAt(0), token.ExpiresAtGT(t.Now().UnixMilli()))
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
	tx, err := t.Aside(ctx)
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

// Names gives the names of tokens, also of those that ended, by their ids: of those among which, in one statement.
func (t *Tokens) Names(ctx context.Context, ids []string, which predicate.Token) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := t.Client.Token.Query().Where(token.IDIn(ids...), which).Select(token.FieldID, token.FieldName).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up the names of tokens: %w", err)
	}
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, nil
}

// Makers tells who made the programs among actors, by their ids: they had the secret, so they may speak through it. It
// takes a statement where there are any.
func Makers(ctx context.Context, changes *ent.ChangeClient, actors ...string) (map[string]string, error) {
	ids := slices.DeleteFunc(slices.Clone(actors), func(id string) bool { return !strings.HasPrefix(id, tokenIDPrefix) })
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := changes.Query().Where(change.RecordIDIn(ids...), change.Kind(string(changelog.Account))).Order(change.ByID(sql.OrderDesc())).
		Select(change.FieldRecordID, change.FieldActor).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up who made tokens: %w", err)
	}
	out := map[string]string{}
	for _, r := range rows {
		out[r.RecordID] = r.Actor // the first line of a token stays
	}
	return out, nil
}

// Working gives the tokens of organisations that work, by organisation and newest first, in one statement.
func (t *Tokens) Working(ctx context.Context, organizationIDs []string) (map[string][]*Token, error) {
	rows, err := t.Client.Token.Query().Where(token.OrganizationIDIn(organizationIDs...), t.working()).
		Order(ent.Desc(token.FieldCreatedAt, token.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	out := map[string][]*Token{}
	for _, r := range rows {
		out[r.OrganizationID] = append(out[r.OrganizationID], fromRow(r))
	}
	return out, nil
}

// Find gives tokens by their ids, also those that ended; what is not there is left out.
func (t *Tokens) Find(ctx context.Context, ids []string) ([]*Token, error) {
	rows, err := t.Client.Token.Query().Where(token.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up tokens: %w", err)
	}
	out := make([]*Token, len(rows))
	for i, r := range rows {
		out[i] = fromRow(r)
	}
	return out, nil
}

// Revoke takes a token back at once.
func (t *Tokens) Revoke(ctx context.Context, id string) error {
	return write(ctx, t.Begin, "revoke token", func(tx *ent.Tx) error {
		n, err := tx.Token.Update().Where(token.ID(id), token.RevokedAt(0)).SetRevokedAt(t.Now().UnixMilli()).Save(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrUnknownToken
		}
		row, err := tx.Token.Get(ctx, id)
		if err != nil {
			return err
		}
		return t.log(ctx, tx, row, "token taken back")
	})
}

// log notes what was done with a token.
func (t *Tokens) log(ctx context.Context, tx *ent.Tx, row *ent.Token, what string) error {
	_, err := changelog.Append(ctx, tx, t.Now(), changelog.Change{Kind: changelog.Account, RecordID: row.ID, PublisherID: row.OrganizationID,
		Actor: From(ctx).Actor(), Reason: what})
	return err
}

func hash(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

func fromRow(r *ent.Token) *Token {
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
