// The site's script, ES2019; its parts are sent as one file, app.js. Every page works without it: it keeps drafts, hands in
// quietly, and saves steps. It has no words of its own; they come from data attributes of the page.
//
// This part: short names for what the others do with a page, and what a device keeps.
const dom = (function () {
  'use strict';
  const root = document.documentElement;
  const find = (selector, within) => (within || document).querySelector(selector);
  const each = (selector, act, within) => Array.from((within || document).querySelectorAll(selector)).forEach(act);
  const on = (target, names, act, options) => names.split(' ').forEach((name) => target.addEventListener(name, act, options));
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    Object.keys(attributes).forEach((key) => element.setAttribute(key, attributes[key]));
    element.append(...children);
    return element;
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const isTyping = (element) => element && (/^(TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable
    || (element.tagName === 'INPUT' && !/^(checkbox|radio|button|submit|file)$/.test(element.type)));

  // ---- What this device keeps; a browser may refuse to keep anything.
  const device = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    erase(matches) {
      try { Object.keys(localStorage).filter(matches).forEach((key) => localStorage.removeItem(key)); } catch { /* nothing is kept */ }
    },
  };
  return { root, find, each, on, make, fill, isTyping, device };
})();
