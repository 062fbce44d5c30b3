package record

import "regexp"

// Other is a copy of a record of a kind that this Plein does not know: what a record of any kind has, and no more. It is
// taken in whole once a newer Plein knows the kind.
type Other struct {
	Spine
	// TypeName is what the node where it was published calls its kind, such as QUESTION.
	TypeName string `json:"typeName" plein:"spine"`
}

var (
	typeName = regexp.MustCompile(`^[A-Z_]{1,40}$`)
	idPrefix = regexp.MustCompile(`^[a-z]{2,8}$`)
)

// reserved are prefixes of ids that are at addresses like those of records, and of none that a Plein would write.
var reserved = []string{"org", "src", "con", "mun", FilePrefix, "oth"}

// Check lists what is wrong with the copy.
func (o *Other) Check(ref *Reference) Problems {
	var c checks
	o.check(&c, ref)
	if o.LicenseIRI == "" {
		c.add(missing("license"))
	}
	if !typeName.MatchString(o.TypeName) {
		c.add(Wrong(Invalid, "Zo heet geen soort.", "No kind is called that.", "typeName"))
	}
	return c.found
}

// Complete finds nothing missing: nobody here publishes it.
func (o *Other) Complete() Problems { return nil }

// Terms are those of every record.
func (o *Other) Terms() []Term { return nil }

// Words of a record of a kind that is not known.
func (o *Other) Words() Words { return o.words() }
