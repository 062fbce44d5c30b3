package federation

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gowebpki/jcs"
	"github.com/mr-tron/base58"
)

// Refusals of a proof.
var (
	// ErrNoProof tells that a document is not signed.
	ErrNoProof = errors.New("the document has no proof")
	// ErrProof tells that a proof is not what it should be: another suite, another key, or other bytes.
	ErrProof = errors.New("the proof does not hold")
)

const (
	proofType  = "DataIntegrityProof"
	proofSuite = "eddsa-jcs-2022"
	// assertion is what a publisher uses its key for: it says what it publishes.
	assertion = "assertionMethod"
)

// proof is a W3C Data Integrity proof by the suite eddsa-jcs-2022.
type proof struct {
	Context            json.RawMessage `json:"@context,omitempty"`
	Type               string          `json:"type"`
	Cryptosuite        string          `json:"cryptosuite"`
	Created            string          `json:"created"`
	VerificationMethod string          `json:"verificationMethod"`
	ProofPurpose       string          `json:"proofPurpose"`
	ProofValue         string          `json:"proofValue,omitempty"`
}

// document is a JSON object of which the members keep their bytes.
type document map[string]json.RawMessage

// noWords is a JSON-LD context that says nothing. Whoever implements the suite for JSON-LD alone, such as fedify, takes for
// granted that a document has one.
const noWords = "{}"

// Sign gives a JSON object with a proof of key, which method names, and with an empty context where it has none. The object
// must not have a proof.
func Sign(raw []byte, key ed25519.PrivateKey, method string, at time.Time) ([]byte, error) {
	d, err := readDocument(raw)
	if err != nil {
		return nil, err
	}
	if _, signed := d["proof"]; signed {
		return nil, errors.New("the document is signed already")
	}
	if _, has := d["@context"]; !has {
		d["@context"] = json.RawMessage(noWords)
	}
	p := proof{Context: d["@context"], Type: proofType, Cryptosuite: proofSuite, Created: at.UTC().Format(time.RFC3339), VerificationMethod: method, ProofPurpose: assertion}
	hashed, err := hashData(d, p)
	if err != nil {
		return nil, err
	}
	p.ProofValue = multibase58 + base58.Encode(ed25519.Sign(key, hashed))
	if d["proof"], err = json.Marshal(p); err != nil {
		return nil, fmt.Errorf("write a proof: %w", err)
	}
	return json.Marshal(d)
}

// Verify checks the proof of a JSON object: made by the owner of key, under the name method, over exactly what the object
// says. It asks nobody for a key.
func Verify(raw []byte, key ed25519.PublicKey, method string) error {
	d, err := readDocument(raw)
	if err != nil {
		return err
	}
	return d.verify(key, method)
}

// verify is Verify for a document that was read.
func (d document) verify(key ed25519.PublicKey, method string) error {
	given, signed := d["proof"]
	if !signed {
		return ErrNoProof
	}
	p, err := readProof(given)
	if err != nil {
		return err
	}
	switch {
	case p.Type != proofType || p.Cryptosuite != proofSuite || p.ProofPurpose != assertion:
		return fmt.Errorf("%w: it is not %s for %s", ErrProof, proofSuite, assertion)
	case p.VerificationMethod != method:
		return fmt.Errorf("%w: it is by another key", ErrProof)
	case len(p.Context) > 0 && !sameJSON(p.Context, d["@context"]):
		return fmt.Errorf("%w: it is of other words", ErrProof)
	}
	digits, ok := strings.CutPrefix(p.ProofValue, multibase58)
	if !ok || len(digits) > 100 {
		return fmt.Errorf("%w: its value cannot be read", ErrProof)
	}
	signature, err := base58.Decode(digits)
	if err != nil || len(signature) != ed25519.SignatureSize {
		return fmt.Errorf("%w: its value cannot be read", ErrProof)
	}
	p.ProofValue = ""
	bare := maps.Clone(d)
	delete(bare, "proof")
	hashed, err := hashData(bare, p)
	if err != nil {
		return err
	}
	if !ed25519.Verify(key, hashed, signature) {
		return ErrProof
	}
	return nil
}

// proofNames are what a proof says; its context is that of the document, where it has one. What is not among them would be
// signed and read by nobody.
var proofNames = []string{"@context", "type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}

func readProof(raw json.RawMessage) (p proof, err error) {
	d, err := readDocument(raw)
	if err != nil {
		return p, err
	}
	for name := range d {
		if !slices.Contains(proofNames, name) {
			return p, fmt.Errorf("%w: it says %q", ErrProof, name)
		}
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, fmt.Errorf("%w: it cannot be read", ErrProof)
	}
	return p, nil
}

// readDocument refuses what is not an object or names a member twice: which of the two was signed?
func readDocument(raw []byte) (document, error) {
	if err := unambiguous(raw); err != nil {
		return nil, err
	}
	var d document
	if err := json.Unmarshal(raw, &d); err != nil || d == nil {
		return nil, fmt.Errorf("%w: it is not a JSON object", ErrProof)
	}
	return d, nil
}

// hashData is the hash of the proof's options and that of the document, one after the other, each in canonical form
// (RFC 8785).
func hashData(d document, p proof) ([]byte, error) {
	options, err := canonicalHash(p)
	if err != nil {
		return nil, err
	}
	content, err := canonicalHash(d)
	return append(options, content...), err
}

func canonicalHash(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write as JSON: %w", err)
	}
	canonical, err := jcs.Transform(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: no canonical form: %w", ErrProof, err)
	}
	sum := sha256.Sum256(canonical)
	return sum[:], nil
}
