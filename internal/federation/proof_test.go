package federation

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestAProofIsOfTheWordsOfItsDocument(t *testing.T) {
	key := newKey(t)
	public := key.Public().(ed25519.PublicKey)
	for document, words := range map[string]string{
		`{"a":1}`: `{}`,
		`{"@context":"https://words.example/1","a":1}`:      `"https://words.example/1"`,
		`{"a":1,"@context":["https://words.example/1",{}]}`: `["https://words.example/1",{}]`,
	} {
		signed, err := Sign([]byte(document), key, "did:x#y", moment)
		if err != nil {
			t.Fatal(err)
		}
		if err := Verify(signed, public, "did:x#y"); err != nil {
			t.Errorf("%s: %v", signed, err)
		}
		var read struct {
			Words json.RawMessage `json:"@context"`
			Proof struct {
				Words json.RawMessage `json:"@context"`
			}
		}
		if err := json.Unmarshal(signed, &read); err != nil {
			t.Fatal(err)
		}
		if string(read.Words) != words || string(read.Proof.Words) != words {
			t.Errorf("%s has the words %s, and its proof %s", document, read.Words, read.Proof.Words)
		}
		// Other words in the document, in the proof, in both or in none are another document.
		pair := `"@context":` + words
		other := `"@context":"https://words.example/2"`
		for _, forged := range [][]byte{
			bytes.Replace(signed, []byte(pair), []byte(other), 1),
			bytes.ReplaceAll(signed, []byte(pair), []byte(other)),
			bytes.ReplaceAll(signed, []byte(pair+","), nil),
			bytes.Replace(signed, []byte(pair+","), nil, 1),
			[]byte(strings.Replace(string(signed), `"proof":{`+pair, `"proof":{`+other, 1)),
			[]byte(strings.Replace(string(signed), `"proof":{`+pair+",", `"proof":{`, 1)),
		} {
			if bytes.Equal(forged, signed) {
				t.Fatalf("%s is not changed", signed)
			}
			if err := Verify(forged, public, "did:x#y"); !errors.Is(err, ErrProof) {
				t.Errorf("%s: %v", forged, err)
			}
		}
	}
}
