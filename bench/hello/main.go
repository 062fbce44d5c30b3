// Command hello is the least that a server does: it reads a request and answers five bytes. What cached answers cost is
// reported as a share of its rate.
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("say where to listen, such as 127.0.0.1:18081")
	}
	server := &http.Server{Addr: os.Args[1], ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			io.WriteString(w, "hello") //nolint:errcheck // the client went away
		}
	})}
	log.Fatal(server.ListenAndServe())
}
