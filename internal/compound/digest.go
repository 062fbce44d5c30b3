package compound

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
)

// The sources of the rules are embedded for Digest only.
var (
	//go:embed compound.go
	weighing string
	//go:embed affix.go
	affixes string
	//go:embed inflection.go
	inflections string
	//go:embed family.go
	familySizes string
)

// Digest is a short name of all that decides how words are taken apart: the figures, the exceptions and the rules. An
// index tells by it that it was made otherwise.
func Digest() string {
	h := sha256.New()
	fmt.Fprint(h, figures, exceptions, weighing, affixes, inflections, familySizes)
	return hex.EncodeToString(h.Sum(nil))[:12]
}
