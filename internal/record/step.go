package record

// Steps are what people call the steps of templates, by fixed address and by key.
type Steps map[string]Text

// NewSteps takes the titles of the steps of templates. Of steps with the same address or key the first one counts.
func NewSteps(ts []*ProcessTemplate) Steps {
	out := Steps{}
	for _, t := range ts {
		for _, s := range t.Steps {
			for _, name := range []string{s.IRI, s.Key} {
				if out[name] == nil {
					out[name] = s.Title
				}
			}
		}
	}
	return out
}

// StepTitle is what people call a step; its key when no public template has it.
func (r *Reference) StepTitle(s StepRef) Text {
	if t := r.Steps[s.IRI]; t != nil {
		return t
	}
	return NL(s.Key)
}
