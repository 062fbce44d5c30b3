package evaluate

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Query is what somebody types.
type Query struct {
	ID   string `json:"id"`
	Text string `json:"query"`
	// Kind says what makes it hard, such as compound or typo; figures are given for each.
	Kind string `json:"kind"`
	// Document is the text that others are compared with, which is no answer itself; empty where somebody typed words.
	Document string `json:"document,omitempty"`
}

// Judgments are grades by query and document: 0 is not relevant, higher is better. Documents without a grade were not
// judged, and count as not relevant.
type Judgments map[string]map[string]int

// Set is queries with what is known of their answers.
type Set struct {
	Queries   []Query
	Judgments Judgments
}

func (j Judgments) set(query, document string, grade int) {
	if j[query] == nil {
		j[query] = map[string]int{}
	}
	j[query][document] = max(grade, j[query][document])
}

// ReadQueries reads a table, parted by tabs, with the columns qid and query, and kind where the queries are of several.
func ReadQueries(r io.Reader) ([]Query, error) {
	var out []Query
	err := readTable(r, []string{"qid", "query"}, func(row map[string]string) error {
		q := Query{ID: row["qid"], Text: row["query"], Kind: row["kind"]}
		if q.ID == "" || q.Text == "" || slices.ContainsFunc(out, func(o Query) bool { return o.ID == q.ID }) {
			return errors.New("a query has an id of its own and a text")
		}
		out = append(out, q)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the queries: %w", err)
	}
	return out, nil
}

// ReadJudgments reads grades in the TREC format: query, a column that is not used, document and grade on each line.
func ReadJudgments(r io.Reader) (Judgments, error) {
	out := Judgments{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) == 0 {
			continue
		}
		if len(f) != 4 {
			return nil, fmt.Errorf("read the judgments: line %d: it has %d columns, not query, 0, document and grade", n, len(f))
		}
		grade, err := strconv.Atoi(f[3])
		if err != nil {
			return nil, fmt.Errorf("read the judgments: line %d: the grade is no whole number: %w", n, err)
		}
		out.set(f[0], f[2], grade)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the judgments: %w", err)
	}
	return out, nil
}

// ReadTitles reads a table, parted by tabs, with the columns query, which is a title, and relevant_doc. Every document has
// grade 1; lines with the same title belong together.
func ReadTitles(r io.Reader) (Set, error) {
	out := Set{Judgments: Judgments{}}
	ids := map[string]string{}
	err := readTable(r, []string{"query", "relevant_doc"}, func(row map[string]string) error {
		text := row["query"]
		if text == "" {
			return errors.New("the title is empty")
		}
		if ids[text] == "" {
			ids[text] = strconv.Itoa(len(out.Queries) + 1)
			out.Queries = append(out.Queries, Query{ID: ids[text], Text: text, Kind: "title"})
		}
		out.Judgments.set(ids[text], row["relevant_doc"], 1)
		return nil
	})
	if err != nil {
		return Set{}, fmt.Errorf("read the titles: %w", err)
	}
	return out, nil
}

// ReadComparable reads a table, parted by tabs, with the columns query_doc and relevant_doc: two documents that compare,
// with grade 1. The queries have no text yet: the corpus does.
func ReadComparable(r io.Reader) (Set, error) {
	out := Set{Judgments: Judgments{}}
	err := readTable(r, []string{"query_doc", "relevant_doc"}, func(row map[string]string) error {
		id := row["query_doc"]
		if id == "" {
			return errors.New("it names no document to compare with")
		}
		if out.Judgments[id] == nil {
			out.Queries = append(out.Queries, Query{ID: id, Kind: "comparable", Document: id})
		}
		out.Judgments.set(id, row["relevant_doc"], 1)
		return nil
	})
	if err != nil {
		return Set{}, fmt.Errorf("read what compares: %w", err)
	}
	return out, nil
}

// readTable gives the rows of a table that is parted by tabs, by the names in its first line. Quotes are part of what
// they stand in: they ask for a phrase.
func readTable(r io.Reader, needed []string, each func(row map[string]string) error) error {
	lines := bufio.NewScanner(r)
	lines.Scan()
	head := strings.Split(strings.TrimSpace(lines.Text()), "\t")
	for _, name := range needed {
		if !slices.Contains(head, name) {
			return errors.Join(fmt.Errorf("the first line names no column %q", name), lines.Err())
		}
	}
	for n := 2; lines.Scan(); n++ {
		cells := strings.Split(lines.Text(), "\t")
		row := map[string]string{}
		for i := range min(len(cells), len(head)) {
			row[head[i]] = strings.TrimSpace(cells[i])
		}
		if err := each(row); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}
