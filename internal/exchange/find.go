package exchange

import "github.com/udc-community/plein/internal/record"

// FindMunicipality gives the CBS code of a municipality by its code, its name or another name that people use. A name
// that several municipalities have is a problem and never a guess.
func FindMunicipality(ref *record.Reference, s string) (code string, err error) {
	m, problem := newGazetteer(ref).municipality(s)
	if problem != nil {
		return "", record.Problems{*problem}
	}
	return m.Code, nil
}
