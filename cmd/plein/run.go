package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"runtime/debug"
	"time"

	"entgo.io/ent/dialect"
	"github.com/alecthomas/kong"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/files"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/store"
)

// cli is the whole command line. Every flag can also be set in the environment.
type cli struct {
	Data            string `help:"Folder with everything that Plein keeps: ./data when left out, and with --demo ./demo-data." env:"PLEIN_DATA" placeholder:"DIR"`
	Database        string `help:"PostgreSQL database (postgres://…) instead of SQLite in the folder." env:"PLEIN_DATABASE" placeholder:"URL"`
	BaseURL         string `help:"Address at which the world finds this node, such as https://plein.example.nl. The first publication under it fixes the addresses of records." env:"PLEIN_BASE_URL" placeholder:"URL"`
	PublicationDays int    `help:"Within how many days of its delivery an output that must become public is due. The database remembers what was chosen: 30 at first." env:"PLEIN_PUBLICATION_DAYS" placeholder:"DAYS"`
	KeyFile         string `help:"File with the 32 bytes that seal the keys of publishers: DATA/key when left out, made with the first key. Several processes on one database need the same." env:"PLEIN_KEY_FILE" placeholder:"FILE"`
	LoopbackPeers   bool   `name:"allow-loopback-peers" help:"Let peers be on this machine, for tests and trials; only with a --base-url on this machine." env:"PLEIN_ALLOW_LOOPBACK_PEERS"`
	JSON            bool   `help:"Give results as JSON." name:"json" env:"PLEIN_JSON"`
	Demo            bool   `help:"Work on a catalogue in which everything is invented, to see what Plein does; it is kept apart from real ones." env:"PLEIN_DEMO"`

	Serve          serveCmd          `cmd:"" help:"Serve the catalogue."`
	Seed           seedCmd           `cmd:"" help:"Bring in the starter content, or what changed in it."`
	Import         importCmd         `cmd:"" help:"Bring in a register as projects."`
	Export         exportCmd         `cmd:"" help:"Write what is public as NDJSON or CSV."`
	Thesaurus      thesaurusCmd      `cmd:"" help:"Look after the words that searches are widened with."`
	Demand         demandCmd         `cmd:"" help:"Show what was searched for in vain."`
	Reindex        reindexCmd        `cmd:"" help:"Make the search index again."`
	Backup         backupCmd         `cmd:"" help:"Copy the database to a new folder, also while serving."`
	Restore        restoreCmd        `cmd:"" help:"Put a backup in place."`
	Organization   organizationCmd   `cmd:"" help:"Look after organisations."`
	Municipalities municipalitiesCmd `cmd:"" help:"Look after what is known of municipalities."`
	Token          tokenCmd          `cmd:"" help:"Look after the API tokens of organisations."`
	User           userCmd           `cmd:"" help:"Look after the accounts of people."`
	Peer           peerCmd           `cmd:"" help:"Look after the exchange with other nodes."`
	Key            keyCmd            `cmd:"" help:"Look after the keys under which organisations publish to other nodes."`
	Doctor         doctorCmd         `cmd:"" help:"Check whether everything is in order, and say what to do."`
	Analyze        analyzeCmd        `cmd:"" help:"Show what the search index makes of a text."`
	Eval           evalCmd           `cmd:"" help:"Measure how well search ranks (for developers)."`
	Trial          trialCmd          `cmd:"" help:"Start three nodes on this machine that exchange what they publish, to see how that works."`
	Version        versionCmd        `cmd:"" help:"Say which Plein this is."`
}

// AfterApply fills in the folder: the demo has its own, so that it never comes near a real catalogue by accident.
func (c *cli) AfterApply() error {
	switch {
	case c.Data == "" && c.Demo:
		c.Data = "./demo-data"
	case c.Data == "":
		c.Data = "./data"
	}
	return nil
}

// session is what every command works with.
type session struct {
	cli    *cli
	ctx    context.Context
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	// now is the clock of everything that is opened. wrap, when set, goes around the database driver.
	now  func() time.Time
	wrap func(dialect.Driver) dialect.Driver
}

// usageError is a use of the command that cannot be right.
type usageError struct{ error }

func usagef(format string, values ...any) error { return usageError{fmt.Errorf(format, values...)} }

// Run carries out one command and gives its exit code.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	var c cli
	ended := -1
	parser, err := kong.New(&c, kong.Name("plein"), kong.Writers(stdout, stderr), kong.Exit(func(n int) { ended = n }),
		kong.Description("Plein: a catalogue in which Urban Data Centers share projects, process templates and lessons.\n\nBegin with: plein serve"),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
	if err != nil {
		fmt.Fprintln(stderr, "plein:", err)
		return 1
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if ended >= 0 {
		return ended
	}
	if err != nil {
		fmt.Fprintf(stderr, "plein: %v\nSee: plein --help\n", err)
		return 2
	}
	err = parsed.Run(&session{cli: &c, ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now})
	var wrong usageError
	var ps record.Problems
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintf(stderr, "plein: %v\nSee: plein %s --help\n", err, parsed.Command())
		return 2
	case errors.As(err, &ps):
		for _, p := range ps {
			fmt.Fprintln(stderr, "plein:", p.Error())
		}
		return 1
	}
	fmt.Fprintln(stderr, "plein:", err)
	return 1
}

// result gives what a command found: as JSON where that was asked for, else in words.
func (s *session) result(v any, words func(io.Writer)) error {
	if !s.cli.JSON {
		words(s.stdout)
		return nil
	}
	e := json.NewEncoder(s.stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// say tells a person how things go.
func (s *session) say(format string, values ...any) { fmt.Fprintf(s.stderr, format+"\n", values...) }

// house is the open database with the catalogue on it.
type house struct {
	store    *store.Store
	log      *changelog.Log
	catalog  *catalog.Catalog
	tokens   *identity.Tokens
	sessions *identity.Sessions
	files    *files.Files
	// accounts sends no mail until a command gives it an outbox.
	accounts *identity.Accounts
	// federation is nil where the node has no address that was chosen on purpose, and in the demo.
	federation *federation.Federation
}

// open opens the database. It makes one where there is none only when make says so: a typing error in --data should not
// leave an empty catalogue behind.
func (s *session) open(logger *slog.Logger, baseURL string, create bool) (*house, error) {
	if !create && s.cli.Database == "" && !store.Exists(s.cli.Data) {
		return nil, fmt.Errorf("there is no catalogue in %s: begin with `plein serve` or `plein seed`, or say where it is with --data", s.cli.Data)
	}
	if days := s.cli.PublicationDays; days < 0 || days > 365 {
		return nil, usagef("--publication-days must be 1 to 365")
	}
	st, err := store.Open(s.ctx, store.Config{Database: s.cli.Database, Dir: s.cli.Data, Wrap: s.wrap})
	if err != nil {
		return nil, err
	}
	h := &house{store: st, log: changelog.New(st.Client)}
	h.tokens = &identity.Tokens{Client: st.Client, Begin: st.Begin, Aside: st.BeginAside, Now: s.now}
	h.sessions = &identity.Sessions{Client: st.Client, Begin: st.BeginAside, Now: s.now}
	frozen := s.cli.BaseURL != ""
	if frozen {
		if baseURL = s.cli.BaseURL; !record.IsWebAddress(baseURL) {
			return nil, errors.Join(usagef("--base-url must be a full address such as https://plein.example.nl"), st.Close())
		}
	}
	provenance := record.Own
	if s.cli.Demo {
		provenance = record.Demo
	}
	h.catalog, err = catalog.Open(s.ctx, catalog.Config{Client: st.Client, Begin: st.Begin, Log: h.log, Now: s.now,
		BaseURL: baseURL, Frozen: frozen, Logger: logger, PublicationDays: s.cli.PublicationDays, Provenance: provenance})
	if err == nil {
		err = s.keepApart(h.catalog)
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	h.files = &files.Files{Client: st.Client, Begin: st.Begin, Catalog: h.catalog, Now: s.now, Dir: s.cli.Data, Full: store.IsFull}
	h.accounts = &identity.Accounts{Client: st.Client, Begin: st.Begin, Now: s.now, Passwords: identity.NewPasswords(identity.DefaultParams), BaseURL: baseURL,
		Scrub: func(ctx context.Context) error { return st.Scrub(ctx, identity.PersonalTables...) }}
	if h.federation, err = s.federate(h, logger); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return h, nil
}

// federate gives the node its place among others; none where nobody said where it is found, and in the demo.
func (s *session) federate(h *house, logger *slog.Logger) (*federation.Federation, error) {
	if s.cli.LoopbackPeers && !onLoopback(s.cli.BaseURL) {
		return nil, usagef("--allow-loopback-peers is for trials on one machine: it needs a --base-url such as http://localhost:8080")
	}
	if s.cli.BaseURL == "" || s.cli.Demo {
		return nil, nil
	}
	place, err := h.store.Place(s.ctx)
	if err != nil {
		return nil, err
	}
	return federation.Open(s.ctx, federation.Config{Catalog: h.catalog, KeyFile: cmp.Or(s.cli.KeyFile, filepath.Join(s.cli.Data, "key")), Place: place,
		Scrub: func(ctx context.Context) error { return h.store.Scrub(ctx, "keys") }, Software: "plein " + softwareVersion(), AllowLoopback: s.cli.LoopbackPeers, Logger: logger,
		Aside: h.store.BeginAside, Dialect: h.store.Dialect})
}

// onLoopback tells whether an address is of this machine alone.
func onLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// keepApart refuses to look after the demo as if it were real, and a real catalogue as if it were the demo.
func (s *session) keepApart(cat *catalog.Catalog) error {
	invented, real, err := exchange.Holds(s.ctx, cat)
	place := "the folder " + s.cli.Data
	if s.cli.Database != "" {
		place = "the database"
	}
	switch {
	case err != nil:
		return err
	case invented && !s.cli.Demo:
		return fmt.Errorf("%s holds the demo, in which everything is invented: look at it with --demo, or choose another place for a real catalogue with --data or --database", place)
	case real && s.cli.Demo:
		return fmt.Errorf("%s holds a real catalogue: the demo does not go into it; choose another place with --data or --database, or leave out --demo", place)
	}
	return nil
}

func (h *house) close() error { return h.store.Close() }

// with opens the database for a command that looks after it.
func (s *session) with(create bool, do func(*house) error) error {
	h, err := s.open(slog.New(slog.NewTextHandler(s.stderr, nil)), defaultBase, create)
	if err != nil {
		return err
	}
	return errors.Join(do(h), h.close())
}

// withReal is with for a command that brings in something real: it has no place in the demo.
func (s *session) withReal(do func(*house) error) error {
	if s.cli.Demo {
		return usagef("everything in the demo is invented, so nothing real goes into it: leave out --demo")
	}
	return s.with(true, do)
}

// system is a context in which the administrator at the command line acts.
func (s *session) system() context.Context { return identity.AsSystem(s.ctx) }

type versionCmd struct{}

func (versionCmd) Run(s *session) error {
	v := softwareVersion()
	return s.result(map[string]string{"version": v}, func(w io.Writer) { fmt.Fprintln(w, "plein", v) })
}

// version is set by the build; a build without it names its commit.
var version string

func softwareVersion() string {
	if version != "" {
		return version
	}
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, x := range b.Settings {
			if x.Key == "vcs.revision" && len(x.Value) >= 12 {
				return "0.1.0+" + x.Value[:12]
			}
		}
	}
	return "0.1.0"
}
