package record

// PagePath is the path of the Dutch page of a record of this kind, such as /projecten/udc-leiden/verkamering, made of the
// short names of publisher and record; English pages have /en before it. It is empty for a kind without pages.
func (k Kind) PagePath(publisher, slug string) string {
	if k.Pages == "" {
		return ""
	}
	return "/" + k.Pages + "/" + publisher + "/" + slug
}

// PagePath is the path of a record's Dutch page; empty when its kind has none.
func PagePath(r Record) string {
	s := r.Base()
	o := s.Publisher()
	if o == nil {
		return ""
	}
	return KindOf(s.ID).PagePath(o.Slug, s.Slug)
}
