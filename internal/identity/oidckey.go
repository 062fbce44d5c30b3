package identity

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// oidcKey is the key with which this node shows a provider who it is (private_key_jwt).
type oidcKey struct {
	private crypto.Signer
	id      string
	// algorithms that the key can sign with, best first.
	algorithms []string
	// thumbprint of a certificate of the key; empty where there is none.
	thumbprint string
	// set is the public key as a JSON Web Key Set.
	set []byte
}

var errOIDCKey = errors.New("the key must be a private key in PEM, without a password: on P-256, or of RSA with at least 2,048 bits")

// parseOIDCKey reads a PEM file with one key and perhaps a certificate of it.
func parseOIDCKey(file []byte) (*oidcKey, error) {
	var k oidcKey
	var certificate *x509.Certificate
	for block, rest := pem.Decode(file); block != nil; block, rest = pem.Decode(rest) {
		var err error
		switch block.Type {
		case "PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY":
			k.private, err = parsePrivateKey(block)
		case "CERTIFICATE":
			if certificate == nil { // the first is the key's own, those after it are its issuers'
				certificate, err = x509.ParseCertificate(block.Bytes)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	switch p := k.private.(type) {
	case *ecdsa.PrivateKey:
		if p.Curve != elliptic.P256() {
			return nil, errOIDCKey
		}
		k.algorithms = []string{string(jose.ES256)}
	case *rsa.PrivateKey:
		if p.N.BitLen() < 2048 {
			return nil, errOIDCKey
		}
		k.algorithms = []string{string(jose.PS256), string(jose.RS256)}
	default:
		return nil, errOIDCKey
	}
	public, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		return nil, fmt.Errorf("read the public half of the key: %w", err)
	}
	k.id = fingerprint(public)
	if certificate != nil {
		if fingerprint(certificate.RawSubjectPublicKeyInfo) != k.id {
			return nil, errors.New("the certificate is of another key")
		}
		k.thumbprint = fingerprint(certificate.Raw)
	}
	k.set, err = json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: k.private.Public(), KeyID: k.id, Use: "sig"}}})
	if err != nil {
		return nil, fmt.Errorf("write the public half of the key: %w", err)
	}
	return &k, nil
}

func parsePrivateKey(block *pem.Block) (crypto.Signer, error) {
	var key any
	var err error
	switch block.Type {
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	default:
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return nil, errOIDCKey
	}
	return signer, nil
}

func fingerprint(der []byte) string {
	h := sha256.Sum256(der)
	return base64.RawURLEncoding.EncodeToString(h[:])
}

// assertionLife is how long an assertion works; it is made for one request.
const assertionLife = time.Minute

// assertion is a statement, signed, that a request to the token endpoint comes from this client (RFC 7523).
func (k *oidcKey) assertion(algorithm, clientID, tokenURL string, now time.Time) (string, error) {
	options := (&jose.SignerOptions{}).WithType("JWT")
	if k.thumbprint != "" {
		options = options.WithHeader("x5t#S256", k.thumbprint)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(algorithm), Key: jose.JSONWebKey{Key: k.private, KeyID: k.id}}, options)
	if err != nil {
		return "", fmt.Errorf("sign a client assertion: %w", err)
	}
	signed, err := jwt.Signed(signer).Claims(map[string]any{
		"iss": clientID, "sub": clientID, "aud": tokenURL, "jti": newSecret(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	}).Serialize()
	if err != nil {
		return "", fmt.Errorf("sign a client assertion: %w", err)
	}
	return signed, nil
}
