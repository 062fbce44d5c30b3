package evaluate

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"

	"github.com/udc-community/plein/internal/compound"
)

// Compounds takes the words of a table apart, with the columns word and parts (as in a dictionary, with | between them; -
// for a word that is no compound), and says how well.
func Compounds(words io.Reader) (compound.Report, error) {
	return compound.New().Judge(words, func(word string) string {
		env := snowballstem.NewEnv(word)
		dutch.Stem(env)
		return env.Current()
	})
}

// WriteCompounds prints such a report for a person, the mistakes first when verbose.
func WriteCompounds(w io.Writer, r compound.Report, verbose bool) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if verbose {
		for _, m := range r.Mistakes {
			fmt.Fprintf(t, "%s\t%s\tnot %s\n", m.Word, parts(m.Wanted), parts(m.Got))
		}
	}
	fmt.Fprintf(t, "%d compounds\tprecision %s, recall %s, F1 %s of their parts; %.1f%% are taken apart\n",
		r.Compounds, figure(r.Precision), figure(r.Recall), figure(r.F1), 100*r.CompoundsSplit)
	fmt.Fprintf(t, "%d simple words\t%.1f%% are taken apart, and should not be\n", r.Simple, 100*r.SimpleSplit)
	t.Flush() //nolint:errcheck // the writer's own error is the caller's
}

func parts(ps []string) string {
	if len(ps) == 0 {
		return "-"
	}
	return strings.Join(ps, "|")
}
