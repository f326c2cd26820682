// The pages of the plugin platform, as a careful designer would check them, in every state that a plugin can be in.
// COURSE_PICTURES=DIR keeps a picture of every page.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import { startSite } from './site.mjs';
import { prepare } from './tools.mjs';

let site;
let room;

before(async () => {
  site = await startSite();
  room = await prepare(site);
});
after(() => site?.close());

const rates = 'each.notebook.notes=2&most.notebook.notes=10&each.duty-rota.kept=1&each.qa-inbox.answered=0.5&each.fan-tracking.entered=1';
const logins = { student: '20260105', operator: '20260103', teacher: 'teacher', administrator: 'admin' };
const addresses = {
  student: () => [
    room, `${room}/tools/notebook`, `${room}/tools/duty-rota`, `${room}/tools/fan-tracking`, `${room}/tools/qa-inbox`,
    [`${room}/tools/unstable`, 503], '/marks',
  ],
  operator: () => [`${room}/tools/notebook/writers`, `${room}/tools/duty-rota/plan`],
  teacher: () => [
    room, `${room}/tools`, `${room}/tools/notebook/-/settings`, `${room}/tools/fan-tracking/-/settings`,
    `${room}/tools/-/marks`, `${room}/tools/-/marks?${rates}`, [`${room}/tools/-/marks?each.notebook.notes=x`, 422],
  ],
  administrator: () => [
    '/admin', '/admin/plugins', '/admin/plugins/notebook', '/admin/plugins/unstable', '/admin/plugins/listener',
    '/admin/plugins/lonely', '/admin/plugins/growing', '/admin/plugins/resting',
  ],
};
const looks = [
  { width: 320, theme: 'light', language: 'zh-CN' },
  { width: 390, theme: 'dark', language: 'en' },
  { width: 1280, theme: 'dark', language: 'zh-CN' },
  { width: 1280, theme: 'light', language: 'en' },
  { width: 320, theme: 'light', language: 'en', text: '200%' },
  { width: 1280, theme: 'light', language: 'zh-CN', text: '200%' },
];

const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

async function picture(page, role, path, look) {
  const folder = process.env.COURSE_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const name = path.replace(room, 'class').replaceAll(/[^a-z0-9-]+/gi, '_').slice(0, 60);
  const kind = `${look.width}-${look.theme}-${look.language}${look.text ? '-large' : ''}`;
  await page.screenshot({ path: join(folder, `${role}-${name}-${kind}.png`), fullPage: true });
}

for (const role of Object.keys(logins)) {
  for (const look of looks) {
    const { width, theme, language, text } = look;
    it(`${role} at ${width} px, ${theme}, ${language}${text ? `, text ${text}` : ''}: nothing to tidy`, async () => {
      const page = await site.page(logins[role], look);
      const faults = [];
      for (const address of addresses[role]()) {
        const [path, expected] = [address].flat();
        page.complaints.length = 0;
        const reply = await page.goto(path);
        if (reply.status() !== (expected ?? 200)) faults.push(`${path}: ${reply.status()}`);
        if (text) await page.evaluate((size) => { document.documentElement.style.fontSize = size; }, text);
        const axe = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        for (const violation of axe.violations) {
          faults.push(`${path}: ${violation.id} ${violation.nodes[0].html.slice(0, 160)}`);
        }
        const beyond = await sideways(page);
        if (beyond > 0) faults.push(`${path}: ${beyond} px to the side`);
        const complaints = page.complaints.filter((said) => !(expected && said.includes(String(expected))));
        if (complaints.length) faults.push(`${path}: ${complaints[0]}`);
        await picture(page, role, path, look);
      }
      await page.context().close();
      assert.deepEqual(faults, []);
    });
  }
}

const words = {
  'zh-CN': {
    alarm: '「投票」接连崩溃，已隔离', rest: '章节、作业和其他工具照常', end: '被信号 6（SIGABRT）终止', doing: '打开页面',
    log: '崩溃前的日志', again: '再试一次', stop: '停用', down: '未运行', box: '暂时看不到',
  },
  en: {
    alarm: 'Polls kept crashing and is in quarantine', rest: 'the other tools work as ever', end: 'ended by signal 6 (SIGABRT)',
    doing: 'opening a page', log: 'Log before the crash', again: 'Try again', stop: 'Disable', down: 'not running', box: 'Not available just now',
  },
};

for (const [language, said] of Object.entries(words)) {
  describe(`a plugin in quarantine, in ${language}`, () => {
    it('is an alarm on the front page of the administration, and names what happened and what can be done', async () => {
      const page = await site.page('admin', { language, script: false });
      await page.goto('/admin');
      const alarm = page.locator('.notice', { hasText: said.alarm });
      assert.match(await alarm.innerText(), new RegExp(said.rest));
      await alarm.locator('a').click();
      assert.equal(new URL(page.url()).pathname, '/admin/plugins/unstable');
      const text = await page.locator('main').innerText();
      for (const part of [said.alarm, 'unstable', said.end, said.doing, said.log, 'about to end: a page asked for it']) {
        assert.ok(text.includes(part), `${part} is not in ${text}`);
      }
      assert.match(text, /\d{4}[-年]\d{1,2}[-月]\d{1,2}/, 'the time');
      for (const action of ['retry', 'disable']) assert.equal(await page.locator(`form[action$="/${action}"]`).count(), 1, action);
      assert.equal(await page.locator('form[action$="/retry"] button').innerText(), said.again);
      assert.equal(await page.locator('form[action$="/disable"] button').innerText(), said.stop);
      await page.context().close();
    });

    it('is a greyed entry and a small note for the class, and everything else is there', async () => {
      const page = await site.page('20260105', { language, script: false });
      const reply = await page.goto(room);
      assert.equal(reply.status(), 200);
      const entry = page.locator('.agenda li.is-down', { hasText: language === 'en' ? 'Polls' : '投票' });
      assert.match(await entry.innerText(), new RegExp(said.down));
      const colours = await entry.locator('.agenda-link b').evaluate((name) => {
        const other = document.querySelector('.agenda li:not(.is-down) .agenda-link b');
        return [getComputedStyle(name).color, getComputedStyle(other).color];
      });
      assert.notEqual(colours[0], colours[1], 'its name is grey');
      const boxes = page.locator('.widgets .card');
      assert.match(await boxes.filter({ hasText: language === 'en' ? 'Polls' : '投票' }).innerText(), new RegExp(said.box));
      assert.ok(await boxes.count() >= 5, 'the boxes of the others are there');
      await page.context().close();
    });
  });
}

describe('without script', () => {
  it('a teacher weighs facts and puts shares in, and the student reads them', async () => {
    const teacher = await site.page('teacher', { script: false });
    await teacher.goto(`${room}/tools`);
    await teacher.locator('main a.button', { hasText: '折算成绩' }).click();
    await teacher.fill('[name="each.notebook.notes"]', '2');
    await teacher.fill('[name="most.notebook.notes"]', '10');
    await teacher.locator('main form button', { hasText: '预览' }).click();
    await teacher.locator('main form[method=post] button').click();
    await teacher.waitForURL(/\/gradebook\//);
    const student = await site.page('20260105', { script: false });
    await student.goto('/marks');
    const share = student.locator('details.share').first();
    await share.locator('summary').click();
    assert.match(await share.innerText(), /班级记事本 · 记下的事：1 × 2 = 2 分/);
    await teacher.context().close();
    await student.context().close();
  });

  it('an administrator approves, retries and sends a dead letter again', async () => {
    const admin = await site.page('admin', { script: false });
    await admin.goto('/admin/plugins/growing');
    await admin.locator('main button', { hasText: '批准新版本' }).click();
    await admin.waitForSelector('.notice.is-success');
    await admin.goto('/admin/plugins/listener');
    await admin.locator('main button', { hasText: '重新发送' }).first().click();
    assert.match(await admin.locator('.notice.is-success').innerText(), /已重新发送给「消息墙」/);
    await admin.goto('/admin/plugins/unstable');
    await admin.locator('main button', { hasText: '再试一次' }).click();
    assert.match(await admin.locator('.notice.is-success').innerText(), /正在重新启动「投票」/);
    await admin.context().close();
  });
});
