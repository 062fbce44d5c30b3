package federation

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/mr-tron/base58"
)

// ed25519Code is the multicodec prefix of an Ed25519 public key, as an unsigned varint.
const ed25519Code = "\xed\x01"

// multibase58 is the multibase prefix of base58btc.
const multibase58 = "z"

var errKey = errors.New("this is not an Ed25519 public key in multibase form, such as z6Mk…")

// EncodeKey writes a public key as a Multikey (W3C Controlled Identifiers), such as z6Mk….
func EncodeKey(key ed25519.PublicKey) string {
	return multibase58 + base58.Encode(append([]byte(ed25519Code), key...))
}

// DecodeKey reads a public key in the form of EncodeKey.
func DecodeKey(text string) (ed25519.PublicKey, error) {
	digits, ok := strings.CutPrefix(text, multibase58)
	if !ok || len(digits) > 64 {
		return nil, errKey
	}
	b, err := base58.Decode(digits)
	if err != nil || len(b) != len(ed25519Code)+ed25519.PublicKeySize || string(b[:2]) != ed25519Code {
		return nil, errKey
	}
	return ed25519.PublicKey(b[2:]), nil
}

// Commitment is the fingerprint of a key. A publisher shows that of its next key beforehand, so that a rotation proves
// itself; administrators compare that of the present one, in groups of four.
func Commitment(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:])
}

// Fingerprint is a commitment as people read it aloud: the first 32 digits in groups of four.
func Fingerprint(key ed25519.PublicKey) string {
	c := Commitment(key)[:32]
	var groups []string
	for i := 0; i < len(c); i += 4 {
		groups = append(groups, c[i:i+4])
	}
	return strings.Join(groups, " ")
}

// verificationMethod is the address of a key in the DID document of its publisher.
func verificationMethod(did string, key ed25519.PublicKey) string {
	return fmt.Sprintf("%s#%s", did, EncodeKey(key))
}
