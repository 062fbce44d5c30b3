package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
)

//go:embed templates
var templates embed.FS

// faultPage is the page for what goes wrong outside of the web application. It needs nothing of that: no script, and a
// style sheet of its own.
type faultPage struct {
	page      *template.Template
	style     []byte
	stylePath string // named after the content, so that it may be kept for ever
}

func parseFaultPage() (*faultPage, error) {
	style, err := templates.ReadFile("templates/fault.css")
	if err != nil {
		return nil, err
	}
	page, err := template.ParseFS(templates, "templates/fault.html")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(style)
	return &faultPage{page: page, style: style, stylePath: "/assets/fault-" + hex.EncodeToString(sum[:6]) + ".css"}, nil
}

// said is a fault in one language.
type said struct {
	Language, Title, Message, Number, Home, HomeLabel string
}

// render writes a fault in both languages, first in that of the address.
func (p *faultPage) render(f fault, language, requestID string) ([]byte, error) {
	first := said{"nl", f.title, f.nl, "Nummer van dit verzoek", "/", "Naar de beginpagina"}
	second := said{"en", f.titleEN, f.en, "Number of this request", "/en", "To the home page"}
	if language == "en" {
		first, second = second, first
	}
	var out bytes.Buffer
	if err := p.page.Execute(&out, struct {
		Style, RequestID string
		First, Second    said
	}{p.stylePath, requestID, first, second}); err != nil {
		return nil, fmt.Errorf("rendering a fault: %w", err)
	}
	return out.Bytes(), nil
}
