// A running demo class and browsers in it.
import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const arguments_ = [
  '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Starts the demo class on a port of its own. */
export async function startSite() {
  const program = process.env.COURSE_SERVER ?? build();
  const data = mkdtempSync(join(tmpdir(), 'course-browser-'));
  const server = spawn(program, ['demo', '--data', data, '--listen', '127.0.0.1:0', '--rehearsal', '127.0.0.1:0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, COURSE_LOG: 'error' },
  });
  const said = await new Promise((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (bytes) => {
      text += bytes;
      if (text.includes('grader')) resolve(text);
    });
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
  });
  const base = said.match(/http:\/\/\S+/)[0];
  const rehearsal = said.match(/rehearsal room\s+(\S+)/)[1];
  const password = said.match(/password\s+(\S+)/)[1];
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: arguments_,
  });
  return new Site({ base, rehearsal, password, data, program, browser }, () => {
    server.removeAllListeners('exit');
    server.kill('SIGINT');
    rmSync(data, { recursive: true, force: true });
  });
}

function build() {
  const packages = ['server', 'duty-rota', 'fan-tracking', 'qa-inbox', 'wechat', 'notebook'];
  const named = packages.flatMap((name) => ['--package', name]);
  execFileSync('cargo', ['build', '--quiet', ...named], { cwd: root, stdio: 'inherit' });
  return join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug', 'server');
}

class Site {
  constructor(parts, stop) {
    Object.assign(this, parts, { stop });
    this.sessions = new Map();
  }

  /** A page for somebody; `login` null for a visitor. What the browser complains about is kept in `page.complaints`. */
  async page(login, options = {}) {
    const { width = 360, theme = 'light', language = 'zh-CN', script = true } = options;
    const context = await this.browser.newContext({
      baseURL: this.base,
      viewport: { width, height: width < 600 ? 780 : 900 },
      colorScheme: theme,
      locale: language,
      javaScriptEnabled: script,
    });
    if (login) {
      if (!this.sessions.has(login)) this.sessions.set(login, await this.signIn(login));
      await context.addCookies(this.sessions.get(login));
    }
    const page = await context.newPage();
    page.complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error') page.complaints.push(message.text());
    });
    page.on('pageerror', (error) => page.complaints.push(String(error)));
    return page;
  }

  /** Signs in through the form, without script. */
  async signIn(login) {
    const context = await this.browser.newContext({ baseURL: this.base, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto('/sign-in');
    await page.fill('input[name=login]', login);
    await page.fill('input[name=password]', this.password);
    await page.press('input[name=password]', 'Enter');
    await page.waitForURL((url) => url.pathname === '/');
    const cookies = await context.cookies();
    await context.close();
    return cookies;
  }

  /** Opens an address again until something is there, or is so. */
  async until(page, address, what, why, within = 90_000) {
    const isSo = typeof what === 'string' ? async () => (await page.locator(what).count()) > 0 : what;
    const end = Date.now() + within;
    for (;;) {
      await page.goto(address);
      if (await isSo(page)) return;
      assert.ok(Date.now() < end, `${why}: ${(await page.locator('main').innerText()).slice(0, 600)}`);
      await page.waitForTimeout(300);
    }
  }

  async close() {
    await this.browser.close();
    this.stop();
  }
}

/** The address of the first class of whoever looks. */
export async function findRoom(page) {
  await page.goto('/classes');
  const hrefs = await page.locator('a[href^="/classes/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  return hrefs.find((href) => /^\/classes\/[0-9a-f-]{36}$/.test(href));
}

/** What a careful designer would find on pages: each is an address, or an address and the status it must have. */
export async function tidy(page, addresses, look, name) {
  const faults = [];
  for (const address of addresses) {
    const [path, expected] = [address].flat();
    page.complaints.length = 0;
    const reply = await page.goto(path);
    if (reply.status() !== (expected ?? 200)) faults.push(`${path}: ${reply.status()}`);
    if (look.text) await page.evaluate((size) => { document.documentElement.style.fontSize = size; }, look.text);
    const axe = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    for (const violation of axe.violations) {
      faults.push(`${path}: ${violation.id} ${violation.nodes[0].html.slice(0, 160)}`);
    }
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (beyond > 0) faults.push(`${path}: ${beyond} px to the side`);
    const complaints = page.complaints.filter((said) => !(expected && said.includes(String(expected))));
    if (complaints.length) faults.push(`${path}: ${complaints[0]}`);
    await picture(page, name, path, look);
  }
  return faults;
}

/** Keeps a picture where COURSE_PICTURES says so. */
async function picture(page, name, path, look) {
  const folder = process.env.COURSE_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const plain = path.replace(/\/classes\/[0-9a-f-]{36}/, 'class').replaceAll(/[^a-z0-9-]+/gi, '_').slice(0, 60);
  const kind = `${look.width}-${look.theme}-${look.language}${look.text ? '-large' : ''}`;
  await page.screenshot({ path: join(folder, `${name}-${plain}-${kind}.png`), fullPage: true });
}
