package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
	"github.com/udc-community/plein/internal/store"
)

type analyzeCmd struct {
	Text []string `arg:"" optional:"" help:"The text; without one, every line of standard input is a text."`
	Lang string   `help:"Language of the text." enum:"nl,en" default:"nl"`
}

func (analyzeCmd) Help() string {
	return "Shows the words of a text as the search index holds them: their stems, the parts of compounds, and what a search for the text looks for besides. The thesaurus is that of the catalogue; without a catalogue, the one that comes with Plein. With --json every text is one line.\n\nExamples:\n  plein analyze minimaregelingen voor studenten\n  plein analyze --json < texts.txt"
}

// analyzed is what is told of one text.
type analyzed struct {
	Text      string           `json:"text"`
	Tokens    []search.Token   `json:"tokens"`
	Thesaurus []search.Meaning `json:"thesaurus"`
}

func (c analyzeCmd) Run(s *session) error {
	return s.withVocabularies(func(ref *record.Reference) error {
		a := search.NewAnalysis(ref)
		out := bufio.NewWriter(s.stdout)
		defer out.Flush() //nolint:errcheck // standard output
		if len(c.Text) > 0 {
			return c.tell(s, a, out, strings.Join(c.Text, " "))
		}
		lines := bufio.NewScanner(s.stdin)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if strings.TrimSpace(lines.Text()) == "" {
				continue
			}
			if err := c.tell(s, a, out, lines.Text()); err != nil {
				return err
			}
			if err := out.Flush(); err != nil {
				return err
			}
		}
		if err := lines.Err(); err != nil {
			return fmt.Errorf("read the texts: %w", err)
		}
		return nil
	})
}

func (c analyzeCmd) tell(s *session, a *search.Analysis, out io.Writer, text string) error {
	meanings, err := a.Meanings(text)
	if err != nil {
		return err
	}
	of := analyzed{Text: text, Tokens: a.Tokens(text, c.Lang), Thesaurus: meanings}
	if s.cli.JSON {
		return json.NewEncoder(out).Encode(of)
	}
	for _, t := range of.Tokens {
		says := t.Term
		switch {
		case t.Term == "":
			says = "(stop word)"
		case len(t.Parts) > 0:
			says += " = " + strings.Join(t.Parts, " + ")
		}
		if len(t.Within) > 0 {
			says += "; also " + strings.Join(t.Within, ", ")
		}
		fmt.Fprintf(out, "%-28s %s\n", t.Text, says)
	}
	for _, m := range of.Thesaurus {
		fmt.Fprintf(out, "%-28s %s: %s\n", m.Words, strings.ToLower(string(m.Relation)), strings.Join(m.Labels, ", "))
	}
	return nil
}

// withVocabularies does something with the vocabularies of the catalogue or, where there is none yet, with those that
// come with Plein.
func (s *session) withVocabularies(do func(*record.Reference) error) error {
	if _, err := os.Stat(filepath.Join(s.cli.Data, store.File)); err == nil || s.cli.Database != "" {
		return s.with(false, func(h *house) error { return do(h.catalog.Reference()) })
	}
	ref, err := exchange.Vocabularies()
	if err != nil {
		return err
	}
	return do(ref)
}
