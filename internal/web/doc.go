// Package web is the HTTP edge of Plein: routes, headers, limits, the response cache and the pages. What it serves comes in
// through [Config].
//
// One request passes, in this order: request id and client address, log and metrics, panic guard, security headers,
// route; and at /graphql: cross-site check, authentication, rate limit, body limit, release of what is due, cache,
// overload gate, execution.
//
// # Pages
//
// Every address that nothing else answers is a page of the web application: rate limit, release of what is due, cache,
// one execution for all who ask the same now, a gate of its own, and then three steps. The application says what the page
// asks (plan), its operations are carried out one after the other by the GraphQL handler for an anonymous visitor, and
// the application makes the page of the answers (render). A page is kept until the version changes when it is 200, 404
// or 410 and all that it was made of may be shared.
//
// When plan or render fails, takes too long or is too busy, and when the gate is full, the answer is the shell: the
// document without content, which the browser fills by itself. When the operations fail it is a page that says so, made
// by nothing but a template.
//
// A page with a secret in its address, or that says what came of a form, is made for each asker and kept by nobody.
//
// # People
//
// Forms to sign in and out, to use a link and to look after an account are ordinary posts of our own pages, answered with
// 303. Who is signed in is known by a cookie, and only where it is asked: at POST /graphql, uploads and these forms. Pages
// are always those of an anonymous visitor; the browser asks for what is somebody's own.
//
// # What the GraphQL handler sees and says
//
// The edge parses the body once and hands on a request of its own making, so that what is executed is exactly what was
// keyed: the operation in canonical JSON (or, for GET, a canonical query string), Content-Type, Accept (one of
// application/json, application/graphql-response+json, text/event-stream) and Accept-Language (nl or en). No other
// header, no address and no Host arrive. The viewer, the request id and the budget are in the context.
//
// The handler answers with headers that the edge removes: [HeaderCost], the operation's points (1 when absent),
// [HeaderCacheable] with the value 1 when the answer is the same for every anonymous asker at this Version: a query
// without errors that used neither viewer, request id nor budget; and [HeaderMiss] for each search that found nothing.
package web
