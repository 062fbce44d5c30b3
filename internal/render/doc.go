// Package render runs the web application's components inside the binary: the bundle that Vite makes of
// frontend/src/server.tsx, in goja, a JavaScript engine in Go.
//
// The bundle is one script that sets globalThis.plein to {plan, render}. Both are functions of texts to a text:
//
//	plan(url)                    what a page asks: [Plan] as JSON
//	render(url, results, site)   the page, made of the answers: [Page] as JSON
//
// url is path and query as the browser sent them. The engine has the language alone, with what prelude.js adds: no
// timers, no network, no Intl, no modules. Work that is put off never happens, so what a page needs is there before it
// is rendered.
//
// Rendering may fail and must never break a page. Every call has a time limit and a place in a short queue, and a
// machine on which anything went wrong is thrown away; whoever calls shows the plain shell instead.
//
// goja stops a program between two instructions of its own and never inside one that is written in Go. Regular
// expressions that Go's own engine cannot run (with a look-around or a back-reference) go to one that may take for
// ever; a test keeps them out of the bundle.
package render
