// A running demo class and browsers in it.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  const server = spawn(program, ['demo', '--data', data, '--listen', '127.0.0.1:0'], {
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
  const password = said.match(/password\s+(\S+)/)[1];
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: arguments_,
  });
  return new Site(base, password, data, browser, () => {
    server.removeAllListeners('exit');
    server.kill('SIGINT');
    rmSync(data, { recursive: true, force: true });
  });
}

function build() {
  execFileSync('cargo', ['build', '--quiet', '--package', 'server'], { cwd: root, stdio: 'inherit' });
  return join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug', 'server');
}

class Site {
  constructor(base, password, data, browser, stop) {
    Object.assign(this, { base, password, data, browser, stop });
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

  async close() {
    await this.browser.close();
    this.stop();
  }
}
