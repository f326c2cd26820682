// The class's public account as its users see it: the main paths of the tools, and every page of theirs in both themes.
// COURSE_PICTURES=DIR keeps a picture of every page.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { findRoom, startSite, tidy } from './site.mjs';

let site;
let room;
let tools;
// Who is on duty today, by post, as the rota says.
let duty;

before(async () => {
  site = await startSite();
  const teacher = await site.page('teacher', { script: false });
  room = await findRoom(teacher);
  tools = `${room}/tools`;
  await site.until(teacher, `${tools}/qa-inbox/done`, '.queue-item', 'the half semester is there');
  await site.until(teacher, `${tools}/duty-rota`, 'td a', 'the rota is there');
  await site.until(teacher, `${tools}/fan-tracking/curve`, 'svg', 'the figures are there');
  await teacher.goto(`${tools}/duty-rota`);
  const names = await teacher.locator('.tool ul').first().locator('a').allInnerTexts();
  duty = names.map((name) => `202601${name.replace(/\D/g, '')}`);
  assert.equal(duty.length, 3, String(names));
  await teacher.context().close();
});
after(() => site?.close());

/** A person of the rehearsal room; its page is the follower's phone. */
async function follower() {
  const context = await site.browser.newContext({ baseURL: site.rehearsal, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/');
  await page.locator('form[action="/people"] button').first().click();
  await page.waitForURL(/\/people\/\d+/);
  return page;
}

async function say(page, text) {
  await page.fill('textarea[name=text]', text);
  await page.locator('form.say button').click();
  await page.waitForSelector(`.talk .follower .bubble:has-text("${text}")`);
}

describe('without script', () => {
  it('a follower asks in the rehearsal room, the student on duty answers with a suggestion, and the follower reads it', async () => {
    const phone = await follower();
    const asked = '投稿的照片有大小要求吗';
    await say(phone, asked);
    const sent = Date.now();
    assert.match(await phone.locator('.talk .account .bubble').last().innerText(), /已转给值班同学[\s\S]*http:/);

    // What to do now is on the front page of whoever is on duty, and one tap away.
    const student = await site.page(duty[0], { script: false });
    await site.until(student, '/', 'main .card', 'the front page speaks of duty');
    const card = student.locator('main .card').first();
    assert.match(await card.innerText(), /今天你值班：主值/);
    assert.match(await card.innerText(), /现在：/);

    await site.until(student, `${tools}/qa-inbox`, `.queue-item:has-text("${asked}")`, 'the question is in the inbox');
    assert.ok(Date.now() - sent < 10_000, 'it came at once');
    await student.locator('.queue-item', { hasText: asked }).locator('form button').click();
    await student.waitForSelector('form#answer');
    const suggestion = student.locator('details.qa').first();
    await suggestion.locator('summary').click();
    assert.ok(await suggestion.locator('mark').count() > 0, 'it says why it is suggested');
    await suggestion.locator('a.button').click();
    const answer = await student.inputValue('form#answer textarea');
    assert.ok(answer.length > 10, 'the suggestion is in the answer');
    await student.fill('form#answer textarea', `${answer}\n期待你的来稿！`);
    await student.locator('form#answer button').click();
    await student.waitForSelector('.notice.is-success');

    // The account is not verified: the answer goes out with the follower's next word.
    await say(phone, '查');
    await phone.waitForSelector('.talk .account .bubble:has-text("期待你的来稿")');
    for (const page of [phone, student]) await page.context().close();
  });

  it('a swap is offered, accepted and in the rota', async () => {
    const one = await site.page('20260102', { script: false });
    await one.goto(`${tools}/duty-rota`);
    await one.locator('main ul.agenda a[href*="/shifts/"]').last().click();
    const day = await one.locator('main h2 time').first().getAttribute('datetime');
    await one.fill('[name=note]', '那天有比赛，求代班');
    await one.locator('form[action$="/offer"] button').click();
    await one.waitForSelector('.notice.is-success');
    // Whoever is free that day; others are told why not.
    let taken = false;
    for (let number = 4; number <= 50 && !taken; number += 1) {
      const other = await site.page(`202601${String(number).padStart(2, '0')}`, { script: false });
      await other.goto(`${tools}/duty-rota/swaps`);
      const offer = other.locator('.queue-item', { hasText: '那天有比赛' });
      await offer.locator('form[action$="/accept"] button').click();
      taken = (await other.locator('.notice.is-success').count()) > 0;
      if (taken) {
        await other.goto(`${tools}/duty-rota`);
        const days = await other.locator('ul.agenda time').evaluateAll((all) => all.map((one) => one.getAttribute('datetime')));
        assert.ok(days.includes(day), `${day} is not among ${days}`);
      } else {
        assert.ok(await other.locator('.notice').count() > 0, 'a refusal says why');
      }
      await other.context().close();
    }
    assert.ok(taken, 'somebody could take it');
    await one.goto(`${tools}/duty-rota`);
    const days = await one.locator('ul.agenda time').evaluateAll((all) => all.map((one) => one.getAttribute('datetime')));
    assert.ok(!days.includes(day), 'it is not the first one’s any more');
    await one.context().close();
  });

  it('a teacher imports the back office’s file, looks, confirms and takes it back', async () => {
    const teacher = await site.page('teacher', { script: false });
    await teacher.goto(`${tools}/fan-tracking/import`);
    const file = '时间,新关注人数,取消关注人数,净增关注人数,累积关注人数\n2026-09-01,12,2,10,110\n2026-09-02,20,1,19,129\n';
    await teacher.setInputFiles('main input[type=file]', { name: '用户分析.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
    await teacher.locator('main form button').first().click();
    await teacher.waitForURL(/\/import\/[0-9a-f-]{36}$/);
    const preview = new URL(teacher.url()).pathname;
    assert.match(await teacher.locator('main').innerText(), /9月2日/);
    await teacher.locator('main form[method=post] button').first().click();
    await teacher.waitForSelector('.notice.is-success');
    await teacher.goto(`${tools}/fan-tracking/days`);
    assert.match(await teacher.locator('main').innerText(), /9月2日[\s\S]*129/);
    await teacher.goto(`${tools}/fan-tracking/import`);
    await teacher.locator(`form[action="${preview}/undo"] button`).click();
    await teacher.waitForSelector('.notice');
    await teacher.goto(`${tools}/fan-tracking/days`);
    assert.doesNotMatch(await teacher.locator('main').innerText(), /9月2日/);
    await teacher.context().close();
  });

  it('a teacher weighs what the tools have counted, and a student reads how', async () => {
    const teacher = await site.page('teacher', { script: false });
    await teacher.goto(`${tools}/-/marks`);
    await teacher.fill('[name="each.duty-rota.kept"]', '1');
    await teacher.fill('[name="most.duty-rota.kept"]', '6');
    await teacher.fill('[name="each.qa-inbox.answered"]', '0.5');
    await teacher.locator('main form button', { hasText: '预览' }).click();
    await teacher.locator('main form[method=post] button').click();
    await teacher.waitForURL(/\/gradebook\//);
    const student = await site.page(duty[1], { script: false });
    await student.goto('/marks');
    const share = student.locator('details.share').first();
    await share.locator('summary').click();
    assert.match(await share.innerText(), /值班 · 完成的值班：\d+ × 1/);
    for (const page of [teacher, student]) await page.context().close();
  });

  it('the three facts of the project are at a glance on the class page', async () => {
    const titles = { 'zh-CN': ['今天值班', '粉丝目标', '等待回答的提问'], en: ['On duty today', 'Followers', 'Questions waiting'] };
    const facts = {
      'zh-CN': [/主值 学生 \d\d/, /[\d,]+ \/ 100,000/, /^[\s\S]*\d+\s+最早的已等/],
      en: [/Chief 学生 \d\d/, /[\d,]+ \/ 100,000/, /^[\s\S]*\d+\s+Oldest waits/],
    };
    // Whoever is on duty has more on that page than the others.
    for (const login of ['20260115', ...duty]) {
      for (const language of ['zh-CN', 'en']) {
        const student = await site.page(login, { script: false, language });
        await student.goto(room);
        const cards = student.locator('.widgets .card');
        for (const [index, title] of titles[language].entries()) {
          const box = cards.filter({ has: student.locator('h2', { hasText: title }) });
          assert.match(await box.innerText(), facts[language][index]);
        }
        const [bottom, bar] = await cards.evaluateAll((all) => [
          Math.max(...all.map((card) => card.getBoundingClientRect().bottom)),
          document.querySelector('.site-nav').getBoundingClientRect().top,
        ]);
        assert.ok(bottom <= bar, `${login}, ${language}: the boxes end at ${bottom}, behind the bar at ${bar}`);
        await student.context().close();
      }
    }
  });
});

const addresses = {
  student: async (page) => [
    '/', room, ...await inner(page, `${tools}/duty-rota`, ['', '/swaps', '/times', '/publications', '/fairness']),
    ...await inner(page, `${tools}/qa-inbox`, ['', '/done', '/faq', '/faq/new', '/reviews', '/figures', '/figures/cases?days=30', '/automatic', '/search?q=开奖']),
    ...await inner(page, `${tools}/fan-tracking`, ['', '/curve', '/curve?days=all', '/credit', '/report', '/campaigns', '/days']), `${tools}/wechat`,
  ],
  teacher: async (page) => [
    room, tools, `${tools}/-/marks`, ...await inner(page, `${tools}/duty-rota`, ['', '/plan', '/plan/repair', '/code', '/-/settings']),
    ...await inner(page, `${tools}/qa-inbox`, ['', '/faq', '/-/settings']),
    ...await inner(page, `${tools}/fan-tracking`, ['', '/import', '/credit', '/-/settings']),
    `${tools}/wechat`, `${tools}/wechat/account`, `${tools}/wechat/-/settings`,
  ],
};

/** Pages of a tool, and the first page of each kind that they lead to. */
async function inner(page, base, paths) {
  const found = new Map(paths.map((path) => [path, base + path]));
  for (const path of paths) {
    await page.goto(base + path);
    const hrefs = await page.$$eval('main a[href]', (links) => links.map((link) => link.getAttribute('href')));
    for (const href of hrefs.filter((one) => one.startsWith(base) && !/\.(xlsx|csv|json)/.test(one))) {
      const kind = href.slice(base.length).replace(/#.*/, '').replaceAll(/[0-9a-f-]{36}|\d{4}-\d\d-\d\d/g, '…').replace(/\?.*/, '');
      if (kind && kind !== '/' && !found.has(kind)) found.set(kind, href);
    }
  }
  return found.values();
}

const looks = [
  { width: 360, theme: 'light', language: 'zh-CN' },
  { width: 360, theme: 'dark', language: 'zh-CN' },
  { width: 1280, theme: 'light', language: 'zh-CN' },
  { width: 1280, theme: 'dark', language: 'en' },
];
for (const [role, login] of [['duty', null], ['student', '20260115'], ['teacher', 'teacher']]) {
  // Whoever is on duty has the same pages as everybody, with a little more on some.
  for (const look of role === 'duty' ? looks.slice(0, 1) : looks) {
    it(`${role} at ${look.width} px, ${look.theme}, ${look.language}: nothing to tidy`, async () => {
      const page = await site.page(login ?? duty[1], look);
      const list = await addresses[role === 'teacher' ? 'teacher' : 'student'](page);
      const faults = await tidy(page, list, look, `account-${role}`);
      await page.context().close();
      assert.deepEqual(faults, []);
    });
  }
}
