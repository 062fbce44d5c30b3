package identity

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/oidclogin"
)

// Addresses of signing in with OpenID Connect.
const (
	// OIDCPath is where it begins.
	OIDCPath = "/inloggen/oidc"
	// OIDCReturnPath is where the provider sends the browser back.
	OIDCReturnPath = OIDCPath + "/terug"
	// OIDCKeysPath is where the provider finds the public key of this node.
	OIDCKeysPath = OIDCPath + "/sleutels.json"
)

// oidcPurpose is what beginnings are counted under, by network.
const oidcPurpose = "oidc"

// OIDCLife is how long somebody has to sign in at the provider.
const OIDCLife = 10 * time.Minute

// Refusals of a sign-in with OpenID Connect.
var (
	// ErrOIDCUnavailable says that the provider cannot be reached, or is not set up as this node needs it.
	ErrOIDCUnavailable = errors.New("the OpenID Connect provider is not available")
	// ErrOIDCRefused is the one answer to a response that is not right, whatever is not right about it.
	ErrOIDCRefused = errors.New("this sign-in with OpenID Connect is refused")
	// ErrOIDCNoAccount says that the provider knows the person and this node does not.
	ErrOIDCNoAccount = errors.New("there is no account for this person: ask the administrator of the organisation for an invitation")
)

// OIDCConfig says how this node is registered with a provider. It has either a Key or a ClientSecret; the NL GOV profile
// of OpenID Connect allows the key alone.
type OIDCConfig struct {
	Issuer, ClientID string
	// Key is PEM: a private key on P-256, or of RSA with at least 2,048 bits, and possibly a certificate of it.
	Key          []byte
	ClientSecret string
	// Name is what people know the provider by.
	Name string
}

// OIDC lets people sign in with an OpenID Connect provider: the authorization code flow with PKCE.
type OIDC struct {
	config   OIDCConfig
	key      *oidcKey // nil where there is a secret
	accounts *Accounts
	client   *http.Client

	mu       sync.Mutex
	provider *oidcProvider // nil until it was reached
	failure  error         // of the last attempt to reach it
	tryAt    time.Time     // when to read again what the provider says of itself
}

// NewOIDC checks a configuration. It does not need the provider to be there.
func NewOIDC(c OIDCConfig, a *Accounts) (*OIDC, error) {
	c.Name = cmp.Or(c.Name, "OpenID Connect")
	switch {
	case c.ClientID == "":
		return nil, errors.New("the id of this client at the provider is missing")
	case !isSecure(c.Issuer, true):
		return nil, errors.New("the issuer must be an address that begins with https://")
	case !isSecure(a.BaseURL, true):
		return nil, fmt.Errorf("the provider sends people back to %s: that must be an address that begins with https://", a.BaseURL)
	case (len(c.Key) == 0) == (c.ClientSecret == ""):
		return nil, errors.New("give either a key or a secret of this client")
	}
	o := &OIDC{config: c, accounts: a, client: oidcClient()}
	if len(c.Key) > 0 {
		var err error
		if o.key, err = parseOIDCKey(c.Key); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// Name is what people know the provider by; empty where there is none.
func (o *OIDC) Name() string {
	if o == nil {
		return ""
	}
	return o.config.Name
}

// KeySet is the public key of this node as a JSON Web Key Set, for the provider; nil where there is a secret.
func (o *OIDC) KeySet() []byte {
	if o.key == nil {
		return nil
	}
	return o.key.set
}

// OIDCRequest is a sign-in that begins.
type OIDCRequest struct {
	// URL is the page of the provider to go to.
	URL string
	// Browser is a secret for the browser to keep until it comes back.
	Browser string
}

// Begin prepares a sign-in after which the browser goes on to the local page next.
//
// Errors: ErrOIDCUnavailable, ThrottledError.
func (o *OIDC) Begin(ctx context.Context, next string, from netip.Prefix) (*OIDCRequest, error) {
	p, err := o.reach(ctx)
	if err != nil {
		return nil, err
	}
	state, nonce, browser, verifier := newSecret(), newSecret(), newSecret(), oauth2.GenerateVerifier()
	err = o.accounts.write(ctx, "begin a sign-in with OpenID Connect", func(tx *ent.Tx) error {
		if err := o.accounts.admitAddress(ctx, tx, oidcPurpose, from); err != nil {
			return err
		}
		return tx.OidcLogin.Create().SetStateHash(hash(state)).SetBrowserHash(hash(browser)).SetNonce(nonce).SetVerifier(verifier).
			SetNext(next).SetExpiresAt(o.accounts.Now().Add(OIDCLife).UnixMilli()).Exec(ctx)
	})
	if err != nil {
		return nil, err
	}
	return &OIDCRequest{URL: p.oauth.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), Browser: browser}, nil
}

// OIDCResponse is what a browser brings back from the provider.
type OIDCResponse struct {
	Code, State string
	// Issuer is the parameter iss of RFC 9207, empty where it is left out.
	Issuer string
	// Error is the code of an error, empty when all went well.
	Error string
	// Browser is the secret that the browser was given to keep.
	Browser string
	// From is the network that the browser is in.
	From netip.Prefix
}

// Finish gives the secret of a new session to somebody whom the provider vouches for, and the page to go on to; of a
// refusal too, where it is known. A response is used up by the first attempt.
//
// Errors: ErrOIDCUnavailable, ErrOIDCRefused, ErrOIDCNoAccount.
func (o *OIDC) Finish(ctx context.Context, r OIDCResponse) (session, next string, err error) {
	login, err := o.claim(ctx, r)
	if err != nil {
		return "", "", err
	}
	who, err := o.redeem(ctx, r, login)
	if err != nil {
		return "", login.Next, err
	}
	session, err = o.accounts.enterAs(ctx, who, r.From)
	return session, login.Next, err
}

// claim finds the sign-in that a response belongs to and takes it away, so that no response counts twice. A state that
// another browser began with is as unknown as one that nobody did.
func (o *OIDC) claim(ctx context.Context, r OIDCResponse) (login *ent.OidcLogin, err error) {
	if !isSecret(r.State) || !isSecret(r.Browser) {
		return nil, fmt.Errorf("%w: it does not belong to this browser", ErrOIDCRefused)
	}
	err = o.accounts.write(ctx, "finish a sign-in with OpenID Connect", func(tx *ent.Tx) error {
		login, err = tx.OidcLogin.Query().Where(oidclogin.StateHash(hash(r.State)), oidclogin.BrowserHash(hash(r.Browser))).Only(ctx)
		if ent.IsNotFound(err) {
			return fmt.Errorf("%w: it does not belong to this browser, or was used", ErrOIDCRefused)
		} else if err != nil {
			return err
		}
		n, err := tx.OidcLogin.Delete().Where(oidclogin.ID(login.ID)).Exec(ctx)
		if err == nil && n != 1 {
			err = fmt.Errorf("%w: it was used", ErrOIDCRefused)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if o.accounts.Now().UnixMilli() >= login.ExpiresAt {
		return nil, fmt.Errorf("%w: it took too long", ErrOIDCRefused)
	}
	return login, nil
}

// redeem turns the code of a response into who the provider says that this is.
func (o *OIDC) redeem(ctx context.Context, r OIDCResponse, login *ent.OidcLogin) (*oidcPerson, error) {
	p, err := o.reach(ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case r.Issuer != "" && r.Issuer != o.config.Issuer, r.Issuer == "" && p.NamesIssuer:
		return nil, fmt.Errorf("%w: it comes from another provider", ErrOIDCRefused)
	case r.Error != "":
		return nil, fmt.Errorf("%w: the provider says %s", ErrOIDCRefused, errorCode(r.Error))
	case r.Code == "":
		return nil, fmt.Errorf("%w: it has no code", ErrOIDCRefused)
	}
	ctx, stop := context.WithTimeout(oidc.ClientContext(ctx, o.client), oidcPatience)
	defer stop()
	token, err := o.exchange(ctx, p, r.Code, login.Verifier)
	if err != nil {
		return nil, err
	}
	raw, _ := token.Extra("id_token").(string)
	who, err := o.verify(ctx, p, raw, token.AccessToken, login.Nonce)
	if err != nil {
		return nil, err
	}
	return who, o.complete(ctx, p, token, who)
}

// exchange gives the code to the provider, which proves who this node is and that it is the one that began.
func (o *OIDC) exchange(ctx context.Context, p *oidcProvider, code, verifier string) (*oauth2.Token, error) {
	options := []oauth2.AuthCodeOption{oauth2.VerifierOption(verifier)}
	if o.key != nil {
		assertion, err := o.key.assertion(p.keyAlgorithm, o.config.ClientID, p.oauth.Endpoint.TokenURL, o.accounts.Now())
		if err != nil {
			return nil, err
		}
		options = append(options, oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
			oauth2.SetAuthURLParam("client_assertion", assertion))
	}
	token, err := p.oauth.Exchange(ctx, code, options...)
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError:
		return nil, fmt.Errorf("%w: the provider does not take the code: %d %s", ErrOIDCRefused, refused.Response.StatusCode, errorCode(refused.ErrorCode))
	case errors.As(err, &refused):
		return nil, fmt.Errorf("%w: its token endpoint answers %d", ErrOIDCUnavailable, refused.Response.StatusCode)
	case err != nil:
		return nil, fmt.Errorf("%w: %s", ErrOIDCUnavailable, remark(err))
	case token.Type() != "Bearer":
		return nil, fmt.Errorf("%w: the access token is of another type", ErrOIDCRefused)
	}
	return token, nil
}

// oidcSkew is how far the clocks of the provider and this node may differ, and oidcAge how old an ID token may be: it
// was made for this sign-in a moment ago.
const (
	oidcSkew = time.Minute
	oidcAge  = 10 * time.Minute
)

// verify reads an ID token by the rules of OpenID Connect Core 3.1.3.7, of which go-oidc checks the signature, its
// algorithm, the issuer, that this node is in the audience, and the end.
func (o *OIDC) verify(ctx context.Context, p *oidcProvider, raw, accessToken, nonce string) (*oidcPerson, error) {
	if raw == "" {
		return nil, fmt.Errorf("%w: there is no ID token", ErrOIDCRefused)
	}
	t, err := p.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("%w: the ID token: %s", ErrOIDCRefused, remark(err))
	}
	var claims struct {
		AuthorizedParty string  `json:"azp"`
		NotBefore       float64 `json:"nbf"`
		oidcPerson
	}
	if err := t.Claims(&claims); err != nil {
		return nil, fmt.Errorf("%w: the claims of the ID token cannot be read", ErrOIDCRefused)
	}
	latest := o.accounts.Now().Add(oidcSkew)
	var wrong string
	switch {
	case subtle.ConstantTimeCompare([]byte(t.Nonce), []byte(nonce)) != 1:
		wrong = "is of another sign-in"
	case len(t.Audience) != 1:
		wrong = "is also for others, whom this node does not know"
	case claims.AuthorizedParty != "" && claims.AuthorizedParty != o.config.ClientID:
		wrong = "was given to another client"
	case t.IssuedAt.After(latest), time.Unix(int64(claims.NotBefore), 0).After(latest):
		wrong = "is from the future"
	case t.IssuedAt.Before(o.accounts.Now().Add(-oidcAge)):
		wrong = "is old"
	case t.Subject == "" || len(t.Subject) > 255:
		wrong = "names nobody"
	case t.AccessTokenHash != "" && t.VerifyAccessToken(accessToken) != nil:
		wrong = "belongs to another access token"
	}
	if wrong != "" {
		return nil, fmt.Errorf("%w: the ID token %s", ErrOIDCRefused, wrong)
	}
	who := claims.oidcPerson
	who.issuer, who.subject = o.config.Issuer, t.Subject
	return &who, nil
}

// complete asks the provider for the address of somebody who was not here before, where the ID token does not have it.
func (o *OIDC) complete(ctx context.Context, p *oidcProvider, token *oauth2.Token, who *oidcPerson) error {
	if who.Email != "" || p.UserInfoEndpoint() == "" {
		return nil
	}
	if known, err := o.accounts.knows(ctx, who); err != nil || known {
		return err
	}
	info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("%w: its userinfo endpoint gives no answer that can be read", ErrOIDCUnavailable) // what it gives may be personal
	}
	if info.Subject != who.subject {
		return fmt.Errorf("%w: the userinfo is about somebody else", ErrOIDCRefused)
	}
	*who = oidcPerson{issuer: who.issuer, subject: who.subject}
	if err := info.Claims(who); err != nil {
		return fmt.Errorf("%w: the claims of the userinfo cannot be read", ErrOIDCRefused)
	}
	return nil
}

// errorCode is a code of OAuth for the log. Anything else that a stranger, or a provider, writes there is left out.
func errorCode(s string) string {
	for _, r := range s {
		if r != '_' && (r < 'a' || r > 'z') {
			return "something else"
		}
	}
	return s[:min(len(s), 64)]
}

// remark is an error about the provider as far as it fits in a log: some quote whole pages.
func remark(err error) string {
	s := err.Error()
	return strings.ToValidUTF8(s[:min(len(s), 300)], "")
}

// isSecure tells whether an address is of HTTPS; for a try-out also of HTTP on this machine.
func isSecure(address string, tryOut bool) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	ip, _ := netip.ParseAddr(u.Hostname())
	return tryOut && u.Scheme == "http" && (u.Hostname() == "localhost" || ip.IsLoopback())
}

func forgetOIDC(ctx context.Context, tx *ent.Tx, now time.Time) error {
	_, err := tx.OidcLogin.Delete().Where(oidclogin.ExpiresAtLTE(now.UnixMilli())).Exec(ctx)
	return err
}
