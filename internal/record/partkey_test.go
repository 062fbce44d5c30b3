package record

import (
	"slices"
	"testing"
	"time"
)

func TestAKeyIsOfNothingElseAfterItsPartWasTakenAway(t *testing.T) {
	keys := func(p *Project) (out []string) {
		for _, o := range p.Outputs {
			out = append(out, o.Key)
		}
		return out
	}
	p := &Project{Outputs: []*Output{{Key: "o1"}, {Key: "rapport"}, {Key: "o3"}}, PolicyUses: []*PolicyUse{{Key: "u7"}}, BasedOn: []*Reuse{{Key: "b1", SubjectID: "prj_1"}}}
	edit := func(do func(p *Project)) {
		t.Helper()
		before := *p
		before.Outputs, before.PolicyUses = slices.Clone(p.Outputs), slices.Clone(p.PolicyUses)
		do(p)
		if ps := p.Keep(&before, time.Time{}); len(ps) > 0 {
			t.Fatal(ps)
		}
	}
	add := func(p *Project) { p.Outputs = append(p.Outputs, &Output{Key: p.NewPartKey("o")}) }
	edit(add)
	if p.SpentKeys != nil {
		t.Errorf("nothing was taken away, and %v is spent", p.SpentKeys)
	}
	edit(func(p *Project) { p.Outputs = p.Outputs[:2] }) // o3 and o4
	edit(add)
	if got := keys(p); !slices.Equal(got, []string{"o1", "rapport", "o5"}) {
		t.Errorf("the outputs are %v", got)
	}
	edit(func(p *Project) { p.Outputs, p.PolicyUses = nil, nil })
	edit(func(p *Project) { p.SetReuses(nil) })
	edit(func(p *Project) { p.SetReuses([]*Reuse{{SubjectID: "prj_1"}, {SubjectID: "prj_2"}}) })
	edit(add)
	if got := keys(p); !slices.Equal(got, []string{"o6"}) || p.BasedOn[0].Key != "b2" || p.BasedOn[1].Key != "b3" || p.NewPartKey("u") != "u8" || p.NewPartKey("e") != "e1" {
		t.Errorf("the outputs are %v, the reuses %v, %v", got, *p.BasedOn[0], *p.BasedOn[1])
	}
	if !slices.Equal(p.SpentKeys, []string{"b1", "o5", "u7"}) {
		t.Errorf("%v is spent", p.SpentKeys)
	}
	// An imported key that is no number of ours counts for nothing.
	p.Outputs = append(p.Outputs, &Output{Key: "o9223372036854775807"}, &Output{Key: "12"}, &Output{Key: "u9-1"})
	if k := p.NewPartKey("o"); k != "o7" {
		t.Errorf("the next is %s", k)
	}
}
