package graph

import (
	"context"
	"log/slog"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/files"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/search"
)

// Resolver answers the contract from the catalogue and the index.
type Resolver struct {
	Catalog *catalog.Catalog
	Index   *search.Index
	// Accounts, Sessions and Tokens keep people and programs. They check no rights: resolvers ask policy first.
	Accounts *identity.Accounts
	Sessions *identity.Sessions
	Tokens   *identity.Tokens
	Files    *files.Files
	// Federation is this node among others; nil where it is by itself.
	Federation *federation.Federation
	// OpenIDName is what the service is called by which people can sign in with OpenID Connect; empty when there is none.
	OpenIDName string
	Now        func() time.Time
	Logger     *slog.Logger
	// Version is that of the software.
	Version string
	// Demo tells that the catalogue is the invented one.
	Demo bool
	// Full tells whether an error means that the node has no room to write.
	Full func(error) bool
	// RequestID and Budget read what the HTTP edge put in the context.
	RequestID func(context.Context) string
	Budget    func(context.Context) Budget
}

// Budget is what the caller may still ask, in points.
type Budget struct {
	Limit, Remaining, Used int
	ResetAt                time.Time
}
