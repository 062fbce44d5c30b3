package identity

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/guest"
	"github.com/udc-community/plein/ent/membership"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/session"
	"github.com/udc-community/plein/ent/user"
)

// How long a session lives.
const (
	// SessionIdle is how long it lives unused.
	SessionIdle = 8 * time.Hour
	// SessionLife is how long it lives at most.
	SessionLife = 24 * time.Hour
	// seenEvery is how exactly its use is noted.
	seenEvery = 5 * time.Minute
	// overlap is how long the former secret works after a renewal, for requests that were under way.
	overlap = 30 * time.Second
)

// ErrUnknownSession is the one answer to a session that does not exist or has ended.
var ErrUnknownSession = errors.New("this session is unknown or has ended: sign in again")

// Sessions keeps who is signed in.
type Sessions struct {
	Client *ent.Client
	// Begin starts a write.
	Begin func(context.Context) (*ent.Tx, error)
	Now   func() time.Time
}

// Session is a session as its owner may see it: without the secret.
type Session struct {
	ID         string    `json:"id"`
	CreatedAt  time.Time `json:"createdAt"`
	LastSeenAt time.Time `json:"lastSeenAt"`
	ExpiresAt  time.Time `json:"expiresAt"`
}

// newSecret is 256 random bits as text.
func newSecret() string {
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // crypto/rand never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// isSecret tells whether a text can be one of ours, so that nothing else reaches the database.
func isSecret(s string) bool {
	_, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(s) == 43
}

// beginSession makes a session and gives its secret, once.
func beginSession(ctx context.Context, tx *ent.Tx, now time.Time, userID string) (secret string, err error) {
	secret = newSecret()
	err = tx.Session.Create().SetID("ses_" + uuid.Must(uuid.NewV7()).String()).SetHash(hash(secret)).SetUserID(userID).
		SetCreatedAt(now.UnixMilli()).SetLastSeenAt(now.UnixMilli()).SetExpiresAt(now.Add(SessionLife).UnixMilli()).Exec(ctx)
	return secret, err
}

// Authenticate tells who holds the secret of a session. When renewed is not empty it takes the secret's place: what the
// person may do has changed since.
func (s *Sessions) Authenticate(ctx context.Context, secret string) (v Viewer, renewed string, err error) {
	if !isSecret(secret) {
		return Viewer{}, "", ErrUnknownSession
	}
	row, err := s.find(ctx, hash(secret))
	if err != nil {
		return Viewer{}, "", err
	}
	v, err = s.viewer(ctx, row)
	if err != nil {
		return Viewer{}, "", err
	}
	now := s.Now()
	switch {
	case row.Renew && row.Hash == hash(secret):
		renewed = s.renew(ctx, row, now)
	case now.Sub(time.UnixMilli(row.LastSeenAt)) > seenEvery:
		s.aside(ctx, func(tx *ent.Tx) (int, error) {
			return tx.Session.Update().Where(session.ID(row.ID)).SetLastSeenAt(now.UnixMilli()).Save(ctx)
		})
	}
	return v, renewed, nil
}

// find gives a session that is alive by a hash of its secret.
func (s *Sessions) find(ctx context.Context, hashed string) (*ent.Session, error) {
	row, err := s.Client.Session.Query().Where(session.Or(session.Hash(hashed), session.FormerHash(hashed))).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, ErrUnknownSession
	} else if err != nil {
		return nil, fmt.Errorf("look up session: %w", err)
	}
	now := s.Now()
	if !alive(row, now) || row.Hash != hashed && now.Sub(time.UnixMilli(row.RenewedAt)) >= overlap {
		return nil, ErrUnknownSession
	}
	return row, nil
}

func alive(row *ent.Session, now time.Time) bool {
	return now.UnixMilli() < row.ExpiresAt && now.Sub(time.UnixMilli(row.LastSeenAt)) < SessionIdle
}

// living is alive for a statement.
func living(now time.Time) predicate.Session {
	return session.And(session.ExpiresAtGT(now.UnixMilli()), session.LastSeenAtGT(now.Add(-SessionIdle).UnixMilli()))
}

// viewer reads what the owner of a session may do now.
func (s *Sessions) viewer(ctx context.Context, row *ent.Session) (Viewer, error) {
	u, err := s.Client.User.Query().Where(user.ID(row.UserID), user.State(string(Active))).Only(ctx)
	if ent.IsNotFound(err) {
		return Viewer{}, ErrUnknownSession
	} else if err != nil {
		return Viewer{}, fmt.Errorf("look up the user of a session: %w", err)
	}
	members, err := s.Client.Membership.Query().Where(membership.UserID(u.ID)).Order(membership.ByID()).All(ctx)
	if err != nil {
		return Viewer{}, fmt.Errorf("look up memberships: %w", err)
	}
	projects, err := s.Client.Guest.Query().Where(guest.UserID(u.ID)).Order(guest.ByID()).All(ctx)
	if err != nil {
		return Viewer{}, fmt.Errorf("look up guests: %w", err)
	}
	v := Viewer{UserID: u.ID, SessionID: row.ID, NodeAdmin: u.IsNodeAdmin, Moderator: u.IsModerator}
	v.Memberships, v.Guest = memberships(members), guests(projects)
	if len(v.Memberships) > 0 {
		v.OrganizationID = v.Memberships[0].OrganizationID
	}
	return v, nil
}

// renew gives a session a new secret. A node that cannot write, or that another request was ahead of, leaves the secret
// as it is: who is in stays in.
func (s *Sessions) renew(ctx context.Context, row *ent.Session, now time.Time) string {
	secret := newSecret()
	if s.aside(ctx, func(tx *ent.Tx) (int, error) {
		return tx.Session.Update().Where(session.ID(row.ID), session.Hash(row.Hash)).SetHash(hash(secret)).SetFormerHash(row.Hash).
			SetRenewedAt(now.UnixMilli()).SetLastSeenAt(now.UnixMilli()).SetRenew(false).Save(ctx)
	}) {
		return secret
	}
	return ""
}

// aside is a write that a reader does not have to wait for long, and that may fail. It tells whether a row was written.
func (s *Sessions) aside(ctx context.Context, do func(*ent.Tx) (int, error)) bool {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	tx, err := s.Begin(ctx)
	if err != nil {
		return false
	}
	n, err := do(tx)
	if err != nil {
		tx.Rollback() //nolint:errcheck // nothing was lost
		return false
	}
	return tx.Commit() == nil && n == 1
}

// List gives the living sessions of a user, newest first.
func (s *Sessions) List(ctx context.Context, userID string) ([]Session, error) {
	rows, err := s.Client.Session.Query().Where(session.UserID(userID), living(s.Now())).Order(ent.Desc(session.FieldCreatedAt, session.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	out := make([]Session, len(rows))
	for i, r := range rows {
		out[i] = fromSession(r)
	}
	return out, nil
}

func fromSession(r *ent.Session) Session {
	return Session{ID: r.ID, CreatedAt: at(r.CreatedAt), LastSeenAt: at(r.LastSeenAt), ExpiresAt: at(r.ExpiresAt)}
}

// End ends one session of a user, at once. Ending one that is no more, or is another's, is ErrUnknownSession.
func (s *Sessions) End(ctx context.Context, userID, sessionID string) error {
	tx, err := s.Begin(ctx)
	if err != nil {
		return err
	}
	n, err := tx.Session.Delete().Where(session.ID(sessionID), session.UserID(userID)).Exec(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("end session: %w", err), tx.Rollback())
	}
	if n == 0 {
		return errors.Join(ErrUnknownSession, tx.Rollback())
	}
	return tx.Commit()
}

// endSessions ends all of a user's sessions.
func endSessions(ctx context.Context, tx *ent.Tx, userID string) error {
	_, err := tx.Session.Delete().Where(session.UserID(userID)).Exec(ctx)
	return err
}

// renewSessions has all of a user's sessions get a new secret.
func renewSessions(ctx context.Context, tx *ent.Tx, userID string) error {
	return tx.Session.Update().Where(session.UserID(userID)).SetRenew(true).Exec(ctx)
}

// EndAll ends every session and every link, as after a restore: what was ended or used since the backup would live again.
func EndAll(ctx context.Context, tx *ent.Tx) error {
	if _, err := tx.Session.Delete().Exec(ctx); err != nil {
		return fmt.Errorf("end all sessions: %w", err)
	}
	if _, err := tx.Link.Delete().Exec(ctx); err != nil {
		return fmt.Errorf("end all links: %w", err)
	}
	if _, err := tx.OidcLogin.Delete().Exec(ctx); err != nil {
		return fmt.Errorf("end all sign-ins: %w", err)
	}
	return nil
}

func forgetSessions(ctx context.Context, tx *ent.Tx, now time.Time) error {
	_, err := tx.Session.Delete().Where(session.Not(living(now))).Exec(ctx)
	return err
}
