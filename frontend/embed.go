// Package frontend holds the web application that Vite builds into dist, so that the binary can serve it without other
// files. The package compiles from a clean clone, before any build; [Application] tells the difference.
package frontend

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed all:dist unbuilt.html
var files embed.FS

// App is the web application as it was built.
type App struct {
	// Template is the HTML document that a page is put into, at the comments head, app and data. What stands between
	// the comments shell and /shell is for a page that the server could not render.
	Template []byte
	// Server is the script that renders pages, for goja.
	Server []byte
	// Documents are the operations that pages ask, by the SHA-256 of their text in hexadecimal.
	Documents map[string]string
}

// Application returns the web application, and false where it was not built before the binary was.
func Application() (App, bool) {
	if _, err := fs.Stat(files, "dist/server.js"); err != nil {
		return App{}, false
	}
	var app App
	app.Template = read("dist/index.html")
	app.Server = read("dist/server.js")
	if err := json.Unmarshal(read("dist/documents.json"), &app.Documents); err != nil {
		panic(fmt.Errorf("read the documents of the web application: %w", err)) // our own build wrote them
	}
	return app, true
}

// Unbuilt is the page that says in Dutch how to build the web application.
func Unbuilt() []byte { return read("unbuilt.html") }

// Assets are the files that pages refer to as /assets/<name>. The names hold a hash of the content, so an answer may be
// cached for ever. It is empty where the application was not built.
func Assets() fs.FS {
	assets, err := fs.Sub(files, "dist/assets")
	if err != nil {
		panic(err) // the path is constant and valid
	}
	return assets
}

func read(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return b
}
