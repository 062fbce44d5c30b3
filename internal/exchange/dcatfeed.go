package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/rdf"
	"github.com/udc-community/plein/internal/record"
)

// DCATFeed is what became of the datasets of a catalogue, as a DCAT-AP Feed: a Linked Data Event Stream of activities of
// which each has a type, an object and a moment, and nothing else. The description of the object as it was then is in a
// graph with the name of the activity. It is in JSON-LD.
type DCATFeed struct {
	Catalog *catalog.Catalog
}

// ErrNoPage is the answer to a page that is not there.
var ErrNoPage = errors.New("there is no such page")

// linesOnAPage are lines of the public log: each is as many activities as the project has datasets. A page is full when
// it has them all, and stays as it is but for what is withdrawn.
const linesOnAPage = 100

func (f DCATFeed) address() string { return f.Catalog.BaseURL + "/ldes/dcat" }

// page is the address of a page. A log that began anew after a backup was put back has pages of its own.
func (f DCATFeed) page(epoch int64, n int) string {
	if epoch == 0 {
		return f.address() + "?page=" + strconv.Itoa(n)
	}
	return fmt.Sprintf("%s?epoch=%d&page=%d", f.address(), epoch, n)
}

// stream says of the feed how it is to be read.
func (f DCATFeed) stream() rdf.Node {
	n := typed(f.address()+"#stream", "ldes:EventStream")
	n.Say("tree:view", rdf.IRI(f.address()))
	for _, x := range [][2]string{{"timestampPath", "published"}, {"versionOfPath", "object"}, {"versionCreateObject", "Create"},
		{"versionUpdateObject", "Update"}, {"versionDeleteObject", "Delete"}} {
		n.Say("ldes:"+x[0], rdf.IRI(activityStreams+x[1]))
	}
	return n
}

const activityStreams = "https://www.w3.org/ns/activitystreams#"

func (f DCATFeed) write(nodes []rdf.Node) ([]byte, error) {
	var b bytes.Buffer
	w := rdf.NewWriter(&b, rdf.JSONLD, append(dcatPrefixes(), rdf.Prefix{Name: "as", IRI: activityStreams},
		rdf.Prefix{Name: "ldes", IRI: "https://w3id.org/ldes#"}, rdf.Prefix{Name: "tree", IRI: "https://w3id.org/tree#"}))
	if err := w.Write(nodes...); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

// Root is where a reader begins: it names the pages that there are.
func (f DCATFeed) Root(ctx context.Context) ([]byte, error) {
	epoch, err := f.Catalog.Log.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	lines, err := f.Catalog.OwnEntries(ctx)
	if err != nil {
		return nil, err
	}
	view := typed(f.address(), "tree:Node")
	nodes := []rdf.Node{f.stream()}
	for n := range (lines + linesOnAPage - 1) / linesOnAPage {
		relation := typed(fmt.Sprintf("%s#%d-page-%d", f.address(), epoch, n), "tree:Relation")
		relation.Say("tree:node", rdf.IRI(f.page(epoch, n)))
		view.Say("tree:relation", rdf.IRI(relation.IRI))
		nodes = append(nodes, relation)
	}
	return f.write(append(nodes, view))
}

// Page gives a page, and whether it is full. Pages of an epoch that ended are there and have nothing on them: what they
// told is told again.
func (f DCATFeed) Page(ctx context.Context, epoch int64, n int) (body []byte, isFull bool, err error) {
	now, err := f.Catalog.Log.Epoch(ctx)
	if err != nil {
		return nil, false, err
	}
	stream, here := f.stream(), typed(f.page(epoch, n), "tree:Node")
	if epoch != now {
		if epoch > now {
			return nil, false, ErrNoPage
		}
		relation := typed(here.IRI+"#view", "tree:Relation")
		relation.Say("tree:node", rdf.IRI(f.address()))
		here.Say("tree:relation", rdf.IRI(relation.IRI))
		body, err = f.write([]rdf.Node{stream, here, relation})
		return body, false, err
	}
	lines, err := f.Catalog.OwnFeed(ctx, n*linesOnAPage, linesOnAPage)
	if err != nil {
		return nil, false, err
	}
	if len(lines) == 0 {
		return nil, false, ErrNoPage
	}
	themes, err := readDataThemes()
	if err != nil {
		return nil, false, fmt.Errorf("read the data themes: %w", err)
	}
	var activities []rdf.Node
	for _, e := range lines {
		activities = append(activities, f.activities(epoch, e, themes)...)
	}
	for _, a := range activities {
		stream.Say("tree:member", rdf.IRI(a.IRI))
	}
	body, err = f.write(append([]rdf.Node{stream, here}, activities...))
	return body, len(lines) == linesOnAPage, err
}

// activities are what a line of the log tells, one for each dataset. Of a project that was withdrawn since only what was
// taken away is left to tell.
func (f DCATFeed) activities(epoch int64, e *catalog.OwnEntry, themes map[string]*dataTheme) []rdf.Node {
	var out []rdf.Node
	types := map[changelog.Type]string{changelog.Create: "as:Create", changelog.Update: "as:Update", changelog.Delete: "as:Delete"}
	for _, key := range slices.Sorted(maps.Keys(e.Datasets)) {
		became := e.Datasets[key]
		if e.Project == nil && became != changelog.Delete {
			continue
		}
		a := typed(fmt.Sprintf("%s#%d-%d-%s", f.address(), epoch, e.Number, key), types[became])
		a.Say("as:object", rdf.IRI(datasetIRI(e.URI, key)))
		a.Say("as:published", rdf.Typed(e.At.UTC().Format(time.RFC3339Nano), "xsd:dateTime"))
		if became != changelog.Delete {
			a.Graph = f.graph(e.Project, key, themes)
		}
		out = append(out, a)
	}
	return out
}

// graph describes one dataset with everything that it refers to, so that it can be read by itself.
func (f DCATFeed) graph(p *record.Project, key string, themes map[string]*dataTheme) []rdf.Node {
	d := &dcat{base: f.Catalog.BaseURL, ref: f.Catalog.Reference(), themes: themes, said: map[string]bool{}}
	for _, o := range record.Datasets(p) {
		if o.Key == key {
			return append(d.around(p), d.dataset(p, o)...)
		}
	}
	return nil
}
