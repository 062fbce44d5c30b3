// What the components expect of a browser beside the language itself.
(function (global) {
  'use strict'

  function nothing() {}

  global.self = global
  global.console = { log: nothing, info: nothing, warn: nothing, error: nothing, debug: nothing }

  // A page is rendered in one go: what is put off is never done.
  function never() { return 0 }
  global.setTimeout = global.setInterval = never
  global.clearTimeout = global.clearInterval = global.queueMicrotask = nothing

  // URLSearchParams as the URL Standard has it (url.spec.whatwg.org, 5 and 6.2).

  // The bytes of a text in which %XX stands for a byte, as UTF-8; what is no UTF-8 becomes U+FFFD, one for each part
  // that a decoder can tell is wrong (Encoding Standard, 8.1.1).
  function decodeBytes(text) {
    var out = '', point = 0, needed = 0, seen = 0, lower = 0x80, upper = 0xBF
    for (var i = 0; i < text.length; i++) {
      var unit = text.charCodeAt(i)
      if (unit === 0x25 && /^[0-9A-Fa-f]{2}$/.test(text.slice(i + 1, i + 3))) {
        unit = parseInt(text.slice(i + 1, i + 3), 16)
        i += 2
      } else if (unit >= 0x80) { // a character as it is, which no byte continues
        if (needed) out += '\uFFFD'
        needed = 0
        out += text[i]
        continue
      }
      if (needed) {
        if (unit >= lower && unit <= upper) {
          lower = 0x80; upper = 0xBF
          point = point << 6 | unit & 0x3F
          if (++seen === needed) {
            out += String.fromCodePoint(point)
            needed = 0
          }
          continue
        }
        out += '\uFFFD'
        needed = 0
      }
      lower = 0x80; upper = 0xBF; seen = 0
      if (unit < 0x80) {
        out += String.fromCharCode(unit)
      } else if (unit >= 0xC2 && unit <= 0xDF) {
        needed = 1; point = unit & 0x1F
      } else if (unit >= 0xE0 && unit <= 0xEF) {
        needed = 2; point = unit & 0xF
        if (unit === 0xE0) lower = 0xA0
        if (unit === 0xED) upper = 0x9F
      } else if (unit >= 0xF0 && unit <= 0xF4) {
        needed = 3; point = unit & 0x7
        if (unit === 0xF0) lower = 0x90
        if (unit === 0xF4) upper = 0x8F
      } else {
        out += '\uFFFD'
      }
    }
    return needed ? out + '\uFFFD' : out
  }

  function decode(text) {
    text = wellFormed(text.split('+').join(' '))
    if (text.indexOf('%') < 0) return text
    try {
      return decodeURIComponent(text)
    } catch (e) {
      return decodeBytes(text)
    }
  }

  // Half a character that stands alone becomes U+FFFD.
  function wellFormed(text) {
    if (!/[^\x00-\x7F]/.test(text)) return text
    var out = ''
    for (var i = 0; i < text.length; i++) {
      var unit = text.charCodeAt(i), next = text.charCodeAt(i + 1)
      if (unit < 0xD800 || unit > 0xDFFF) {
        out += text[i]
      } else if (unit < 0xDC00 && next >= 0xDC00 && next <= 0xDFFF) {
        out += text[i] + text[++i]
      } else {
        out += '\uFFFD'
      }
    }
    return out
  }

  var escapes = { '!': '%21', "'": '%27', '(': '%28', ')': '%29', '~': '%7E', '%20': '+' }

  function encode(text) {
    return encodeURIComponent(text).replace(/[!'()~]|%20/g, function (found) { return escapes[found] })
  }

  function parse(text) {
    return text.split('&').filter(Boolean).map(function (pair) {
      var i = pair.indexOf('=')
      return i < 0 ? [decode(pair), ''] : [decode(pair.slice(0, i)), decode(pair.slice(i + 1))]
    })
  }

  function asText(value) { return wellFormed(String(value)) }

  function pairsOf(init) {
    if (init === undefined) return []
    if (init === null || typeof init !== 'object') return parse(String(init).replace(/^\?/, ''))
    var pairs = init[Symbol.iterator] ? Array.from(init) : Object.entries(init)
    return pairs.map(function (pair) {
      pair = Array.from(pair)
      if (pair.length !== 2) throw new TypeError('URLSearchParams takes pairs of a name and a value')
      return pair.map(asText)
    })
  }

  class URLSearchParams {
    constructor(init) {
      Object.defineProperty(this, 'pairs', { value: pairsOf(init), writable: true })
    }
    get size() { return this.pairs.length }
    get(name) {
      var found = this.pairs.find(function (pair) { return pair[0] === String(name) })
      return found ? found[1] : null
    }
    getAll(name) {
      return this.pairs.filter(function (pair) { return pair[0] === String(name) }).map(function (pair) { return pair[1] })
    }
    has(name, value) {
      return this.pairs.some(function (pair) {
        return pair[0] === String(name) && (value === undefined || pair[1] === String(value))
      })
    }
    append(name, value) { this.pairs.push([asText(name), asText(value)]) }
    delete(name, value) {
      this.pairs = this.pairs.filter(function (pair) {
        return pair[0] !== String(name) || (value !== undefined && pair[1] !== String(value))
      })
    }
    set(name, value) {
      name = asText(name)
      var first = this.pairs.find(function (pair) { return pair[0] === name })
      if (!first) return this.append(name, value)
      first[1] = asText(value)
      this.pairs = this.pairs.filter(function (pair) { return pair === first || pair[0] !== name })
    }
    sort() { this.pairs.sort(function (a, b) { return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0 }) }
    forEach(visit, self) {
      this.pairs.forEach(function (pair) { visit.call(self, pair[1], pair[0], this) }, this)
    }
    keys() { return this.pairs.map(function (pair) { return pair[0] })[Symbol.iterator]() }
    values() { return this.pairs.map(function (pair) { return pair[1] })[Symbol.iterator]() }
    entries() { return this.pairs.map(function (pair) { return pair.slice() })[Symbol.iterator]() }
    toString() {
      return this.pairs.map(function (pair) { return encode(pair[0]) + '=' + encode(pair[1]) }).join('&')
    }
  }
  URLSearchParams.prototype[Symbol.iterator] = URLSearchParams.prototype.entries
  global.URLSearchParams = URLSearchParams
})(globalThis)
