// The script engine's side of the platform. It keeps, for every session and every dialog, a chain of scopes
// (outermost first), and runs expressions inside nested `with` statements, which look a name up just as the
// standards describe: in the innermost scope first, then outwards.
(function () {
  var global = globalThis, indirectEval = eval, Compile = Function, Guard = Proxy;
  var create = Object.create, define = Object.defineProperty, keys = Object.keys, names = Object.getOwnPropertyNames;
  var chains = create(null), compiled = create(null);

  // Documents may look at the session, never change it.
  function readOnly(store) {
    function refuse(target, key) { throw new TypeError('session.' + String(key) + ' is read-only'); }
    return new Guard(store, { set: refuse, defineProperty: refuse, deleteProperty: refuse });
  }
  function scope(name, store) { return name === 'session' ? readOnly(store) : store; }

  // An assignment to a name that no scope knows lands on the global object, where nothing belongs.
  function swept() {
    var leaked = keys(global), i;
    for (i = 0; i < leaked.length; i++) delete global[leaked[i]];
    if (leaked.length) throw new ReferenceError(leaked[0] + ' is assigned but not declared');
  }
  function nested(scopes, body) {
    var code = '', i;
    for (i = 0; i < scopes.length; i++) code += 'with(' + scopes[i] + '){';
    return code + body + new Array(scopes.length + 1).join('}');
  }
  function compile(scopes, expression) {
    var key = scopes.join(' ') + '\n' + expression;
    if (!compiled[key]) {
      Compile('return (' + expression + '\n)');
      compiled[key] = Compile(scopes.join(','), nested(scopes, 'return (' + expression + '\n)'));
    }
    return compiled[key];
  }
  function evaluate(id, expression) {
    var chain = chains[id];
    try { return compile(chain.names, expression).apply(undefined, chain.scopes); }
    finally { swept(); }
  }
  function position(chain, name) {
    for (var i = 0; i < chain.names.length; i++) if (chain.names[i] === name) return i;
    return -1;
  }
  function holder(chain, name) {
    for (var i = chain.stores.length - 1; i >= 0; i--) if (name in chain.stores[i]) return i;
    return -1;
  }
  // Walks `a.b.c` up to the object that holds `c`.
  function locate(chain, path) {
    var parts = path.split('.'), last = parts.pop(), at, open = false, i;
    if (!parts.length) {
      i = holder(chain, last);
      if (i < 0) throw new ReferenceError(last + ' is not declared');
      return { object: chain.scopes[i], key: last };
    }
    i = position(chain, parts[0]);
    if (i >= 0) { at = chain.scopes[i]; open = parts.length === 1 && parts[0] === 'application'; }
    else {
      i = holder(chain, parts[0]);
      if (i < 0) throw new ReferenceError(parts[0] + ' is not declared');
      at = chain.scopes[i][parts[0]];
    }
    for (i = 1; i < parts.length; i++) at = at === undefined || at === null ? undefined : at[parts[i]];
    if (at === undefined || at === null || typeof at !== 'object') throw new TypeError(path + ': no such object');
    if (!open && !(last in at) && position(chain, path.split('.')[0]) >= 0)
      throw new ReferenceError(path + ' is not declared');
    return { object: at, key: last };
  }

  var host = {
    open: function (id, list) {
      var chain = { names: list, stores: [], scopes: [] };
      for (var i = 0; i < list.length; i++) {
        chain.stores[i] = create(null);
        chain.scopes[i] = scope(list[i], chain.stores[i]);
      }
      chains[id] = chain;
    },
    close: function (id) { delete chains[id]; },
    renew: function (id, name) {
      var chain = chains[id], i = position(chain, name);
      chain.stores[i] = create(null);
      chain.scopes[i] = scope(name, chain.stores[i]);
    },
    check: function (expression) { Compile('return (' + expression + '\n)'); },
    checkScript: function (source) { Compile(source); },
    evaluate: evaluate,
    declare: function (id, name, key, expression) {
      var value = expression === undefined ? undefined : evaluate(id, expression);
      chains[id].stores[position(chains[id], name)][key] = value;
    },
    fill: function (id, name, values) {
      var store = chains[id].stores[position(chains[id], name)], all = keys(values), i;
      for (i = 0; i < all.length; i++) store[all[i]] = values[all[i]];
    },
    put: function (id, name, key, value) { chains[id].stores[position(chains[id], name)][key] = value; },
    assign: function (id, path, expression) {
      var place = locate(chains[id], path);
      place.object[place.key] = evaluate(id, expression);
    },
    set: function (id, path, value) {
      var place = locate(chains[id], path);
      place.object[place.key] = value;
    },
    read: function (id, path) {
      var place = locate(chains[id], path);
      if (!(place.key in place.object)) throw new ReferenceError(path + ' is not declared');
      return place.object[place.key];
    },
    run: function (id, name, source) {
      var chain = chains[id], depth = position(chain, name) + 1, named = create(null), i, own;
      for (i = 0; i < depth; i++) named[chain.names[i]] = chain.scopes[i];
      define(global, '$chain', { value: named, configurable: true, enumerable: false });
      try { indirectEval('with($chain){' + nested(chain.names.slice(0, depth), source + '\n') + '}'); }
      finally {
        delete global.$chain;
        // What the script declared at its top level belongs to the scope that it runs in.
        own = keys(global);
        for (i = 0; i < own.length; i++) {
          if (!(own[i] in chain.stores[depth - 1]) || global[own[i]] !== undefined)
            chain.stores[depth - 1][own[i]] = global[own[i]];
          delete global[own[i]];
        }
      }
    }
  };
  define(global, '$host', { value: host, enumerable: false });

  // The language of the documents is the third edition of ECMAScript; whatever came later is taken away, and
  // so is what the compact profile lets a platform leave out.
  var kept = {
    Object: '', Array: '', String: 'fromCharCode', Boolean: '', RegExp: '*', Date: 'parse UTC',
    Number: 'MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY',
    Math: 'E LN10 LN2 LOG2E LOG10E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random round sin sqrt tan',
    Error: '', EvalError: '', RangeError: '', ReferenceError: '', SyntaxError: '', TypeError: '', URIError: ''
  };
  var prototypes = {
    Object: 'constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable',
    Array: 'constructor toString toLocaleString concat join pop push reverse shift slice sort splice unshift length',
    String: 'constructor toString valueOf charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace ' +
      'search slice split substring toLowerCase toLocaleLowerCase toUpperCase toLocaleUpperCase length',
    Number: 'constructor toString toLocaleString valueOf toFixed toExponential toPrecision',
    Function: 'constructor toString apply call'
  };
  var functions = ' NaN Infinity undefined parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent $host ';
  function prune(object, list) {
    var all = names(object);
    for (var i = 0; i < all.length; i++) if ((' ' + list + ' ').indexOf(' ' + all[i] + ' ') < 0) delete object[all[i]];
  }
  var FunctionPrototype = Function.prototype;
  for (var name in kept) {
    var builtin = global[name];
    if (kept[name] !== '*') prune(builtin, kept[name] + ' prototype length name');
    if (prototypes[name]) prune(builtin.prototype, prototypes[name]);
  }
  prune(FunctionPrototype, prototypes.Function + ' length name');
  prune(Date.prototype, names(Date.prototype).join(' ').replace(' toISOString', '').replace(' toJSON', ''));
  var all = names(global);
  for (var n = 0; n < all.length; n++) {
    if (!(all[n] in kept) && functions.indexOf(' ' + all[n] + ' ') < 0) delete global[all[n]];
  }
})();
