package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// storable connects to PostgreSQL and makes text that it cannot hold (a zero byte, half a character) into text that it
// can. Whoever asks for such an id or such a word then finds nothing, as on SQLite, instead of an error.
type storable struct{ driver.Connector }

func postgres(address string) (driver.Connector, error) {
	c, err := pgx.ParseConfig(address)
	if err != nil {
		// The address may hold a password, and what went wrong may repeat it.
		return nil, errors.New("open database: this is not an address of PostgreSQL; it looks like postgres://user@host/name")
	}
	return storable{stdlib.GetConnector(*c)}, nil
}

func (s storable) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := s.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return storableConn{c.(*stdlib.Conn)}, nil
}

type storableConn struct{ *stdlib.Conn }

// CheckNamedValue sees every argument of every statement.
func (c storableConn) CheckNamedValue(v *driver.NamedValue) error {
	switch s := v.Value.(type) {
	case string:
		v.Value = whole(s)
	case *string:
		if s != nil {
			v.Value = whole(*s)
		}
	}
	return c.Conn.CheckNamedValue(v)
}

func whole(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
