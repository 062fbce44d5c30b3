package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/udc-community/plein/internal/record"
)

var schemaVersion = sync.OnceValue(func() string {
	h := sha256.Sum256(SDL())
	return hex.EncodeToString(h[:8])
})

func (r *Resolver) service(ctx context.Context) (*ServiceInfo, error) {
	at, err := r.Index.Position(ctx)
	if err != nil {
		return nil, err
	}
	return &ServiceInfo{
		Name: "Plein", SoftwareVersion: r.Version, SchemaVersion: schemaVersion(), Languages: []string{record.Dutch, record.English},
		Documentation: r.Catalog.BaseURL + "/api", IndexLag: int(max(0, r.Catalog.Log.Seen()-at)), IsDemo: r.Demo,
	}, nil
}
