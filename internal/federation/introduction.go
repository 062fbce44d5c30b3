package federation

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// WellKnown is where a node says who it is.
const WellKnown = "/.well-known/plein-node.json"

const (
	nodeType = "PleinNode"
	// maxCards is how many publishers a node has at most, and how many it passes on.
	maxCards = 5000
)

// introduction is what a node says of itself and of those who publish on it, verified.
type introduction struct {
	base, name, software string
	epoch                int64
	// own are the cards of those who publish there, others those that it passes on. Cards that do not hold are not among them.
	own, others []*Card
	// seen is when the node read the log of another publisher to its end last, by the address of the log.
	seen map[string]time.Time
	// sum is a fingerprint of all cards.
	sum [sha256.Size]byte
}

// introduce asks a node who it is.
func (f *Federation) introduce(ctx context.Context, base string, left *allowance) (*introduction, error) {
	a, err := f.client.get(ctx, base, base+WellKnown, "", left)
	if err != nil {
		return nil, err
	}
	return f.readIntroduction(a.body, base)
}

func (f *Federation) readIntroduction(raw []byte, base string) (*introduction, error) {
	if _, err := readDocument(raw); err != nil {
		return nil, fmt.Errorf("%w: %w", errUnfit, err)
	}
	var d presentation
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, fmt.Errorf("%w: %w", errUnfit, err)
	}
	epoch, ok := number(d.Epoch)
	switch {
	case d.Type != nodeType || !ok:
		return nil, fmt.Errorf("%w: it does not introduce itself as a node", errNoPlein)
	case len(d.Publishers) > maxCards || len(d.PassesOn) > maxCards:
		return nil, fmt.Errorf("%w: it names more than %d publishers", errTooLarge, maxCards)
	case d.Base != base:
		return nil, fmt.Errorf("%w: %.200q", errOtherAddress, d.Base)
	}
	in := &introduction{base: base, name: shown(d.Name), software: shown(d.Software), epoch: epoch, seen: map[string]time.Time{}}
	sum := sha256.New()
	for _, raw := range slices.Concat(d.Publishers, d.PassesOn) {
		sum.Write(raw)
	}
	sum.Sum(in.sum[:0])
	for _, raw := range d.Publishers {
		if c, err := ReadCard(raw); err == nil && c.Home == base {
			in.own = append(in.own, c)
		}
	}
	for _, raw := range d.PassesOn {
		if c, err := ReadCard(raw); err == nil && c.Home != base && c.Home != f.Base() {
			in.others = append(in.others, c)
			if at, err := time.Parse(time.RFC3339, d.Seen[c.Feed]); err == nil {
				in.seen[c.Feed] = at
			}
		}
	}
	return in, nil
}

// shown is a text of a stranger as it can stand in a list: one short line.
func shown(text string) string {
	line := []rune(strings.Join(strings.Fields(text), " "))
	return string(line[:min(len(line), 200)])
}
