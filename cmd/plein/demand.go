package main

import (
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/udc-community/plein/internal/demand"
)

type demandCmd struct {
	Month string `help:"Month to show; this one when left out." placeholder:"2027-01"`
}

func (demandCmd) Help() string {
	return "What at least 3 visitors of a month searched for and no record has, most visitors first. A visitor is a network address on one day; none is kept. The last minute of a serving Plein is not in it yet. See docs/operate.md.\n\nExamples:\n  plein demand\n  plein demand --month 2027-01 --json"
}

func (c demandCmd) Run(s *session) error {
	month := cmp.Or(c.Month, demand.Month(time.Now()))
	if _, err := time.Parse("2006-01", month); err != nil {
		return usagef("--month %q is not a month such as 2027-01", month)
	}
	return s.with(false, func(h *house) error {
		texts, err := demand.Report(s.ctx, h.store.Client, month)
		if err != nil {
			return err
		}
		return s.result(map[string]any{"month": month, "texts": texts}, func(w io.Writer) {
			t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for _, x := range texts {
				fmt.Fprintf(t, "%d visitors\t%s\n", x.Visitors, x.Words)
			}
			t.Flush() //nolint:errcheck // standard output
			if len(texts) == 0 {
				s.say("In %s no text was searched for in vain by %d visitors or more. What fewer searched for is not readable. Months are kept for two years.", month, demand.AtLeast)
			}
		})
	})
}
