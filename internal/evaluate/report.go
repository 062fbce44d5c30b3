package evaluate

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// Write prints the report for a person: what each query found when verbose, then a table for each measure, by kind of
// query, then the engines as a whole.
func (r *Report) Write(w io.Writer, verbose bool) {
	if verbose {
		for _, a := range r.Engines[0].Answers {
			a.write(w)
		}
	}
	fmt.Fprintf(w, "%d documents, of which %d different; %d concepts in the thesaurus\n", r.Documents, r.Different, r.Concepts)
	for _, m := range []struct {
		name string
		of   func(Measures) float64
	}{
		{"nDCG@10", func(m Measures) float64 { return m.NDCG10 }},
		{"recall@20", func(m Measures) float64 { return m.Recall20 }},
		{"MRR", func(m Measures) float64 { return m.MRR }},
		{"P@1", func(m Measures) float64 { return m.P1 }},
	} {
		r.table(w, m.name, m.of)
	}
	r.engines(w)
	for _, n := range r.Notes {
		fmt.Fprintln(w, "-", n)
	}
}

// kindWidth is the room for the name of a kind, on the left.
const kindWidth = 14

// table of one measure: a row for each kind of query, a column for each engine.
func (r *Report) table(w io.Writer, name string, of func(Measures) float64) {
	t := tabwriter.NewWriter(w, 10, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\n%-*s\tqueries\t", kindWidth, name)
	for _, e := range r.Engines {
		fmt.Fprintf(t, "%s\t", e.Name)
	}
	fmt.Fprintln(t)
	row := func(kind string, of func(Engine) (queries int, value float64)) {
		for i, e := range r.Engines {
			queries, value := of(e)
			if i == 0 {
				fmt.Fprintf(t, "%-*s\t%d\t", kindWidth, kind, queries)
			}
			fmt.Fprintf(t, "%s\t", figure(value))
		}
		fmt.Fprintln(t)
	}
	if kinds := r.Engines[0].Kinds; len(kinds) > 1 {
		for i, k := range kinds {
			row(cmp.Or(k.Kind, "other"), func(e Engine) (int, float64) { return e.Kinds[i].Queries, of(e.Kinds[i].Measures) })
		}
	}
	row("all", func(e Engine) (int, float64) { return e.Overall.Queries, of(e.Overall.Measures) })
	t.Flush() //nolint:errcheck // the writer's own error is the caller's
}

// engines says of each how much it found, and how it was asked.
func (r *Report) engines(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "\nengine\tqueries with < 10\twith none\tunjudged in top 10\tnDCG@10 without those\tasked with\n")
	for _, e := range r.Engines {
		way := e.Variant
		if n := len(e.Variants); n > 1 {
			way += fmt.Sprintf(" (the best of %d ways)", n)
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%.0f%%\t%s\t%s\n", e.Name, e.Overall.Fewer, e.Overall.None, 100*e.Overall.Unjudged10, figure(e.Overall.JudgedNDCG10), way)
	}
	fmt.Fprintln(t)
	t.Flush() //nolint:errcheck // the writer's own error is the caller's
}

// listed is how many documents of a query are printed.
const listed = 5

func (a *Answer) write(w io.Writer) {
	fmt.Fprintf(w, "%s  %.100s  (%s)\n  nDCG@10 %s  recall@20 %s  found %d, missed %d\n", a.ID, a.Text, cmp.Or(a.Kind, "other"),
		figure(a.NDCG10), figure(a.Recall20), a.Found, len(a.Missed))
	list := func(mark string, gs []Graded) {
		for _, g := range gs[:min(listed, len(gs))] {
			grade := "?"
			if g.Grade != nil {
				grade = fmt.Sprint(*g.Grade)
			}
			fmt.Fprintf(w, "  %s %s  %s  %s\n", mark, grade, g.ID, g.Title)
		}
	}
	list("+", a.Top)
	list("-", a.Missed)
	fmt.Fprintln(w)
}

// figure is a share as a ranking's figures are written: .713.
func figure(f float64) string { return strings.TrimPrefix(fmt.Sprintf("%.3f", f), "0") }

// WriteRuns writes what each engine gave into a folder, in the TREC format, for other tools to score.
func (r *Report) WriteRuns(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of runs: %w", err)
	}
	for _, e := range r.Engines {
		name := strings.ReplaceAll(strings.ToLower(e.Name), " ", "-")
		if err := e.writeRun(filepath.Join(dir, name+".run"), name); err != nil {
			return fmt.Errorf("write a run: %w", err)
		}
	}
	return nil
}

func (e *Engine) writeRun(file, tag string) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	for _, a := range e.Answers {
		for i, id := range a.ranked {
			// The score only says the order: those of different queries do not compare.
			fmt.Fprintf(w, "%s Q0 %s %d %d %s\n", a.ID, id, i+1, depth-i, tag)
		}
	}
	return w.Flush()
}
