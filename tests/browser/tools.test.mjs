// The pages of the plugin platform, as a careful designer would check them, in every state that a plugin can be in.
// COURSE_PICTURES=DIR keeps a picture of every page.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startSite, tidy } from './site.mjs';
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

for (const role of Object.keys(logins)) {
  for (const look of looks) {
    const { width, theme, language, text } = look;
    it(`${role} at ${width} px, ${theme}, ${language}${text ? `, text ${text}` : ''}: nothing to tidy`, async () => {
      const page = await site.page(logins[role], look);
      const faults = await tidy(page, addresses[role](), look, role);
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
  it('an administrator goes back to the version before', async () => {
    const admin = await site.page('admin', { script: false });
    const address = '/admin/plugins/notebook';
    const file = async () => (await admin.locator('main dl', { hasText: 'SHA-256' }).innerText()).match(/[0-9a-f]{9,}/)[0];
    await admin.goto(address);
    const first = await file();
    assert.equal(await admin.locator('form[action$="/roll-back"]').count(), 0, 'there is no version before');
    // The same library with a byte more is another file.
    const library = readFileSync(join(dirname(site.program), 'libnotebook.so'));
    writeFileSync(join(site.data, 'plugins', 'libnotebook.so'), Buffer.concat([library, Buffer.from([0])]));
    await site.until(admin, address, 'form[action$="/roll-back"]', 'the newer file runs');
    assert.notEqual(await file(), first);
    await admin.locator('form[action$="/roll-back"] button').click();
    assert.match(await admin.locator('.notice.is-success').innerText(), /正在换回「班级记事本」的上一版本/);
    await site.until(admin, address, async () => (await file()) === first, 'the version before runs');
    const student = await site.page('20260105', { script: false });
    assert.equal((await student.goto(`${room}/tools/notebook`)).status(), 200);
    for (const page of [admin, student]) await page.context().close();
  });

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
