package federation

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/store"
)

// victim names the database of a process that publishes and signs until it is killed; beside it is the file with the secret.
const victim = "PLEIN_TEST_SIGNER"

// A process of its own runs this one.
func TestSignUntilKilled(t *testing.T) {
	where := os.Getenv(victim)
	if where == "" {
		t.Skip("left out: only for a process that is killed")
	}
	w := (&fixture.World{Config: at(where), Clock: &fixture.Clock{}}).Replica(t)
	f := openAt(t, w, "here", os.Getenv(victim+"_KEY"))
	for i := 0; ; i++ {
		for range 3 {
			w.Publish(t, w.Project(fmt.Sprint("Project ", i)))
		}
		signAll(t, f)
		fmt.Println("signed", f.Signed())
	}
}

func at(where string) store.Config {
	if strings.HasPrefix(where, "postgres://") {
		return store.Config{Database: where}
	}
	return store.Config{Dir: where}
}

func TestASignerThatIsKilledLeavesNoGap(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		keyFile := filepath.Join(t.TempDir(), "key")
		where := w.Config.Dir + w.Config.Database
		for round := range 3 {
			c := exec.Command(os.Args[0], "-test.run=^TestSignUntilKilled$")
			c.Env = append(os.Environ(), victim+"="+where, victim+"_KEY="+keyFile)
			out, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			for n := 0; n < 2+round && lines.Scan(); {
				if strings.HasPrefix(lines.Text(), "signed") {
					n++
				}
			}
			c.Process.Kill() //nolint:errcheck // it has ended then
			c.Wait()         //nolint:errcheck // it was killed
			f := openAt(t, w, "here", keyFile)
			before := len(readLog(t, f, w.Leiden.ID))
			signAll(t, f)
			after := len(readLog(t, f, w.Leiden.ID))
			heads, err := w.Log.PublisherHeads(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if before < 3*(2+round) || int64(after) != heads[w.Leiden.ID] {
				t.Errorf("of %d entries %d were signed when it was killed, and %d after", heads[w.Leiden.ID], before, after)
			}
		}
	})
}
