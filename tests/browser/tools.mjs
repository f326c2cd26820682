// Tools of the demo class in every state that a plugin can be in.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRoom } from './site.mjs';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures');

/** Puts a program that fails in its own ways into the server's data folder. */
function place(site, id, fields) {
  const folder = join(site.data, 'plugins');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(fixtures, 'troubled', 'troubled.py'), join(folder, 'troubled.py'));
  const manifest = {
    id, version: '0.1.0', command: ['/usr/bin/python3', 'troubled.py'],
    routes: [{ method: 'GET', path: '/' }],
    navigation: [{ title: fields.title }],
    widgets: [{ id: 'box', title: fields.title }],
    templates: { 'page.html': '<p>✓</p>' },
    ...fields,
  };
  writeFileSync(join(folder, `${id}.plugin.json`), JSON.stringify(manifest));
}

const says = (words) => async (page) => (await page.locator('main').innerText()).includes(words);

async function press(page, name) {
  await page.locator('main button', { hasText: name }).first().click();
}

/** Brings plugins into their states; returns the address of the class. */
export async function prepare(site) {
  const options = { script: false, width: 1280 };
  const [admin, teacher, student] = await Promise.all(['admin', 'teacher', '20260105'].map((login) => site.page(login, options)));
  place(site, 'unstable', { title: { zh: '投票', en: 'Polls' }, description: { zh: '班里的事，大家投票。', en: 'The class votes.' } });
  place(site, 'listener', {
    title: { zh: '消息墙', en: 'Message wall' }, description: { zh: '把新的记事贴到墙上。', en: 'Puts new notes on a wall.' },
    events: { hears: ['note.added'] },
  });
  place(site, 'lonely', {
    title: { zh: '抽签', en: 'Lots' }, description: { zh: '从名册里抽签。', en: 'Draws lots.' }, needs: ['lots.draw/1'],
  });
  place(site, 'growing', { title: { zh: '倒计时', en: 'Countdown' }, description: { zh: '离期末还有几天。', en: 'Days to the end of the term.' } });
  place(site, 'resting', {
    title: { zh: '书单', en: 'Books' }, description: { zh: '大家推荐的书。', en: 'Books the class recommends.' },
    http: ['books.example.edu'], permissions: ['roster', 'schedule'],
  });

  const enabled = ['notebook', 'unstable', 'listener', 'lonely', 'growing'];
  for (const id of enabled) {
    const address = `/admin/plugins/${id}`;
    await site.until(admin, address, (page) => page.locator('main button', { hasText: '启用' }).count(), `${id} is found`);
    await press(admin, '启用');
  }
  for (const id of enabled) {
    await site.until(admin, `/admin/plugins/${id}`, says(id === 'lonely' ? '不能运行' : '运行中'), `${id} is in its state`);
  }

  const room = await findRoom(teacher);
  for (const id of [...enabled]) {
    await teacher.goto(`${room}/tools`);
    await teacher.locator(`form:has(input[value="${id}"]) button`).first().click();
  }
  // A note is an event; who hears it dies of it, twice.
  await student.goto(`${room}/tools/notebook`);
  await student.fill('main [name=text]', '周五下午一起去拍照');
  await student.locator('main form button').first().click();
  await site.until(admin, '/admin/plugins/listener', says('死信'), 'the event is given up');
  // A page that ends the worker, again and again.
  for (let count = 0; count < 3; count += 1) await student.goto(`${room}/tools/unstable?do=abort`);
  await site.until(admin, '/admin/plugins/unstable', says('已隔离'), 'the plugin is quarantined');
  // A new version that asks for more.
  place(site, 'growing', {
    version: '0.2.0', title: { zh: '倒计时', en: 'Countdown' }, description: { zh: '离期末还有几天。', en: 'Days to the end of the term.' },
    permissions: ['roster', 'secrets'], http: ['calendar.example.edu'],
  });
  await site.until(admin, '/admin/plugins/growing', says('批准新版本'), 'the update waits');
  for (const page of [admin, teacher, student]) await page.context().close();
  return room;
}
