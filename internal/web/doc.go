// Package web is the HTTP edge of Plein: routes, headers, limits, the response cache and the plain pages that work
// without JavaScript. It knows nothing of records or GraphQL: what it serves comes in through [Config].
//
// One request passes, in this order: request id and client address, log and metrics, panic guard, security headers,
// route; and at /graphql: cross-site check, authentication, rate limit, body limit, release of what is due, cache,
// overload gate, execution.
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
