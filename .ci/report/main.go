// Command report runs the Go tests and says in its last lines how many passed, failed and were left out, and why: a test
// that is left out must not look green.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func main() {
	cmd := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		fatal(err)
	}
	if err := cmd.Start(); err != nil {
		fatal(err)
	}
	passed, failed := 0, 0
	printed := map[string]*strings.Builder{}
	leftOut := map[string][]string{}
	lines := bufio.NewScanner(out)
	lines.Buffer(make([]byte, 1<<20), 64<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text())
			continue
		}
		name := e.Package + " " + e.Test
		switch e.Action {
		case "output":
			if printed[name] == nil {
				printed[name] = &strings.Builder{}
			}
			printed[name].WriteString(e.Output)
		case "build-output":
			fmt.Print(e.Output)
		case "pass", "fail", "skip":
			text := ""
			if printed[name] != nil {
				text = printed[name].String()
				delete(printed, name)
			}
			switch {
			case e.Test == "" && (e.Action != "skip" || strings.Contains(text, "FAIL")):
				fmt.Printf("%-4s %6.1fs %s\n", e.Action, e.Elapsed, e.Package)
				if e.Action == "fail" {
					fmt.Print(text)
				}
			case e.Test == "":
			case e.Action == "pass":
				passed++
			case e.Action == "fail":
				failed++
				fmt.Print(text)
			default:
				reason := why(text)
				leftOut[reason] = append(leftOut[reason], name)
			}
		}
	}
	ended := cmd.Wait()
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, count(leftOut))
	fmt.Println(summary(leftOut))
	if ended != nil || failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

// why finds the reason that a test gave for being left out.
func why(output string) string {
	for _, l := range strings.Split(output, "\n") {
		if _, reason, ok := strings.Cut(l, ".go:"); ok {
			if _, reason, ok = strings.Cut(reason, ": "); ok {
				return strings.TrimPrefix(strings.TrimSpace(reason), "left out: ")
			}
		}
	}
	return "no reason given"
}

func count(m map[string][]string) (n int) {
	for _, names := range m {
		n += len(names)
	}
	return n
}

func summary(m map[string][]string) string {
	if len(m) == 0 {
		return "Left out: nothing."
	}
	var reasons []string
	for reason, names := range m {
		reasons = append(reasons, fmt.Sprintf("%d tests because %s", len(names), reason))
	}
	slices.Sort(reasons)
	return "Left out: " + strings.Join(reasons, "; ") + "."
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "report:", err)
	os.Exit(1)
}
