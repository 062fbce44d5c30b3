// Package frontend holds the web pages that Vite builds into dist, so that the
// binary can serve them without other files. The package compiles from a clean
// clone, before any build; [Built] tells the difference.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist unbuilt.html
var files embed.FS

// Assets returns the files that the pages refer to as /assets/<name>. The names
// hold a hash of the content, so an answer may be cached for ever. It is empty
// where the bundle was not built.
func Assets() fs.FS {
	assets, err := fs.Sub(files, "dist/assets")
	if err != nil {
		panic(err) // The path is constant and valid.
	}
	return assets
}

// API returns the HTML page of /api. Where the bundle was not built the page
// says so in Dutch and ok is false. Neither page holds inline script or style:
// both hold under the content security policy default-src 'self'.
func API() (html []byte, ok bool) {
	name := "unbuilt.html"
	if Built() {
		name = "dist/api.html"
	}
	html, err := files.ReadFile(name)
	if err != nil {
		panic(err) // Both are embedded.
	}
	return html, Built()
}

// Built reports whether the bundle was built before the binary was.
func Built() bool {
	_, err := fs.Stat(files, "dist/api.html")
	return err == nil
}
