// Package demand counts what visitors search for and the catalogue does not have, without keeping who they are.
//
// A visitor is one network address on one day at one process: who comes back the next day, or is sent to another
// replica, counts again, and an office behind one address counts once. That is as exact as it gets, because what tells
// visitors apart is never stored: a keyed hash in memory, with a key that is made again every day and dies with the
// process. The database gets sums.
//
// A text becomes readable in the database only once the sum of its month reaches [AtLeast]; the visitor who makes it so
// brings the text. Until then its row has a keyed hash as its id and no words. The key is random, one a month. Replicas
// have to agree on it, so it lies in the same table, and whoever has the database can try texts against the hashes and
// learn that somebody, once or twice, searched in vain for one that was guessed. It does not lead to that somebody, and
// it ends with the month: key and rows below the sum are then deleted together, and without its key a hash that an old
// backup still has tells nothing. (That backup has the key too if it was made within the month. SQLite uses a deleted
// page again when it needs one; until then its bytes lie in the file.)
package demand

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/miss"
)

// AtLeast is how many visitors of a month must have searched for a text in vain before it is stored and shown.
const AtLeast = 3

// keptMonths is how long the sums of a month are kept. Our proposal: long enough to compare a month with the same month
// of the two years before.
const keptMonths = 24

// Unmet is a text that visitors of one month searched for in vain.
type Unmet struct {
	// Words are folded: lower case, without accents and punctuation.
	Words    string `json:"words"`
	Visitors int    `json:"visitors"`
}

// Report lists what at least [AtLeast] visitors of a month, such as 2027-01, searched for in vain; most visitors first.
func Report(ctx context.Context, client *ent.Client, month string) ([]Unmet, error) {
	rows, err := client.Miss.Query().Where(miss.Month(month), miss.VisitorsGTE(AtLeast)).
		Order(miss.ByVisitors(sql.OrderDesc()), miss.ByWords()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what was searched for in vain: %w", err)
	}
	out := make([]Unmet, len(rows))
	for i, r := range rows {
		out[i] = Unmet{Words: r.Words, Visitors: r.Visitors}
	}
	return out, nil
}

// Month is how the month of a moment is written, in UTC.
func Month(t time.Time) string { return t.UTC().Format("2006-01") }
