package identity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	// oidcPatience is how long an answer of the provider may take.
	oidcPatience = 10 * time.Second
	// oidcFresh is how long what a provider says of itself, and its keys, are believed.
	oidcFresh = time.Hour
	// oidcRetry is how long nobody asks again after it could not be read.
	oidcRetry = 5 * time.Second
	// oidcAnswer is the size of the longest answer that is read, in bytes.
	oidcAnswer = 1 << 20
)

// oidcProvider is a provider as it describes itself.
type oidcProvider struct {
	*oidc.Provider
	oidcMetadata
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	// keyAlgorithm is what this node signs with to show who it is.
	keyAlgorithm string
}

// oidcMetadata is what go-oidc does not look at, by the names of OpenID Connect Discovery, RFC 8414 and RFC 9207.
type oidcMetadata struct {
	SigningAlgorithms []string `json:"id_token_signing_alg_values_supported"`
	AuthMethods       []string `json:"token_endpoint_auth_methods_supported"`
	AuthAlgorithms    []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	ChallengeMethods  []string `json:"code_challenge_methods_supported"`
	KeySetURL         string   `json:"jwks_uri"`
	NamesIssuer       bool     `json:"authorization_response_iss_parameter_supported"`
}

// reach gives the provider as it described itself in the last hour. One that is down is asked again now and then, by
// whoever wants to sign in; meanwhile what it said before is believed.
func (o *OIDC) reach(ctx context.Context) (*oidcProvider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.accounts.Now().Before(o.tryAt) {
		found, err := o.discover(ctx)
		now := o.accounts.Now() // those who waited here for an answer that did not come do not each wait for another
		o.failure, o.tryAt = err, now.Add(oidcRetry)
		if err == nil {
			o.provider, o.tryAt = found, now.Add(oidcFresh)
		}
	}
	if o.provider == nil {
		return nil, o.failure
	}
	return o.provider, nil
}

// discover reads what the provider says of itself. Somebody who goes away does not stop it: others wait for it too.
func (o *OIDC) discover(ctx context.Context) (*oidcProvider, error) {
	ctx, stop := context.WithTimeout(oidc.ClientContext(context.WithoutCancel(ctx), o.client), oidcPatience)
	defer stop()
	found, err := oidc.NewProvider(ctx, o.config.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrOIDCUnavailable, remark(err))
	}
	p := &oidcProvider{Provider: found}
	if err := found.Claims(&p.oidcMetadata); err != nil {
		return nil, fmt.Errorf("%w: what it says of itself: %s", ErrOIDCUnavailable, remark(err))
	}
	if err := o.settle(p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOIDCUnavailable, err)
	}
	return p, nil
}

// settle chooses how to work with a provider: the best that both can, and never less than is safe.
func (o *OIDC) settle(p *oidcProvider) error {
	tryOut := !isSecure(o.config.Issuer, false)
	endpoint := p.Endpoint()
	for _, address := range []string{endpoint.AuthURL, endpoint.TokenURL, p.KeySetURL} {
		if !isSecure(address, tryOut) {
			return fmt.Errorf("its address %q is not one of https://", address)
		}
	}
	if u := p.UserInfoEndpoint(); u != "" && !isSecure(u, tryOut) {
		return fmt.Errorf("its address %q is not one of https://", u)
	}
	// Some that can do PKCE do not say so.
	if len(p.ChallengeMethods) > 0 && !slices.Contains(p.ChallengeMethods, "S256") {
		return errors.New("it does not do PKCE with S256")
	}
	if len(p.SigningAlgorithms) == 0 {
		p.SigningAlgorithms = []string{oidc.RS256}
	}
	algorithms := both([]string{oidc.ES256, oidc.PS256, oidc.RS256}, p.SigningAlgorithms)
	if len(algorithms) == 0 {
		return errors.New("it signs with none of ES256, PS256 and RS256")
	}
	style, err := o.authenticate(p)
	if err != nil {
		return err
	}
	endpoint.AuthStyle = style
	p.oauth = oauth2.Config{ClientID: o.config.ClientID, ClientSecret: o.config.ClientSecret, Endpoint: endpoint,
		RedirectURL: strings.TrimRight(o.accounts.BaseURL, "/") + OIDCReturnPath, Scopes: []string{oidc.ScopeOpenID, oidc.ScopeEmail, oidc.ScopeProfile}}
	p.verifier = p.Verifier(&oidc.Config{ClientID: o.config.ClientID, SupportedSigningAlgs: algorithms, Now: o.accounts.Now})
	return nil
}

// authenticate chooses how this node shows who it is.
func (o *OIDC) authenticate(p *oidcProvider) (oauth2.AuthStyle, error) {
	takes := func(method string) bool { return len(p.AuthMethods) == 0 || slices.Contains(p.AuthMethods, method) }
	switch {
	case o.key != nil && takes("private_key_jwt"):
		able := o.key.algorithms
		if len(p.AuthAlgorithms) > 0 {
			able = both(able, p.AuthAlgorithms)
		}
		if len(able) == 0 {
			return 0, fmt.Errorf("it takes no signature by this kind of key: it wants one of %v", p.AuthAlgorithms)
		}
		p.keyAlgorithm = able[0]
		return oauth2.AuthStyleInParams, nil
	case o.key != nil:
		return 0, errors.New("it does not take private_key_jwt")
	case takes("client_secret_basic"):
		return oauth2.AuthStyleInHeader, nil
	case takes("client_secret_post"):
		return oauth2.AuthStyleInParams, nil
	}
	return 0, errors.New("it takes no client secret")
}

// both gives what is in both lists, in the order of the first.
func both(mine, theirs []string) []string {
	return slices.DeleteFunc(slices.Clone(mine), func(s string) bool { return !slices.Contains(theirs, s) })
}

// oidcClient asks the provider. It goes where it was sent and nowhere else: a provider says where its parts are.
func oidcClient() *http.Client {
	return &http.Client{
		Timeout:   oidcPatience,
		Transport: bounded{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("it sends elsewhere, which is not followed")
		},
	}
}

// bounded refuses answers that are longer than any that makes sense.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{http.MaxBytesReader(nil, answer.Body, oidcAnswer), answer.Body}
	}
	return answer, err
}
