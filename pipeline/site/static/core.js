// SPDX-License-Identifier: AGPL-3.0-or-later
// What all views share: elements made without markup, the address as state, data files loaded by script tags.
// Classic scripts, not modules: browsers load no modules from file://.
"use strict";

const koteihyo = (() => {
  const views = new Map();
  const received = new Map();
  const waiting = new Map();

  // Text goes in as text only, so nothing that a PDF says is ever markup.
  function el(name, attributes = {}, ...children) {
    const node = name.startsWith("svg:")
      ? document.createElementNS("http://www.w3.org/2000/svg", name.slice(4))
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (key === "on") {
        for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
      } else if (key === "style") {
        for (const [property, setting] of Object.entries(value)) node.style.setProperty(property, setting);
      } else if (key === "checked" || key === "selected" || key === "value" || key === "disabled") {
        node[key] = value;
      } else {
        node.setAttribute(key, value === true ? "" : value);
      }
    }
    fill(node, children);
    return node;
  }

  // Takes the place of what a node held; lists of children may be nested.
  function put(node, ...children) {
    node.replaceChildren();
    fill(node, children);
  }

  function fill(node, children) {
    node.append(...children.flat(4).filter((child) => child !== null && child !== undefined && child !== false));
  }

  // A data file calls `receive` with its name. A script tag works from file://, where fetch does not.
  function receive(name, data) {
    received.set(name, data);
    waiting.get(name)?.resolve(data);
    waiting.delete(name);
  }

  function load(name) {
    if (received.has(name)) return Promise.resolve(received.get(name));
    if (!waiting.has(name)) {
      const entry = {};
      entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
      waiting.set(name, entry);
      const script = el("script", { src: `data/${name}.js` });
      script.onerror = () => {
        waiting.delete(name);
        entry.reject(new Error(name));
      };
      document.head.append(script);
    }
    return waiting.get(name).promise;
  }

  function forget(name) {
    received.delete(name);
  }

  // #/view/argument/…?key=value: the whole state of what is shown.
  function parse(hash) {
    const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
    const parts = path.split("/").map(decode);
    return { view: parts[0] || "start", args: parts.slice(1), params: new URLSearchParams(query) };
  }

  function decode(part) {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  }

  function address(view, args = [], params = {}) {
    const search = params instanceof URLSearchParams ? params : new URLSearchParams();
    if (!(params instanceof URLSearchParams)) {
      for (const [key, value] of Object.entries(params)) {
        if (value !== null && value !== undefined && value !== "") search.set(key, value);
      }
    }
    const query = search.toString();
    return `#/${[view, ...args].map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
  }

  // Adds a value to a key of several, or takes it out.
  function toggleParam(params, key, value) {
    const kept = params.getAll(key).filter((other) => other !== value);
    const had = kept.length < params.getAll(key).length;
    params.delete(key);
    for (const other of kept) params.append(key, other);
    if (!had) params.append(key, value);
  }

  function go(hash, { replace = false } = {}) {
    if (hash === location.hash) return;
    if (replace) {
      history.replaceState(null, "", hash);
      show();
    } else {
      location.hash = hash;
    }
  }

  function view(name, render) {
    views.set(name, render);
  }

  let shown = null;
  let turn = 0;

  async function show() {
    const route = parse(location.hash);
    const mine = ++turn;
    const main = document.getElementById("main");
    const key = [route.view, ...route.args].join("/");
    const render = views.get(route.view) ?? views.get("start");
    document.documentElement.lang = koteihyo.language();
    try {
      const title = await render(main, route, { again: key === shown, stale: () => mine !== turn });
      if (mine !== turn) return;
      document.title = `${title} – ${koteihyo.t("site")}`;
    } catch (error) {
      if (mine !== turn) return;
      main.replaceChildren(
        el("h1", { tabindex: "-1" }, koteihyo.t("notFound")),
        el("p", {}, koteihyo.t("notFoundHelp")),
        el("p", {}, el("a", { href: "#/" }, koteihyo.t("start"))),
      );
      console.error(error);
    }
    main.dataset.view = route.view;
    for (const link of document.querySelectorAll("#menu a")) {
      const current = parse(link.getAttribute("href")).view === route.view;
      if (current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    // A new view is told to those who cannot see it change; a changed filter is not.
    if (shown !== null && shown !== key) main.querySelector("h1")?.focus();
    shown = key;
  }

  function reshow() {
    shown = null;
    return show();
  }

  return { el, put, receive, load, forget, parse, address, toggleParam, go, view, show, reshow };
})();
