package identity_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

func TestAProviderThatIsDownIsAskedAgainAndWhatItSaidIsKept(t *testing.T) {
	w := fixture.SQLite(t)
	person(t, w, "jan@leiden.test")
	p := fixture.OpenProvider(t, w)
	honest := p.Metadata
	p.Metadata = map[string]any{"issuer": "https://elders.test"}
	o := p.Register(t, w)
	if p.Asked != 0 {
		t.Error("the provider must be there for the node to start")
	}
	for range 3 {
		if _, err := o.Begin(t.Context(), "/mijn", office); !errors.Is(err, identity.ErrOIDCUnavailable) {
			t.Errorf("another provider: %v", err)
		}
	}
	if p.Asked != 1 {
		t.Errorf("it was asked %d times at once", p.Asked)
	}
	p.Metadata = honest
	w.Clock.Move(5 * time.Second)
	r := authorize(t, p, begin(t, o, "/mijn"))

	// After an hour its keys are read again: one that it took back is no longer believed.
	former := p.Key
	p.Key = fixture.NewKey(t, jose.ES256)
	w.Clock.Move(time.Hour)
	p.Sign = func(c map[string]any) string { return fixture.Signed(jose.ES256, former, c) }
	if _, err := signInAt(t, p, o); !errors.Is(err, identity.ErrOIDCRefused) {
		t.Errorf("a key that was taken back: %v", err)
	}
	p.Sign = nil
	if _, err := signInAt(t, p, o); err != nil {
		t.Error(err)
	}
	asked := p.Asked
	p.Metadata = map[string]any{}
	w.Clock.Move(time.Hour)
	for range 3 {
		if _, err := signInAt(t, p, o); err != nil {
			t.Errorf("while it says nothing of itself: %v", err)
		}
	}
	if p.Asked != asked+1 {
		t.Errorf("it was asked %d times more", p.Asked-asked)
	}

	p.Answer = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	if _, err := signInAt(t, p, o); !errors.Is(err, identity.ErrOIDCUnavailable) {
		t.Errorf("a token endpoint that is down: %v", err)
	}
	p.Close()
	if _, _, err := o.Finish(t.Context(), r); !errors.Is(err, identity.ErrOIDCRefused) {
		t.Errorf("an answer of hours ago: %v", err)
	}
}

func TestAProviderThatIsNotSafeIsNotUsed(t *testing.T) {
	w := fixture.SQLite(t)
	for what, says := range map[string]map[string]any{
		"another issuer":               {"issuer": "https://elders.test"},
		"a token endpoint in clear":    {"token_endpoint": "http://elders.test/token"},
		"keys in clear":                {"jwks_uri": "http://elders.test/keys"},
		"keys in a file":               {"jwks_uri": "file:///etc/passwd"},
		"no keys":                      {"jwks_uri": nil},
		"a page that is a script":      {"authorization_endpoint": "javascript:alert(1)"},
		"userinfo in clear":            {"userinfo_endpoint": "http://elders.test/userinfo"},
		"PKCE that shows the verifier": {"code_challenge_methods_supported": []string{"plain"}},
		"only secrets to sign with":    {"id_token_signing_alg_values_supported": []string{"HS256", "none"}},
		"only secrets of clients":      {"token_endpoint_auth_methods_supported": []string{"client_secret_basic"}},
		"only other keys":              {"token_endpoint_auth_signing_alg_values_supported": []string{"EdDSA", "RS256"}},
		"more than anybody reads":      {"filler": strings.Repeat("x", 2<<20)},
		"something else":               {"jwks_uri": 3},
	} {
		p := fixture.OpenProvider(t, w)
		for name, value := range says {
			p.Metadata[name] = value
		}
		if _, err := p.Register(t, w).Begin(t.Context(), "/mijn", office); !errors.Is(err, identity.ErrOIDCUnavailable) || len(err.Error()) > 500 {
			t.Errorf("%s: %v", what, err)
		}
	}
	elsewhere := fixture.OpenProvider(t, w)
	p := fixture.OpenProvider(t, w)
	p.Config.Handler = http.RedirectHandler(elsewhere.URL+"/.well-known/openid-configuration", http.StatusFound)
	elsewhere.Metadata["issuer"] = p.URL
	if _, err := p.Register(t, w).Begin(t.Context(), "/mijn", office); !errors.Is(err, identity.ErrOIDCUnavailable) || elsewhere.Asked != 0 {
		t.Errorf("one that sends elsewhere: %v", err)
	}
}

func TestTheNodeShowsWhoItIsInTheBestWayThatBothKnow(t *testing.T) {
	w := fixture.SQLite(t)
	person(t, w, "jan@leiden.test")
	ec, rs := fixture.NewKey(t, jose.ES256), fixture.NewKey(t, jose.RS256)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "plein"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, rs.Public(), rs)
	if err != nil {
		t.Fatal(err)
	}
	certified := slices.Concat(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), fixture.KeyFile(t, rs))
	thumb := sha256.Sum256(der)
	p := fixture.OpenProvider(t, w)
	for what, is := range map[string]struct {
		key    []byte
		takes  []string
		alg    string
		x5t256 any
	}{
		"a key on P-256":                  {fixture.KeyFile(t, ec), nil, "ES256", nil},
		"an RSA key":                      {fixture.KeyFile(t, rs), nil, "PS256", nil},
		"an RSA key of an older provider": {fixture.KeyFile(t, rs), []string{"RS256"}, "RS256", nil},
		"an RSA key with its certificate": {certified, []string{"RS256", "PS256"}, "PS256", base64.RawURLEncoding.EncodeToString(thumb[:])},
	} {
		p.Metadata["token_endpoint_auth_signing_alg_values_supported"] = is.takes
		p.Headers = nil
		o := p.RegisterWith(t, w, identity.OIDCConfig{Key: is.key})
		for range 2 {
			if _, err := signInAt(t, p, o); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
		h := p.Headers[0]
		if len(p.Headers) != 2 || h["alg"] != is.alg || h["x5t#S256"] != is.x5t256 || h["typ"] != "JWT" || !bytes.Contains(o.KeySet(), []byte(h["kid"].(string))) {
			t.Errorf("%s: %v", what, p.Headers)
		}
		if bytes.Contains(o.KeySet(), []byte(`"d"`)) {
			t.Errorf("%s: the key set shows the private key", what)
		}
	}
	for _, method := range []string{"client_secret_basic", "client_secret_post"} {
		p.Metadata["token_endpoint_auth_methods_supported"], p.Basic = []string{method}, false
		o := p.RegisterWith(t, w, identity.OIDCConfig{ClientSecret: "sleutelbos"})
		if _, err := signInAt(t, p, o); err != nil || p.Basic != (method == "client_secret_basic") || o.KeySet() != nil {
			t.Errorf("%s: %v", method, err)
		}
		if _, err := signInAt(t, p, p.RegisterWith(t, w, identity.OIDCConfig{ClientSecret: "verkeerd"})); !errors.Is(err, identity.ErrOIDCRefused) || !strings.Contains(err.Error(), "401") {
			t.Errorf("%s, wrong: %v", method, err)
		}
	}
}

func TestAConfigurationThatCannotBeRightIsRefused(t *testing.T) {
	w := fixture.SQLite(t)
	good := fixture.KeyFile(t, fixture.NewKey(t, jose.ES256))
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	other, err := x509.CreateCertificate(rand.Reader, template, template, p384.Public(), p384)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]identity.OIDCConfig{
		"nothing":                      {},
		"no issuer":                    {ClientID: "x", Key: good},
		"an issuer in clear":           {Issuer: "http://login.test", ClientID: "x", Key: good},
		"an issuer with a password":    {Issuer: "https://jan:geheim@login.test", ClientID: "x", Key: good},
		"no client":                    {Issuer: "https://login.test", Key: good},
		"neither key nor secret":       {Issuer: "https://login.test", ClientID: "x"},
		"both":                         {Issuer: "https://login.test", ClientID: "x", Key: good, ClientSecret: "x"},
		"no PEM":                       {Issuer: "https://login.test", ClientID: "x", Key: []byte("geheim")},
		"a broken key":                 {Issuer: "https://login.test", ClientID: "x", Key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})},
		"a key on another curve":       {Issuer: "https://login.test", ClientID: "x", Key: fixture.KeyFile(t, p384)},
		"a key that is too small":      {Issuer: "https://login.test", ClientID: "x", Key: fixture.KeyFile(t, small)},
		"a key with a password":        {Issuer: "https://login.test", ClientID: "x", Key: pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")})},
		"a certificate of another key": {Issuer: "https://login.test", ClientID: "x", Key: slices.Concat(good, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: other}))},
	} {
		if _, err := identity.NewOIDC(c, w.Accounts); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", what, err)
		}
	}
	der, err := x509.MarshalECPrivateKey(fixture.NewKey(t, jose.ES256).(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	sec1 := slices.Concat(pem.EncodeToMemory(&pem.Block{Type: "EC PARAMETERS", Bytes: []byte("x")}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
	o, err := identity.NewOIDC(identity.OIDCConfig{Issuer: "https://login.test", ClientID: "x", Key: sec1}, w.Accounts)
	if err != nil || o.Name() != "OpenID Connect" {
		t.Errorf("a key as openssl ecparam writes it: %v", err)
	}
	w.Accounts.BaseURL = "http://plein.test"
	if _, err := identity.NewOIDC(identity.OIDCConfig{Issuer: "https://login.test", ClientID: "x", Key: good}, w.Accounts); err == nil {
		t.Error("the answer would come back in clear")
	}
}
