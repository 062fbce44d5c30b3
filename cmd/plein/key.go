package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/udc-community/plein/internal/federation"
)

type keyCmd struct {
	List        keyListCmd        `cmd:"" help:"Show the keys under which organisations publish."`
	Fingerprint keyFingerprintCmd `cmd:"" help:"Show the fingerprint of an organisation's key, to be compared by other administrators."`
	Rotate      keyRotateCmd      `cmd:"" help:"Let an organisation sign with the next key, the one that it promised."`
	Claim       keyClaimCmd       `cmd:"" help:"Say that this database is the one that is alive, after it was copied or moved."`
}

// publisherKey is a key as commands show it.
type publisherKey struct {
	Organization string    `json:"organization"`
	Name         string    `json:"name"`
	Fingerprint  string    `json:"fingerprint"`
	Key          string    `json:"key"`
	CreatedAt    time.Time `json:"createdAt"`
	Previous     int       `json:"previous"`
	IsElsewhere  bool      `json:"isElsewhere"`
}

// withFederation opens the database for a command about this node among others.
func (s *session) withFederation(do func(*house) error) error {
	if s.cli.Demo {
		return usagef("the demo publishes nothing to others, so it has no keys and no peers: leave out --demo")
	}
	if s.cli.BaseURL == "" {
		return usagef("say where this node is found with --base-url, as it does when it serves: what it signs names that address")
	}
	return s.with(false, do)
}

func (s *session) publisherKeys(h *house) ([]publisherKey, error) {
	if err := h.federation.MakeKeys(s.ctx); err != nil {
		return nil, err
	}
	keys, err := h.federation.Keys(s.ctx)
	if err != nil {
		return nil, err
	}
	out := []publisherKey{}
	for _, k := range keys {
		o := h.catalog.Reference().Organization(k.OrganizationID)
		out = append(out, publisherKey{Organization: o.Slug, Name: o.Name, Fingerprint: k.Fingerprint, Key: k.Key,
			CreatedAt: k.CreatedAt, Previous: k.Previous, IsElsewhere: k.IsElsewhere})
	}
	return out, nil
}

// keyOf finds the key of an organisation by its short name or id.
func (s *session) keyOf(h *house, organization string) (publisherKey, error) {
	keys, err := s.publisherKeys(h)
	if err != nil {
		return publisherKey{}, err
	}
	for _, k := range keys {
		if k.Organization == organization || h.catalog.Reference().OrganizationBySlug(k.Organization).ID == organization {
			return k, nil
		}
	}
	return publisherKey{}, fmt.Errorf("%s has no key: only an organisation that publishes here gets one (see plein key list)", organization)
}

type keyListCmd struct{}

func (keyListCmd) Help() string {
	return "Example:\n  plein key list --base-url https://plein.example.nl"
}

func (keyListCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error {
		keys, err := s.publisherKeys(h)
		if err != nil {
			return err
		}
		return s.result(keys, func(w io.Writer) {
			for _, k := range keys {
				note := ""
				if k.IsElsewhere {
					note = "  does not sign here: see plein key claim --help"
				}
				fmt.Fprintf(w, "%-24s %s  %s%s\n", k.Organization, k.Fingerprint, k.CreatedAt.Format(time.DateOnly), note)
			}
		})
	})
}

type keyFingerprintCmd struct {
	Organization string `arg:"" help:"Short name or id of the organisation."`
}

func (keyFingerprintCmd) Help() string {
	return "Read it aloud to the administrator of the other node, or print it: not through a channel that somebody else could write to.\n\nExample:\n  plein key fingerprint udc-voorbeeld --base-url https://plein.example.nl"
}

func (c keyFingerprintCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error {
		k, err := s.keyOf(h, c.Organization)
		if err != nil {
			return err
		}
		return s.result(k, func(w io.Writer) { fmt.Fprintln(w, k.Fingerprint) })
	})
}

type keyRotateCmd struct {
	Organization string `arg:"" help:"Short name or id of the organisation."`
}

func (keyRotateCmd) Help() string {
	return "The present key signs that the promised one takes its place, and is wiped. Other nodes follow by themselves: the new key is the one that they were promised. A running Plein notices.\n\nExample:\n  plein key rotate udc-voorbeeld --base-url https://plein.example.nl"
}

func (c keyRotateCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error {
		k, err := s.keyOf(h, c.Organization)
		if err != nil {
			return err
		}
		if err := h.federation.Rotate(s.ctx, h.catalog.Reference().OrganizationBySlug(k.Organization).ID); err != nil {
			return err
		}
		if k, err = s.keyOf(h, c.Organization); err != nil {
			return err
		}
		return s.result(k, func(w io.Writer) { fmt.Fprintln(w, k.Fingerprint) })
	})
}

type keyClaimCmd struct{}

func (keyClaimCmd) Help() string {
	return "A database that was copied or moved signs nothing, because two of them would tell other nodes different things under one name. First make sure that the other one never runs again with its keys. Other nodes then read everything once more.\n\nExample:\n  plein key claim --base-url https://plein.example.nl"
}

func (keyClaimCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error {
		claimed, err := h.federation.Claim(s.ctx)
		if err != nil {
			return err
		}
		return s.result(map[string]bool{"claimed": claimed}, func(w io.Writer) {
			if claimed {
				fmt.Fprintln(w, "The keys sign here from now on, in a new epoch.")
			} else {
				fmt.Fprintln(w, "Nothing had to change: the keys signed here already.")
			}
		})
	})
}

// adviceOnKeys says what an administrator can do about keys that do not sign.
func adviceOnKeys(err error) string {
	if errors.Is(err, federation.ErrElsewhere) {
		return "if the other one is gone for good, run plein key claim"
	}
	return "until then nothing that is published reaches other nodes"
}
