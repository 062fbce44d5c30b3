// Command families makes the table that package compound takes words apart with, of a list of Dutch word forms such as
// the Debian package wdutch installs:
//
//	go run ./internal/compound/families /usr/share/dict/dutch > families.txt && mv families.txt internal/compound/
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/udc-community/plein/internal/compound"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "families: name one list of words")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "families:", err)
		os.Exit(1)
	}
}

func run(path string, out io.Writer) error {
	list, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening the list of words: %w", err)
	}
	defer list.Close()
	table, err := compound.Derive(list)
	if err != nil {
		return err
	}
	_, err = out.Write(table)
	return err
}
