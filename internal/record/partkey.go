package record

import (
	"slices"
	"strconv"
	"strings"
)

// NewPartKey is the next free key of one of the project's lists of parts, such as "o3". A key is never given twice in one
// list, also not after its part was taken away: the id and the address of a part are made of it, and others may have noted
// those. also are keys that are not in the list yet.
func (p *Project) NewPartKey(prefix string, also ...string) string {
	n := 0
	for _, k := range slices.Concat(p.partKeys(), p.SpentKeys, also) {
		if before, i := splitKey(k); before == prefix {
			n = max(n, i)
		}
	}
	return prefix + strconv.Itoa(n+1)
}

// highestKey is the last number that a key is given; imported documents may have others.
const highestKey = 1_000_000

// splitKey takes a key apart; the prefix is empty for one that is never given.
func splitKey(key string) (prefix string, n int) {
	prefix = strings.TrimRight(key, "0123456789")
	n, err := strconv.Atoi(key[len(prefix):])
	if err != nil || n > highestKey {
		return "", 0
	}
	return prefix, n
}

func (p *Project) partKeys() []string {
	var out []string
	for _, o := range p.Outputs {
		out = append(out, o.Key)
	}
	for _, u := range p.PolicyUses {
		out = append(out, u.Key)
	}
	for _, r := range p.BasedOn {
		out = append(out, r.Key)
	}
	return append(out, p.embargoKeys()...)
}

// spendKeys remembers the highest keys of the parts that are no longer there.
func (p *Project) spendKeys(old *Project) {
	spent, here := map[string]int{}, p.partKeys()
	for _, k := range slices.Concat(old.SpentKeys, old.partKeys()) {
		if prefix, n := splitKey(k); prefix != "" && (!slices.Contains(here, k) || slices.Contains(old.SpentKeys, k)) {
			spent[prefix] = max(spent[prefix], n)
		}
	}
	p.SpentKeys = nil
	for prefix, n := range spent {
		p.SpentKeys = append(p.SpentKeys, prefix+strconv.Itoa(n))
	}
	slices.Sort(p.SpentKeys)
}
