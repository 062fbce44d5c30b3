package record

// Datasets are the outputs that can be had, at an address or as a file: what a catalogue of data describes. An output
// that is only announced is none.
func Datasets(r Record) []*Output {
	p, ok := r.(*Project)
	if !ok {
		return nil
	}
	var out []*Output
	for _, o := range p.Outputs {
		if o.isThere() {
			out = append(out, o)
		}
	}
	return out
}
