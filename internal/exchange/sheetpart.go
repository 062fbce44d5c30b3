package exchange

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

const (
	// maxToken is how many bytes a tag, or a text between two tags, may have.
	maxToken = 1 << 20
	// maxDepth is how deep elements may stand in each other. Those of a sheet are eight deep.
	maxDepth = 64
)

// xmlPart is an XML part of a workbook while it is read. Whatever it holds, a token takes no more than so many bytes, and
// reading ends with the context.
type xmlPart struct {
	ctx     context.Context
	from    io.Reader
	decoder *xml.Decoder
	token   int // bytes that the token may still have
	depth   int
}

func newXMLPart(ctx context.Context, from io.Reader) *xmlPart {
	p := &xmlPart{ctx: ctx, from: from}
	p.decoder = xml.NewDecoder(p)
	return p
}

// Read is for the decoder.
func (p *xmlPart) Read(b []byte) (int, error) {
	if p.token <= 0 {
		return 0, errTooMuch
	}
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.from.Read(b)
	p.token -= n
	return n, err
}

var errBroken = errors.New("the XML is broken")

// next gives the next token; io.EOF after the last. The names of elements are without their prefix.
func (p *xmlPart) next() (xml.Token, error) {
	p.token = maxToken
	t, err := p.decoder.RawToken()
	if errors.Is(err, io.EOF) && p.depth != 0 {
		return nil, errBroken
	} else if err != nil {
		return nil, err
	}
	switch t.(type) {
	case xml.StartElement:
		p.depth++
	case xml.EndElement:
		p.depth--
	}
	if p.depth < 0 || p.depth > maxDepth {
		return nil, errBroken
	}
	return t, nil
}

// skip reads on to the end of the element that began last.
func (p *xmlPart) skip() error {
	for end := p.depth - 1; p.depth > end; {
		if _, err := p.next(); err != nil {
			return noEnd(err)
		}
	}
	return nil
}

// noEnd is the error where a part ends in the midst of something.
func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return errBroken
	}
	return err
}

// text reads the text of the element that began last, up to its end. With within only that of elements of this name in
// it counts, whatever letters it is written with.
func (p *xmlPart) text(within string) (string, error) {
	var out strings.Builder
	counts := within == ""
	for end := p.depth - 1; p.depth > end; {
		t, err := p.next()
		if err != nil {
			return "", noEnd(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch {
			case t.Name.Local == "rPh": // how it is pronounced
				if err := p.skip(); err != nil {
					return "", err
				}
			case t.Name.Local == within:
				counts = true
			}
		case xml.EndElement:
			if t.Name.Local == within {
				counts = false
			}
		case xml.CharData:
			if counts {
				out.Write(t)
			}
		}
	}
	return out.String(), nil
}

// each gives the elements that begin; what it calls may read on.
func (p *xmlPart) each(visit func(xml.StartElement) error) error {
	for {
		t, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if start, ok := t.(xml.StartElement); ok {
			if err := visit(start); err != nil {
				return err
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
