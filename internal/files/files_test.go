package files_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/filechunk"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/files"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/store"
)

// tryKeep uploads a file for a project.
func tryKeep(ctx context.Context, t testing.TB, w *fixture.World, project, name string, body []byte) (*files.Kept, error) {
	t.Helper()
	received, err := w.Files.Receive(name, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer received.Close()
	return w.Files.Keep(ctx, project, received)
}

func keep(t testing.TB, w *fixture.World, project, name string, body []byte) *files.Kept {
	t.Helper()
	out, err := tryKeep(fixture.As(t, w.Leiden), t, w, project, name, body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func pdf(size int) []byte {
	out := bytes.Repeat([]byte("0123456789abcdef"), size/16+1)[:size]
	copy(out, "%PDF-1.7\n")
	return out
}

// read gives the bytes of a file, nil when the viewer may not read it.
func read(ctx context.Context, t testing.TB, w *fixture.World, id string) []byte {
	t.Helper()
	found, err := w.Files.Find(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if found[0] == nil {
		return nil
	}
	b, err := io.ReadAll(w.Files.Content(ctx, found[0]))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// draft makes a working copy with an output and gives the id.
func draft(t testing.TB, w *fixture.World) string {
	t.Helper()
	p := w.Project("Kamers")
	p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: w.Leiden.ID}}
	ctx := fixture.As(t, w.Leiden)
	err := w.Write(ctx, func(tx *catalog.Writer) error { _, err := tx.Create(ctx, p, catalog.Origin{}); return err })
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}

// change edits the project and gives the revision after it.
func change(t testing.TB, w *fixture.World, id string, do func(*record.Project)) error {
	t.Helper()
	return w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		_, err := tx.Edit(fixture.System(t), id, 0, func(r record.Record) error { do(r.(*record.Project)); return nil })
		return err
	})
}

func attach(t testing.TB, w *fixture.World, id, fileID string) {
	t.Helper()
	if err := change(t, w, id, func(p *record.Project) { p.Outputs[0].SetFile(fileID) }); err != nil {
		t.Fatal(err)
	}
}

func publish(t testing.TB, w *fixture.World, id string) {
	t.Helper()
	err := w.Write(fixture.System(t), func(tx *catalog.Writer) error { _, err := tx.Publish(fixture.System(t), id, 0); return err })
	if err != nil {
		t.Fatal(err)
	}
}

func code(err error) record.Code {
	var ps record.Problems
	if errors.As(err, &ps) {
		return ps[0].Code
	}
	return ""
}

func TestWhatIsUploadedComesBackByteForByte(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := draft(t, w)
		for _, size := range []int{16, 256 << 10, 256<<10 + 1, 3 << 20, files.MaxBytes} {
			body := pdf(size)
			kept := keep(t, w, id, "rapport.pdf", body)
			if kept.Name != "rapport.pdf" || kept.MediaType != "application/pdf" || kept.ByteSize != size || !kept.UploadedAt.Equal(w.Clock.Now()) {
				t.Errorf("%d bytes: %+v", size, kept.File)
			}
			if got := read(fixture.As(t, w.Leiden), t, w, kept.ID); !bytes.Equal(got, body) {
				t.Errorf("%d bytes came back as %d", size, len(got))
			}
			found, err := w.Files.Find(fixture.As(t, w.Leiden), kept.ID)
			if err != nil {
				t.Fatal(err)
			}
			if size < 1<<20 {
				if err := iotest.TestReader(w.Files.Content(t.Context(), found[0]), body); err != nil {
					t.Errorf("%d bytes: %v", size, err)
				}
			}
			part := w.Files.Content(t.Context(), found[0])
			if _, err := part.Seek(-10, io.SeekEnd); err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(part); err != nil || !bytes.Equal(b, body[size-10:]) {
				t.Errorf("the end of %d bytes: %d bytes, %v", size, len(b), err)
			}
		}
	})
}

func TestTheSameBytesAreKeptOnce(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		one, other, body := draft(t, w), draft(t, w), pdf(300<<10)
		first := keep(t, w, one, "rapport.pdf", body)
		again := keep(t, w, one, "anders.pdf", body)
		elsewhere := keep(t, w, other, "rapport.pdf", body)
		if again.ID != first.ID || again.Name != "rapport.pdf" || elsewhere.ID == first.ID {
			t.Errorf("%+v %+v %+v", first.File, again.File, elsewhere.File)
		}
		if n := w.Store.Client.FileChunk.Query().CountX(t.Context()); n != 2 {
			t.Errorf("%d stretches are kept, want 2", n)
		}
		ctx := fixture.As(t, w.Leiden)
		if _, err := w.Files.Remove(ctx, first.ID); err != nil {
			t.Fatal(err)
		}
		if back := keep(t, w, one, "rapport.pdf", body); back.ID != first.ID || !back.RemovedAt.IsZero() {
			t.Errorf("uploading it again does not put it back: %+v", back.File)
		}
		if _, err := w.Files.Remove(ctx, first.ID); err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(31 * 24 * time.Hour)
		attach(t, w, other, elsewhere.ID)
		if err := w.Files.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := read(ctx, t, w, elsewhere.ID); !bytes.Equal(got, body) {
			t.Error("the bytes went with the other file that had them")
		}
	})
}

func TestAFileIsReadByWhoReadsADocumentThatRefersToIt(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id, body := draft(t, w), pdf(1000)
		kept := keep(t, w, id, "rapport.pdf", body)
		stranger, leiden, delft := identity.AsStranger(t.Context()), fixture.As(t, w.Leiden), fixture.As(t, w.Delft)
		person := func(v identity.Viewer) context.Context { v.UserID = "usr_1"; return identity.With(t.Context(), v) }
		member := person(identity.Viewer{Memberships: []identity.Membership{{OrganizationID: w.Delft.ID, Role: identity.Member}}})
		author := person(identity.Viewer{Memberships: []identity.Membership{{OrganizationID: w.Leiden.ID, Role: identity.Author}}})
		guest := person(identity.Viewer{Guest: []string{id}})
		administrator := person(identity.Viewer{NodeAdmin: true, Moderator: true})
		check := func(when string, public bool, readers ...context.Context) {
			t.Helper()
			for name, ctx := range map[string]context.Context{"a stranger": stranger, "Leiden": leiden, "Delft": delft, "a member": member, "an author": author, "a guest": guest, "an administrator of the node": administrator} {
				if err := w.Due(ctx); err != nil {
					t.Fatal(err)
				}
				want := false
				for _, r := range readers {
					want = want || r == ctx
				}
				if got := read(ctx, t, w, kept.ID); (got != nil) != want {
					t.Errorf("%s: %s reads %d bytes", when, name, len(got))
				}
			}
			found, err := w.Files.Find(leiden, kept.ID)
			if err != nil || found[0].Public != public {
				t.Errorf("%s: public %v, %v", when, found[0].Public, err)
			}
		}
		insiders := []context.Context{leiden, author, guest}
		everybody := append(insiders, stranger, delft, member, administrator)
		check("of a working copy", false, insiders...)
		attach(t, w, id, kept.ID)
		check("referred to by a working copy", false, insiders...)
		publish(t, w, id)
		check("published", true, everybody...)
		if err := change(t, w, id, func(p *record.Project) { p.Outputs[0].SetFile("") }); err != nil {
			t.Fatal(err)
		}
		check("taken out of the working copy", true, everybody...)
		publish(t, w, id)
		check("taken out of what is public", false, insiders...)
		attach(t, w, id, kept.ID)
		if err := change(t, w, id, func(p *record.Project) { p.Audience = record.Community }); err != nil {
			t.Fatal(err)
		}
		publish(t, w, id)
		check("for the community", false, append(insiders, delft, member, administrator)...)
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
			_, err := tx.Withdraw(fixture.System(t), id, 0, "Er stond iets in dat niet klopt.")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		check("withdrawn", false, insiders...)
	})
}

func TestAFileUnderEmbargoBecomesPublicAtItsMomentAndNotBefore(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := draft(t, w)
		kept := keep(t, w, id, "rapport.pdf", pdf(1000))
		attach(t, w, id, kept.ID)
		if err := change(t, w, id, func(p *record.Project) { p.Embargoes = []*record.Embargo{w.Embargo(record.OutputsScope, time.Hour)} }); err != nil {
			t.Fatal(err)
		}
		publish(t, w, id)
		stranger := identity.AsStranger(t.Context())
		w.Clock.Move(time.Hour - time.Millisecond)
		if err := w.Due(stranger); err != nil || read(stranger, t, w, kept.ID) != nil {
			t.Errorf("a millisecond early: %v", err)
		}
		if _, err := w.Files.Remove(fixture.As(t, w.Leiden), kept.ID); code(err) != record.IllegalTransition {
			t.Errorf("what waits to be public could be removed: %v", err)
		}
		w.Clock.Move(time.Millisecond)
		if err := w.Due(stranger); err != nil || read(stranger, t, w, kept.ID) == nil {
			t.Errorf("at the moment: %v", err)
		}
	})
}

func TestWhatMayNotBeSeenTakesAsManyStatementsAsWhatIsNotThere(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		kept := keep(t, w, draft(t, w), "rapport.pdf", pdf(1000))
		for name, ctx := range map[string]context.Context{"a stranger": identity.AsStranger(t.Context()), "another organisation": fixture.As(t, w.Delft)} {
			w.Statements.Reset()
			if read(ctx, t, w, kept.ID) != nil {
				t.Errorf("%s reads it", name)
			}
			hidden := len(w.Statements.About("files", "publications", "drafts"))
			w.Statements.Reset()
			if read(ctx, t, w, "fil_unknown") != nil {
				t.Error("a file that does not exist is read")
			}
			if unknown := len(w.Statements.About("files", "publications", "drafts")); hidden != unknown || hidden == 0 || hidden > 3 {
				t.Errorf("%s: %d statements for what is hidden, %d for what is not there", name, hidden, unknown)
			}
		}
	})
}

func TestOnlyWhoWritesTheResultsUploads(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := draft(t, w)
		lesson := w.Publish(t, w.Lesson("Vraag het vooraf")).Base().ID
		reader := identity.With(t.Context(), identity.Viewer{TokenID: "tok_r", OrganizationID: w.Leiden.ID, Scopes: []identity.Scope{identity.ReadOrganization, identity.WriteThesaurus}})
		mixed := identity.With(t.Context(), identity.Viewer{UserID: "usr_1", Guest: []string{id}})
		for _, c := range []struct {
			name, project string
			ctx           context.Context
			want          error
			code          record.Code
		}{
			{"a stranger", id, identity.AsStranger(t.Context()), policy.ErrUnauthenticated, ""},
			{"another organisation", id, fixture.As(t, w.Delft), nil, record.NotFound},
			{"another organisation, for what is not there", "prj_x", fixture.As(t, w.Delft), nil, record.NotFound},
			{"a token that only reads", id, reader, policy.ErrForbidden, ""},
			{"a guest", id, mixed, nil, ""},
			{"a guest, elsewhere", draft(t, w), mixed, nil, record.NotFound},
			{"for a lesson", lesson, fixture.As(t, w.Leiden), nil, record.Invalid},
		} {
			_, err := tryKeep(c.ctx, t, w, c.project, "rapport.pdf", pdf(100))
			if c.code != code(err) || c.want != nil && !errors.Is(err, c.want) || c.want == nil && c.code == "" && err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		kept := keep(t, w, id, "rapport.pdf", pdf(100))
		for name, c := range map[string]struct {
			ctx  context.Context
			id   string
			want error
			code record.Code
		}{
			"a stranger":           {identity.AsStranger(t.Context()), kept.ID, policy.ErrUnauthenticated, ""},
			"another organisation": {fixture.As(t, w.Delft), kept.ID, nil, record.NotFound},
			"what is not there":    {fixture.As(t, w.Delft), "fil_x", nil, record.NotFound},
			"a reading token":      {reader, kept.ID, policy.ErrForbidden, ""},
		} {
			for _, do := range []func(context.Context, string) (*record.File, error){w.Files.Remove, w.Files.Restore} {
				if _, err := do(c.ctx, c.id); c.code != code(err) || c.want != nil && !errors.Is(err, c.want) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if list, err := w.Files.Of(fixture.As(t, w.Delft), id); list != nil || err != nil {
			t.Errorf("another organisation lists %v, %v", list, err)
		}
	})
}

func TestAnOutputRefersOnlyToFilesOfItsOwnProject(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		one, other := draft(t, w), draft(t, w)
		kept := keep(t, w, other, "rapport.pdf", pdf(100))
		for _, id := range []string{kept.ID, "fil_x"} {
			err := change(t, w, one, func(p *record.Project) { p.Outputs[0].SetFile(id) })
			if code(err) != record.NotFound {
				t.Errorf("%s: %v", id, err)
			}
		}
		if _, err := w.Files.Remove(fixture.As(t, w.Leiden), kept.ID); err != nil {
			t.Fatal(err)
		}
		if err := change(t, w, other, func(p *record.Project) { p.Outputs[0].SetFile(kept.ID) }); code(err) != record.NotFound {
			t.Errorf("a file that was removed: %v", err)
		}
		if _, err := w.Files.Restore(fixture.As(t, w.Leiden), kept.ID); err != nil {
			t.Fatal(err)
		}
		attach(t, w, other, kept.ID)
		r, err := w.Draft(fixture.As(t, w.Leiden), other)
		if err != nil {
			t.Fatal(err)
		}
		if f := r.(*record.Project).Outputs[0].File; f.Name != "rapport.pdf" || f.ByteSize != 100 || f.MediaType != "application/pdf" || f.Path() != "/files/"+kept.ID+"/rapport.pdf" {
			t.Errorf("the output says %+v", f)
		}
	})
}

func TestARemovedFileComesBackFor30Days(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx, id := fixture.As(t, w.Leiden), draft(t, w)
		used := keep(t, w, id, "gebruikt.pdf", pdf(100))
		attach(t, w, id, used.ID)
		spare, loose := keep(t, w, id, "los.pdf", pdf(200)), keep(t, w, id, "vergeten.pdf", pdf(300))
		if _, err := w.Files.Remove(ctx, used.ID); code(err) != record.IllegalTransition {
			t.Errorf("a file that an output refers to: %v", err)
		}
		prune := func(left ...*files.Kept) {
			t.Helper()
			if err := w.Files.Prune(t.Context()); err != nil {
				t.Fatal(err)
			}
			list, err := w.Files.Of(ctx, id)
			if err != nil || len(list) != len(left) {
				t.Errorf("%d files are left, want %d (%v)", len(list), len(left), err)
			}
			if n := w.Store.Client.FileChunk.Query().CountX(t.Context()); n != len(left) {
				t.Errorf("%d stretches are left, want %d", n, len(left))
			}
		}
		w.Clock.Move(10 * 24 * time.Hour)
		removed, err := w.Files.Remove(ctx, spare.ID)
		if err != nil || !removed.RemovedAt.Equal(w.Clock.Now()) || read(ctx, t, w, spare.ID) != nil {
			t.Errorf("%+v %v", removed, err)
		}
		prune(used, spare, loose)
		if back, err := w.Files.Restore(ctx, spare.ID); err != nil || !back.RemovedAt.IsZero() || read(ctx, t, w, spare.ID) == nil {
			t.Errorf("%+v %v", back, err)
		}
		if _, err := w.Files.Remove(ctx, spare.ID); err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(21 * 24 * time.Hour)
		prune(used, spare) // nothing ever referred to the loose one
		if _, err := w.Files.Remove(ctx, spare.ID); err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(9*24*time.Hour + time.Hour)
		prune(used) // removing it again began no new term
		if _, err := w.Files.Restore(ctx, spare.ID); code(err) != record.NotFound {
			t.Errorf("what is gone for good came back: %v", err)
		}

		// What was approved stays when nothing refers to it any more, until somebody removes it.
		publish(t, w, id)
		if err := change(t, w, id, func(p *record.Project) { p.Outputs[0].SetFile("") }); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Files.Remove(ctx, used.ID); code(err) != record.IllegalTransition {
			t.Errorf("a file that is public: %v", err)
		}
		publish(t, w, id)
		w.Clock.Move(100 * 24 * time.Hour)
		prune(used)
		if _, err := w.Files.Remove(ctx, used.ID); err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(31 * 24 * time.Hour)
		prune()
	})
}

func TestAFileThatCameBackMayWaitAsLongAsANewOne(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx, id := fixture.As(t, w.Leiden), draft(t, w)
		restored, again := keep(t, w, id, "terug.pdf", pdf(100)), keep(t, w, id, "opnieuw.pdf", pdf(200))
		w.Clock.Move(29 * 24 * time.Hour)
		for _, f := range []*files.Kept{restored, again} {
			if _, err := w.Files.Remove(ctx, f.ID); err != nil {
				t.Fatal(err)
			}
		}
		w.Clock.Move(10 * 24 * time.Hour)
		if _, err := w.Files.Restore(ctx, restored.ID); err != nil {
			t.Fatal(err)
		}
		keep(t, w, id, "opnieuw.pdf", pdf(200))
		if err := w.Files.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if list, err := w.Files.Of(ctx, id); err != nil || len(list) != 2 {
			t.Errorf("%d files are left (%v)", len(list), err)
		}
	})
}

func TestAFileOfAWithdrawnRecordCanBeRemoved(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx, id := fixture.As(t, w.Leiden), draft(t, w)
		kept := keep(t, w, id, "rapport.pdf", pdf(100))
		attach(t, w, id, kept.ID)
		publish(t, w, id)
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
			_, err := tx.Withdraw(fixture.System(t), id, 0, "Er stond een naam in.")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if read(identity.AsStranger(t.Context()), t, w, kept.ID) != nil {
			t.Error("it is still public")
		}
		if _, err := w.Files.Remove(ctx, kept.ID); err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(31 * 24 * time.Hour)
		if err := w.Files.Prune(t.Context()); err != nil || w.Store.Client.FileChunk.Query().CountX(t.Context()) != 0 {
			t.Errorf("its bytes are left: %v", err)
		}
	})
}

func TestAProjectHasAHundredFiles(t *testing.T) {
	w := fixture.SQLite(t)
	id := draft(t, w)
	for i := range 100 {
		keep(t, w, id, "a.txt", []byte(strings.Repeat("a", i+1)))
	}
	if _, err := tryKeep(fixture.As(t, w.Leiden), t, w, id, "a.txt", []byte("b")); code(err) != record.TooMany {
		t.Errorf("one more: %v", err)
	}
}

func TestPersonalDataInAFileIsWarnedOfAndKept(t *testing.T) {
	w := fixture.SQLite(t)
	id := draft(t, w)
	kept := keep(t, w, id, "lijst.csv", []byte("naam;nummer\nA;111222333\nB;123456782\n"))
	if len(kept.Warnings) != 1 || kept.Warnings[0].Code != record.PersonalDataSuspected || strings.Contains(kept.Warnings[0].Error(), "111222333") {
		t.Errorf("%+v", kept.Warnings)
	}
	if len(keep(t, w, id, "tabel.csv", []byte("wijk;inwoners\nA;1200\nB;900\n")).Warnings) != 0 {
		t.Error("an ordinary table nags")
	}
}

func TestABackupHoldsTheFiles(t *testing.T) {
	w := fixture.SQLite(t)
	id, body := draft(t, w), pdf(700<<10)
	kept := keep(t, w, id, "rapport.pdf", body)
	backup, data := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "data")
	if _, err := w.Store.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(t.Context(), backup, data, false, func(context.Context, *ent.Tx, string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	restored := (&fixture.World{Config: store.Config{Dir: data}, Clock: w.Clock}).Replica(t)
	if got := read(fixture.System(t), t, restored, kept.ID); !bytes.Equal(got, body) {
		t.Errorf("%d of %d bytes came back", len(got), len(body))
	}
}

func TestAFileOfWhichBytesAreMissingIsNotReadAsWhole(t *testing.T) {
	w := fixture.SQLite(t)
	kept := keep(t, w, draft(t, w), "rapport.pdf", pdf(600<<10))
	tx, err := w.Store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tx.FileChunk.DeleteOneID(tx.FileChunk.Query().Order(filechunk.ByID()).IDsX(t.Context())[1]).ExecX(t.Context())
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	found, err := w.Files.Find(fixture.System(t), kept.ID)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(w.Files.Content(t.Context(), found[0])); err == nil {
		t.Errorf("%d bytes pass for the whole", len(b))
	}
}

func TestWhatDoesNotArriveWholeIsNotKept(t *testing.T) {
	w := fixture.SQLite(t)
	if _, err := w.Files.Receive("a.pdf", io.MultiReader(bytes.NewReader(pdf(1000)), iotest.ErrReader(io.ErrUnexpectedEOF))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut off: %v", err)
	}
	if _, err := w.Files.Receive("a.pdf", bytes.NewReader(pdf(files.MaxBytes+1))); !errors.Is(err, files.ErrTooLarge) {
		t.Errorf("a byte too many: %v", err)
	}
	received, err := w.Files.Receive("a.pdf", strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	defer received.Close()
	if _, err := w.Files.Keep(fixture.As(t, w.Leiden), draft(t, w), received); code(err) != record.Required {
		t.Errorf("empty: %v", err)
	}
}
