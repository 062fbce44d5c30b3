// Runs after the bundle: nothing that a page leaves on what all pages share can reach the next one.
(function (global) {
  'use strict'
  var shared = [Object, Function, Array, String, Number, Boolean, Symbol, BigInt, RegExp, Date, Map, Set, WeakMap, WeakSet,
    Promise, URLSearchParams, Math, JSON, Reflect, console, plein]
  shared.forEach(function (one) {
    Object.freeze(one)
    if (one.prototype) Object.freeze(one.prototype)
  })
  Object.freeze(global)
})(globalThis)
