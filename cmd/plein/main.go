// Command plein serves a catalogue of data projects of Dutch municipalities, and looks after it. Results go to standard
// output, progress and messages to standard error; it ends with 0, with 1 when something failed and with 2 when it was
// used wrongly.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
