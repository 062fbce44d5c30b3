// A web application of a few addresses, in the place of the one that Vite builds.
(function () {
  'use strict'
  var hash = '5ea2c41d5ea2c41d5ea2c41d5ea2c41d5ea2c41d5ea2c41d5ea2c41d5ea2c41d'

  function parse(url) {
    var parts = url.split('?')
    var english = parts[0] === '/en' || parts[0].startsWith('/en/')
    return { path: (english ? parts[0].slice(3) : parts[0]) || '/', lang: english ? 'en' : 'nl', query: new URLSearchParams(parts[1]) }
  }

  function plan(url) {
    var at = parse(url)
    if (at.path === '/plan-loop') for (;;) {}
    if (at.path === '/plan-throw') throw new Error('geheim')
    if (at.path === '/plan-away') return JSON.stringify({ route: 'away', location: '//evil.example', operations: [] })
    if (at.path === '/projecten') return JSON.stringify({ route: 'projects', location: '/zoeken?soort=PROJECT', operations: [] })
    if (at.path === '/zoeken') {
      var words = at.query.getAll('q')
      return JSON.stringify({ route: 'search', operations: words.map(function (q) { return { hash: hash, variables: { query: q, first: 10 } } }) })
    }
    if (at.path === '/still') return JSON.stringify({ route: 'still', operations: [{ hash: hash, variables: { query: 'lang', first: 10 } }] })
    return JSON.stringify({ route: at.path === '/' ? 'home' : 'other', operations: [] })
  }

  function escape(text) {
    return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
  }

  function page(at, status, title, text) {
    return JSON.stringify({
      status: status, location: '', lang: at.lang,
      head: '<title>' + escape(title) + '</title>',
      body: '<h1>' + escape(title) + '</h1><p>' + escape(text) + '</p>',
    })
  }

  function render(url, results, site) {
    var at = parse(url), found = JSON.parse(results)
    switch (at.path) {
      case '/': return page(at, 200, 'Begin', JSON.parse(site).base)
      case '/still': return JSON.stringify({ status: 200, lang: 'nl', still: true, head: '', body: '<h1>Stil</h1><p>' + found.length + '</p>' })
      case '/loop': for (;;) {}
      case '/deep': return (function down() { return down() + 1 })()
      case '/throw': throw new Error('geheim')
      case '/nothing': return undefined
      case '/huge': return 'x'.repeat(3 << 20)
      case '/moved': return JSON.stringify({ status: 301, location: '/zoeken?q=a', lang: 'nl', head: '', body: '' })
      case '/away': return JSON.stringify({ status: 301, location: 'https://evil.example/', lang: 'nl', head: '', body: '' })
      case '/bad': return page(at, 400, 'Onjuist', '')
      case '/gone': return page(at, 410, 'Weg', '')
      case '/unavailable': return page(at, 503, 'Nu niet', '')
      case '/zoeken':
        return page(at, 200, 'Zoeken', found.map(function (result) { return JSON.stringify(result.data) }).join(' '))
    }
    return page(at, 404, 'Niet gevonden', at.path)
  }

  Object.assign(globalThis, { plein: { plan: plan, render: render } })
})()
