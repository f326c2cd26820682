// The floor the pages are made for: Chromium 78 (WeChat on Android) and iOS 13. A script must parse there and use what is
// there; a style may use what is newer where something older stands in for it, or where its absence costs nothing.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import data from '@mdn/browser-compat-data' with { type: 'json' };
import * as acorn from 'acorn';
import * as css from 'css-tree';

const floor = { chrome: 78, safari_ios: 13 };

/** What is newer than the floor and may be used all the same, with why. */
const harmless = {
  'accent-color': 'check boxes keep the colour of the system',
  'break-after': 'a heading may end a printed page',
  'color-scheme': 'scroll bars and fields keep the light colours of the system',
  cursor: 'there is no mouse',
  'page-break-after': 'a heading may end a printed page',
  resize: 'there is no mouse',
  'scroll-margin': 'a focused blank is scrolled to the edge',
  'text-autospace': 'no gap between Chinese and Latin',
  'text-decoration-thickness': 'underlines have the usual thickness',
  'text-spacing-trim': 'punctuation keeps its full width',
  'text-underline-offset': 'underlines stand at the usual distance',
  'text-wrap': 'headings break where the line ends',
  ':focus-visible': 'the rule only takes the ring away from the mouse',
  '::backdrop': 'where there are no modal dialogs there is nothing behind them',
  '::file-selector-button': 'the button keeps the font of the system',
  '::selection': 'selected text keeps the colours of the system',
  '@page': 'the margins are chosen when printing',
};
/** The same for the script: each use stands behind a question whether it is there. */
const guarded = { showModal: 'window.confirm asks instead, and links to dialogs lead to them on the page' };

const used = new Set();
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'server', 'static');
const files = (ending) => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(ending)).sort()
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

/** Whether the floor has a feature without flags, under its own name or an `older` one. Half of it counts: it parses. */
function has(feature, older) {
  const compat = feature?.__compat?.support;
  if (!compat) return true;
  return Object.entries(floor).every(([browser, version]) => [compat[browser]].flat().some((entry) => entry
    && !entry.flags && entry.alternative_name === older
    && (older || !entry.prefix) && (entry.version_added === true || parseFloat(String(entry.version_added).replace('≤', '')) <= version)
    && !(entry.version_removed && parseFloat(entry.version_removed) <= version)));
}

/** All features of this name below a part of the data. */
function named(part, name, found = []) {
  for (const [key, value] of Object.entries(part)) {
    if (key === '__compat') continue;
    if (key === name) found.push(value);
    named(value, name, found);
  }
  return found;
}

const isOlderName = (name, part = data.css.properties) => Object.entries(part)
  .some(([key, value]) => key !== '__compat' && (has(value, name) && value.__compat || isOlderName(name, value)));

const { properties, selectors, types, 'at-rules': atRules } = data.css;
const functions = new Map();
function isNewFunction(name) {
  if (!functions.has(name)) {
    const known = named(types, name);
    functions.set(name, known.length > 0 && !known.some((feature) => has(feature)));
  }
  return functions.get(name);
}
const units = { dvh: 'viewport_percentage_units_dynamic', svh: 'viewport_percentage_units_small', lvh: 'viewport_percentage_units_large' };
function isNewUnit(unit) {
  const length = types.length ?? {};
  const feature = length[unit] ?? length[units[unit.replace(/[wib]$|min$|max$/, 'h')]];
  return Boolean(feature) && !has(feature);
}

/** What a value has that the floor has not. */
function newInValue(property, value) {
  const news = [];
  css.walk(value, (node) => {
    if (node.type === 'Identifier' && properties[property]?.[node.name] && !has(properties[property][node.name])) news.push(node.name);
    if (node.type === 'Function' && isNewFunction(node.name)) news.push(`${node.name}()`);
    if (node.type === 'Dimension' && isNewUnit(node.unit)) news.push(node.unit);
  });
  return news;
}

/** What a selector has that the floor has not. */
function newInSelector(selector) {
  const news = [];
  css.walk(selector, (node) => {
    const isClass = node.type === 'PseudoClassSelector';
    if (!isClass && node.type !== 'PseudoElementSelector') {
      if (node.type === 'NestingSelector') news.push('&');
      return;
    }
    if (node.name.startsWith('-')) return;
    const feature = selectors[node.name];
    assert.ok(feature, `:${node.name} is in no list`);
    const isList = node.name === 'not' && (node.children?.first?.children?.size > 1 || node.children?.first?.children?.first?.children?.size > 1);
    if (!has(feature) || isList) news.push((isClass ? ':' : '::') + node.name);
  });
  return news;
}

function faultsOf({ name, text }) {
  const faults = [];
  const fault = (node, what) => {
    const base = what.replace(/^([\w-]+): .*/, '$1');
    const excuse = [what, base].find((word) => word in harmless);
    if (excuse) used.add(excuse);
    else faults.push(`${name}:${node.loc.start.line}: ${what}`);
  };
  const tree = css.parse(text, { positions: true, filename: name, onParseError: (error) => faults.push(`${name}: ${error.message}`) });
  const isAsked = [];
  css.walk(tree, {
    enter(node) {
      if (node.type === 'Atrule') {
        isAsked.push(node.name === 'supports');
        if (!(node.name in atRules) || !has(atRules[node.name])) fault(node, `@${node.name}`);
      }
      if (node.type === 'Feature' && atRules.media[node.name] && !has(atRules.media[node.name])) fault(node, `(${node.name})`);
      if (node.type === 'FeatureRange') fault(node, 'a range in a media query');
      if (isAsked.includes(true) || node.type !== 'Rule' || node.prelude.type !== 'SelectorList') return;
      // One selector that is not understood drops the whole rule.
      newInSelector(node.prelude).forEach((what) => fault(node, what));
      const before = new Map();
      const block = node.block.children.toArray();
      if (block.some((child) => child.type === 'Rule')) fault(node, 'a nested rule');
      const declares = (property, value) => block.some((child) => child.property === property && (!value || css.generate(child.value).includes(value)));
      for (const declaration of block.filter((child) => child.type === 'Declaration')) {
        const { property, value } = declaration;
        if (property.startsWith('-')) { before.set(property, true); continue; }
        const feature = properties[property];
        if (!feature) {
          if (!isOlderName(property)) fault(declaration, `${property} is in no list`);
          continue;
        }
        const isPrefixed = before.has(`-webkit-${property}`);
        if (!has(feature) && !isPrefixed) fault(declaration, property);
        if (feature.flex_context && !has(feature.flex_context) && !declares('columns') && !declares('display', 'grid')) fault(declaration, `${property} in a flexible box`);
        const news = newInValue(property, value);
        if (news.length && !before.has(property) && !isPrefixed) news.forEach((what) => fault(declaration, `${property}: ${what}`));
        if (!news.length) before.set(property, true);
      }
    },
    leave(node) {
      if (node.type === 'Atrule') isAsked.pop();
    },
  });
  return faults;
}

describe('the styles on old phones', () => {
  it('use what is there, or have something that stands in for it', () => {
    const styles = files('.css');
    assert.ok(styles.length > 5, `${styles.length} styles`);
    assert.deepEqual(styles.flatMap(faultsOf), []);
    assert.deepEqual(Object.keys(harmless).filter((what) => !used.has(what)), [], 'allowed and not used');
  });

  it('would be caught', () => {
    const caught = (text) => faultsOf({ name: 'x', text }).map((fault) => fault.replace(/^x:\d+: /, ''));
    assert.deepEqual(caught('a { inset: 0 }'), ['inset']);
    assert.deepEqual(caught('a { display: flex; gap: 4px }'), ['gap in a flexible box']);
    assert.deepEqual(caught('a { display: grid; grid-gap: 4px }'), []);
    assert.deepEqual(caught('a { aspect-ratio: 1 }'), ['aspect-ratio']);
    assert.deepEqual(caught('a { width: clamp(1px, 2vw, 3px) }'), ['width: clamp()']);
    assert.deepEqual(caught('a { width: 2px; width: min(1px, 2vw) }'), []);
    assert.deepEqual(caught('a { color: color-mix(in srgb, red, blue) }'), ['color: color-mix()']);
    assert.deepEqual(caught('a { height: 100dvh }'), ['height: dvh']);
    assert.deepEqual(caught(':is(a, b) { color: red }'), [':is']);
    assert.deepEqual(caught('a:has(b) { color: red }'), [':has']);
    assert.deepEqual(caught('a:not(.b, .c) { color: red }'), [':not']);
    assert.deepEqual(caught('a { & b { color: red } }'), ['a nested rule', '&']);
    assert.deepEqual(caught('@layer x { a { color: red } }'), ['@layer']);
    assert.deepEqual(caught('@supports (width: min(1px, 2px)) { a { width: min(1px, 2px) } }'), []);
  });
});

/** Names of methods, properties and globals of which every bearer is newer than the floor. */
function newNames() {
  const isOld = new Map();
  const note = (name, feature) => isOld.set(name, (isOld.get(name) ?? false) || has(feature));
  for (const part of [data.javascript.builtins, data.api]) {
    for (const [name, owner] of Object.entries(part)) {
      if (name === '__compat') continue;
      note(name, owner);
      for (const [member, feature] of Object.entries(owner)) {
        if (/^[a-z]\w*$/i.test(member)) note(member, feature);
        else if (member.endsWith('_static')) note(member.replace('_static', ''), feature);
      }
    }
  }
  return new Set([...isOld].filter(([, old]) => !old).map(([name]) => name));
}

/** What a script calls that the floor has not; its own functions may have any name. */
function newInScript(text, news) {
  const called = [];
  const own = new Set();
  const visit = (node) => {
    if (!node || typeof node.type !== 'string') return;
    if (/^(Function|Variable)Declarat/.test(node.type) && node.id?.name) own.add(node.id.name);
    if (/^(Call|New)Expression$/.test(node.type)) {
      if (node.callee.type === 'Identifier') called.push(node.callee.name);
      else if (node.callee.type === 'MemberExpression') called.push(`.${node.callee.property.name}`);
    }
    Object.values(node).flat().forEach((child) => child && typeof child === 'object' && visit(child));
  };
  visit(acorn.parse(text, { ecmaVersion: 2019, sourceType: 'script' }));
  return called.filter((name) => !own.has(name)).map((name) => name.replace('.', '')).filter((name) => news.has(name));
}

describe('the script on old phones', () => {
  it('parses there and calls what is there', () => {
    const scripts = files('.js');
    assert.ok(scripts.length > 3, `${scripts.length} scripts`);
    const news = newNames();
    for (const { name, text } of scripts) {
      assert.deepEqual(newInScript(text, news).filter((word) => !(word in guarded)), [], name);
    }
  });

  it('would be caught', () => {
    const news = newNames();
    for (const text of ['a?.b', 'a ?? b', 'a ??= b', 'class A { #b }', '1_000', 'import("x")']) {
      assert.throws(() => newInScript(text, news), SyntaxError, text);
    }
    for (const word of ['replaceAll', 'at', 'replaceChildren', 'structuredClone', 'randomUUID']) {
      assert.ok(newInScript(`a.${word}()`, news).length, word);
    }
  });
});
