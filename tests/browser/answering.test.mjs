// A student answers: with script and without, with a network and without.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startSite } from './site.mjs';

let site;
before(async () => {
  site = await startSite();
});
after(() => site?.close());

/** Students of the demo class who have not begun chapter 3, each used once. */
const fresh = [];
async function freshStudent() {
  for (let number = fresh.length ? fresh.at(-1) + 1 : 1; number <= 48; number += 1) {
    const login = `202601${String(number).padStart(2, '0')}`;
    const page = await site.page(login, { script: false });
    const path = await openSheet(page);
    await page.context().close();
    if (path) {
      fresh.push(number);
      return { login, path };
    }
  }
  throw new Error('every student of the demo class has begun');
}

/** The address of chapter 3's sheet, if the student has not begun it. */
async function openSheet(page) {
  await page.goto('/assignments');
  const link = page.locator('a', { hasText: '第三章作业' }).first();
  const path = await link.getAttribute('href');
  await page.goto(path);
  const sheet = page.locator('form#sheet');
  if ((await sheet.count()) === 0) return null;
  const filled = await page.$$eval('form#sheet input[data-field]', (inputs) => inputs.some((input) => input.value));
  return filled || (await sheet.getAttribute('data-attempt')) !== '1' ? null : path;
}

const saved = (page) => page.waitForFunction(
  () => /已保存/.test(document.querySelector('#sheet [role=status], [role=status]')?.textContent ?? ''),
  null, { timeout: 15_000 });

for (const width of [360, 1280]) {
  describe(`with script at ${width} px`, () => {
    it('saves what is typed, and marks in place', async () => {
      const { login, path } = await freshStudent();
      const page = await site.page(login, { width });
      await page.goto(path);
      const inputs = page.locator('form#sheet input[data-field]');
      assert.equal(await inputs.count(), 29);
      await inputs.nth(0).fill('四');
      await inputs.nth(0).press('Enter');
      assert.equal(await inputs.nth(1).evaluate((input) => input === document.activeElement), true, 'Enter moves on');
      await inputs.nth(1).fill('流量被劫持');
      await saved(page);
      await page.reload();
      assert.equal(await inputs.nth(1).inputValue(), '流量被劫持');
      await page.locator('form#sheet button[type=submit]').last().click();
      const confirm = page.locator('dialog[open] button', { hasText: /交卷|确定/ }).first();
      if (await confirm.isVisible().catch(() => false)) await confirm.click();
      await page.waitForSelector('#result', { timeout: 15_000 });
      const text = await page.locator('main').innerText();
      assert.match(text, /对/);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  });
}

describe('without a network', () => {
  it('keeps what was typed on the device and sends it when the network is back', async () => {
    const { login, path } = await freshStudent();
    const page = await site.page(login);
    await page.goto(path);
    const inputs = page.locator('form#sheet input[data-field]');
    await page.context().setOffline(true);
    await inputs.nth(0).fill('四');
    await inputs.nth(5).fill('客户资源');
    await page.waitForFunction(() => /仅存本机|等待网络/.test(document.body.innerText), null, { timeout: 20_000 });
    assert.doesNotMatch(await page.locator('[role=status]').first().innerText(), /已保存/);
    await page.context().setOffline(false);
    await saved(page);
    const other = await site.page(login, { script: false });
    await other.goto(path);
    assert.equal(await other.locator('form#sheet input[data-field]').nth(5).inputValue(), '客户资源');
    await page.context().close();
    await other.context().close();
  });
});

describe('asking about a mark', () => {
  it('reaches the teacher, and the answer comes back', async () => {
    const { login, path } = await freshStudent();
    const student = await site.page(login);
    await student.goto(path);
    await student.locator('form#sheet input[data-field]').nth(0).fill('全不对');
    await saved(student);
    await student.locator('form#sheet button[type=submit]').last().click();
    const confirm = student.locator('dialog[open] button', { hasText: /交卷|确定/ }).first();
    if (await confirm.isVisible().catch(() => false)) await confirm.click();
    await student.waitForSelector('#result', { timeout: 15_000 });
    const box = student.locator('.inquiries').first();
    await box.locator('summary').click();
    await box.locator('textarea').fill('请老师再看一看这一空。');
    await box.locator('button').click();
    await student.waitForURL(/\/attempts\/[0-9a-f-]{36}/);
    assert.match(await student.locator('.inquiry').first().innerText(), /请老师再看一看这一空。[^]*等老师回答/);

    const teacher = await site.page('teacher', { width: 1280 });
    await teacher.goto('/');
    await teacher.locator('a', { hasText: /判定答案|回答疑问/ }).first().click();
    const item = teacher.locator('.queue-item', { hasText: '请老师再看一看这一空。' });
    await item.locator('textarea').fill('看过了，算对。');
    await item.locator('button', { hasText: '回答并算对' }).click();
    await teacher.waitForSelector('.notice.is-success');

    await student.goto('/');
    const line = student.locator('.agenda li', { hasText: '看过了，算对。' });
    assert.match(await line.innerText(), /已改分/);
    await line.locator('a').click();
    assert.match(await student.locator('.inquiry').first().innerText(), /看过了，算对。/);
    assert.deepEqual([...student.complaints, ...teacher.complaints], []);
    await student.context().close();
    await teacher.context().close();
  });
});

describe('without script', () => {
  it('answers, hands in and is marked', async () => {
    const { login, path } = await freshStudent();
    const page = await site.page(login, { script: false });
    await page.goto(path);
    const inputs = page.locator('form#sheet input[data-field]');
    await inputs.nth(0).fill('４个');
    await inputs.nth(9).fill('密码。');
    await page.locator('form#sheet button[type=submit]').last().click();
    await page.waitForURL(/\/attempts\/[0-9a-f-]{36}/);
    const text = await page.locator('main').innerText();
    assert.match(text, /第 1 次/);
    assert.match(text, /对/);
    await page.context().close();
  });

  it('changes language and theme', async () => {
    const page = await site.page(null, { script: false });
    await page.goto('/courses');
    await page.locator('footer button, footer a', { hasText: 'English' }).first().click();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await page.locator('footer button, footer a', { hasText: /^Dark$/ }).first().click();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    await page.context().close();
  });
});
