// Every page as a careful designer would check it: accessible, nothing inline, nothing cut, in all looks.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import { startSite } from './site.mjs';

let site;
let addresses;

before(async () => {
  site = await startSite();
  addresses = await findAddresses();
});
after(() => site?.close());

/** Addresses with ids in them, found by walking as people do. */
async function findAddresses() {
  const teacher = await site.page('teacher', { width: 1280 });
  await teacher.goto('/classes');
  const room = await hrefOf(teacher, /^\/classes\/[0-9a-f-]{36}$/);
  await teacher.goto(`${room}/assign`);
  const assign = await hrefOf(teacher, /\/assign\/[0-9a-f-]{36}$/);
  await teacher.goto(assign);
  const key = await hrefOf(teacher, /\/keys\/[0-9a-f-]{36}$/);
  await teacher.goto(`${room}/gradebook`);
  await teacher.locator('tbody td a').first().click();
  const work = new URL(teacher.url()).pathname;
  await teacher.goto(`${room}/gradebook`);
  const book = await hrefOf(teacher, /\/gradebook\/[0-9a-f-]{36}$/);
  const student = await site.page('20260105');
  await student.goto('/assignments');
  const sheet = await hrefOf(student, /^\/assignments\/[0-9a-f-]{36}$/);
  await student.goto('/marks');
  const attempt = await hrefOf(student, /^\/attempts\/[0-9a-f-]{36}$/);
  const chapter = '/courses/network-marketing/chapters/wechat-platform';
  return {
    visitor: ['/', '/sign-in', '/join', '/courses', '/courses/network-marketing', chapter, '/search?q=二维码', '/nowhere'],
    student: ['/', '/assignments', sheet, attempt, '/marks', '/classes', room, '/account', chapter, '/search?q=无此词'],
    teacher: [
      '/', '/classes', room, `${room}/roster`, `${room}/assign`, assign, key, `${room}/gradebook`, book, work,
      `${room}/review`, `${room}/mark`, '/account',
    ],
    administrator: ['/', '/admin', '/account'],
  };
}

async function hrefOf(page, pattern) {
  const hrefs = await page.$$eval('a[href]', (links) => links.map((link) => link.getAttribute('href')));
  const found = hrefs.find((href) => pattern.test(href.split('?')[0]));
  assert.ok(found, `no link like ${pattern} on ${page.url()}`);
  return found;
}

const logins = { visitor: null, student: '20260105', teacher: 'teacher', administrator: 'admin' };
const looks = [
  { width: 360, theme: 'light', language: 'zh-CN' },
  { width: 1280, theme: 'dark', language: 'zh-CN' },
  { width: 360, theme: 'dark', language: 'en' },
  { width: 1280, theme: 'light', language: 'en' },
];

for (const role of Object.keys(logins)) {
  for (const look of looks) {
    describe(`${role} at ${look.width} px, ${look.theme}, ${look.language}`, () => {
      it('has pages without accessibility violations, complaints or sideways scroll', async () => {
        const page = await site.page(logins[role], look);
        const faults = [];
        for (const path of addresses[role]) {
          page.complaints.length = 0;
          const reply = await page.goto(path);
          const expected = path === '/nowhere' ? 404 : 200;
          if (reply.status() !== expected) faults.push(`${path}: ${reply.status()}`);
          const axe = await new AxeBuilder({ page })
            .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
            .analyze();
          for (const violation of axe.violations) {
            faults.push(`${path}: ${violation.id} ${violation.nodes[0].html.slice(0, 160)}`);
          }
          const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (sideways > 0) faults.push(`${path}: ${sideways} px to the side`);
          const complaints = page.complaints.filter((text) => !(expected === 404 && text.includes('404')));
          if (complaints.length) faults.push(`${path}: ${complaints[0]}`);
        }
        await page.context().close();
        assert.deepEqual(faults, []);
      });
    });
  }
}

describe('a small phone with large text', () => {
  it('cuts nothing off', async () => {
    const page = await site.page(logins.student, { width: 320 });
    const faults = [];
    for (const path of addresses.student) {
      await page.goto(path);
      await page.addStyleTag({ content: '' }).catch(() => {});
      const sideways = await page.evaluate(() => {
        document.documentElement.dataset.font = 'huge';
        return document.documentElement.scrollWidth - innerWidth;
      });
      if (sideways > 0) faults.push(`${path}: ${sideways} px to the side`);
    }
    assert.deepEqual(faults, []);
  });
});

describe('a chapter, first visit', () => {
  it('stays within its budget and asks nobody else', async () => {
    const page = await site.page(null);
    const client = await page.context().newCDPSession(page);
    await client.send('Network.enable');
    const sizes = new Map();
    let strangers = 0;
    page.on('request', (request) => {
      if (!request.url().startsWith(site.base) && !request.url().startsWith('data:')) strangers += 1;
    });
    client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));
    await page.goto('/courses/network-marketing/chapters/wechat-platform', { waitUntil: 'networkidle' });
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    assert.equal(strangers, 0);
    assert.ok(sizes.size >= 3 && sizes.size <= 6, `${sizes.size} requests`);
    assert.ok(bytes > 10_000 && bytes <= 60 * 1024, `${bytes} bytes`);
    console.log(`# chapter: ${sizes.size} requests, ${bytes} bytes compressed`);
  });
});
