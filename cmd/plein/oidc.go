package main

import (
	"fmt"
	"os"

	"github.com/udc-community/plein/internal/identity"
)

// oidcFlags say with which OpenID Connect provider people can sign in, beside their password.
type oidcFlags struct {
	OIDCIssuer       string `name:"oidc-issuer" help:"OpenID Connect provider with which people can sign in too." env:"PLEIN_OIDC_ISSUER" placeholder:"URL"`
	OIDCClientID     string `name:"oidc-client-id" help:"Id of this node at the provider." env:"PLEIN_OIDC_CLIENT_ID" placeholder:"ID"`
	OIDCKey          string `name:"oidc-key" help:"File in PEM with the private key by which the provider knows this node." env:"PLEIN_OIDC_KEY" placeholder:"FILE"`
	OIDCClientSecret string `name:"oidc-client-secret" help:"Secret of this node at a provider that takes no key. The NL GOV profile does not allow it; better not on the command line, where others see it." env:"PLEIN_OIDC_CLIENT_SECRET" placeholder:"SECRET"`
	OIDCName         string `name:"oidc-name" help:"Name of the provider on the button." default:"OpenID Connect" env:"PLEIN_OIDC_NAME" placeholder:"NAME"`
}

// provider is the one that people can sign in with; nil where there is none.
func (f oidcFlags) provider(h *house) (*identity.OIDC, error) {
	if f.OIDCIssuer == "" {
		if f.OIDCClientID != "" || f.OIDCKey != "" || f.OIDCClientSecret != "" {
			return nil, usagef("--oidc-issuer is missing: say which provider the other --oidc flags are about")
		}
		return nil, nil
	}
	c := identity.OIDCConfig{Issuer: f.OIDCIssuer, ClientID: f.OIDCClientID, ClientSecret: f.OIDCClientSecret, Name: f.OIDCName}
	if f.OIDCKey != "" {
		var err error
		if c.Key, err = os.ReadFile(f.OIDCKey); err != nil {
			return nil, fmt.Errorf("read --oidc-key: %w", err)
		}
	}
	o, err := identity.NewOIDC(c, h.accounts)
	if err != nil {
		return nil, usagef("--oidc-issuer and what belongs to it: %v", err)
	}
	return o, nil
}
