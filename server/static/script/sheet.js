// The exercise sheet: drafts on the device and on the server, and handing in.
(function () {
  'use strict';
  const { find, each, on, fill, device } = dom;
  function sheet(form) {
    const status = find('#status');
    const assignment = form.dataset.draft.split('/')[2];
    const attempt = Number(form.dataset.attempt);
    const family = `draft:${form.dataset.owner}:${assignment}:`;
    const storeKey = family + attempt;
    const fields = new Map();
    each('[data-field]', (element) => fields.set(element.dataset.field, element), form);
    const typed = new Map(); // field → {text, sequence}: not acknowledged yet
    const acknowledged = new Map(); // field → highest sequence the server has said it holds
    const refused = new Map(); // field → sequence the server will never take
    let last = Number(form.dataset.sequence) || 0;
    let handIn = null; // {key, body}: pressed and not acknowledged
    let isClosed = false; // handed in: nothing more is sent
    let isBusy = false;
    let isKept = true;
    let oneByOne = false;
    let failures = 0;
    let firstWaiting = 0;
    let refusal = ''; // why the last refused text was not taken
    let timer = 0;
    let clockOffset = (Date.parse(form.dataset.serverTime) || Date.now()) - Date.now();

    function say(state, values) {
      if (!status || !state) return;
      const text = fill(status.dataset[state] || '', values || {});
      if (status.textContent !== text) status.textContent = text;
      status.className = 'sheet-status is-' + ({ saved: 'saved', late: 'error', offline: 'offline', waiting: 'offline', saving: 'busy', handingIn: 'busy', restored: 'busy' }[state] || 'error');
    }
    const clock = (iso) => {
      const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false };
      if (form.dataset.zone) options.timeZone = form.dataset.zone;
      return new Date(iso).toLocaleTimeString('en-GB', options);
    };
    const unsent = () => Array.from(typed).filter(([field, entry]) => refused.get(field) !== entry.sequence);

    /* Merges with what another tab of the same sheet may have kept. */
    function keep() {
      const kept = (device.read(storeKey) || {}).fields || {};
      Object.keys(kept).forEach((field) => { if (kept[field].sequence <= (acknowledged.get(field) || 0)) delete kept[field]; });
      typed.forEach((entry, field) => { if (!kept[field] || kept[field].sequence < entry.sequence) kept[field] = entry; });
      if (Object.keys(kept).length || handIn) isKept = device.write(storeKey, { fields: kept, handIn });
      else device.erase((key) => key === storeKey);
    }
    function changed(element) {
      if (isClosed || handIn) return;
      const field = element.dataset.field;
      const before = typed.get(field);
      if (before ? before.text === element.value : element.value === element.dataset.saved) return;
      last = Math.max(Date.now(), last + 1);
      typed.set(field, { text: element.value, sequence: last });
      keep();
      count();
      if (!failures) say('saving');
      plan();
    }
    /* Sends 2 s after the last key, 5 s after the first at the latest; after failures ever slower, up to 8 s. */
    function plan(delay) {
      clearTimeout(timer);
      if (isClosed) return;
      const now = Date.now();
      firstWaiting = firstWaiting || now;
      const jitter = Math.random() * 500;
      const quiet = failures ? Math.min(8000, 1000 * 2 ** failures) + jitter : Math.max(0, Math.min(2000 + jitter, firstWaiting + 5000 - now));
      timer = setTimeout(send, delay === undefined ? quiet : delay);
    }
    function request(address, headers, body, isLeaving) {
      const controller = new AbortController();
      const limit = setTimeout(() => controller.abort(), 15000);
      // Browsers refuse more than 64 KiB from a page that is going away.
      const keepalive = Boolean(isLeaving) && body.length < 20000;
      return fetch(address, { method: 'POST', headers, body, keepalive, credentials: 'same-origin', signal: controller.signal })
        .then(async (response) => ({ status: response.status, text: await response.text(), response }))
        .finally(() => clearTimeout(limit));
    }
    const parse = (text) => { try { return JSON.parse(text) || {}; } catch { return {}; } };
    function failed(status, response) {
      failures += 1;
      say(handIn && !status ? 'waiting' : status ? 'error' : isKept ? 'offline' : 'noStorage');
      const wait = response && Number(response.headers.get('Retry-After'));
      plan(wait ? Math.min(wait, 60) * 1000 : undefined);
    }
    function settled() {
      failures = 0;
      firstWaiting = 0;
    }
    async function send(isLeaving) {
      clearTimeout(timer);
      if (isClosed || (isBusy && isLeaving !== true)) return;
      if (handIn) { sendHandIn(); return; }
      let batch = unsent();
      if (!batch.length) return;
      if (oneByOne) batch = batch.slice(0, 1);
      const body = JSON.stringify({ attempt, fields: batch.map(([field, entry]) => ({ field, text: entry.text, sequence: entry.sequence })) });
      isBusy = true;
      if (!failures) say('saving');
      let reply = null;
      try {
        reply = await request(form.dataset.draft, { 'Content-Type': 'application/json', Accept: 'application/json' }, body, isLeaving === true);
      } catch { /* no network: reply stays null */ }
      isBusy = false;
      if (isClosed) return;
      if (handIn) { sendHandIn(); return; }
      const answer = reply ? parse(reply.text) : {};
      if (reply && reply.status === 200 && Array.isArray(answer.saved)) {
        acknowledge(answer);
      } else if (reply && reply.status === 409 && answer.handed_in) {
        isClosed = true;
        lock(true);
        say('handedIn');
      } else if (reply && reply.status === 401) {
        failures += 1;
        say('signIn');
      } else if (reply && (reply.status === 413 || reply.status === 422)) {
        if (batch.length > 1) {
          oneByOne = true;
        } else {
          refused.set(batch[0][0], batch[0][1].sequence);
          refusal = (answer.error && answer.error.message) || reply.status;
          say('refused', { message: refusal });
        }
        settled();
        if (unsent().length) plan(0);
      } else {
        failed(reply ? reply.status : 0, reply && reply.response);
      }
    }
    function acknowledge(answer) {
      answer.saved.forEach(({ field, sequence }) => {
        acknowledged.set(field, Math.max(sequence, acknowledged.get(field) || 0));
        const entry = typed.get(field);
        if (!entry || entry.sequence > sequence) return;
        typed.delete(field);
        if (fields.has(field)) fields.get(field).dataset.saved = entry.text;
      });
      if (answer.at) clockOffset = Date.parse(answer.at) - Date.now();
      keep();
      settled();
      if (unsent().length) plan(oneByOne ? 0 : undefined);
      else if (!typed.size) {
        oneByOne = false;
        say(answer.late ? 'late' : 'saved', { time: clock(answer.at || Date.now()) });
      } else {
        say('refused', { message: refusal });
      }
    }

    function lock(isLocked) {
      fields.forEach((element) => { element.readOnly = isLocked; });
      each('button, input[type=submit]', (button) => { button.disabled = isLocked; }, form);
    }
    function startHandIn() {
      if (handIn || isClosed) return;
      clearTimeout(timer);
      const values = new FormData(form);
      handIn = { key: values.get('key'), body: new URLSearchParams(values).toString() };
      keep();
      lock(true);
      say('handingIn');
      if (!isBusy) sendHandIn();
    }
    async function sendHandIn() {
      if (isBusy) return;
      isBusy = true;
      let reply = null;
      try {
        reply = await request(form.action, { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html-fragment' }, handIn.body);
      } catch { /* no network */ }
      isBusy = false;
      const page = reply && new DOMParser().parseFromString(reply.text, 'text/html');
      if (reply && reply.status === 200) {
        isClosed = true;
        device.erase((key) => key === storeKey);
        const result = page.getElementById('result');
        const address = reply.response.headers.get('X-Location') || (reply.response.redirected && reply.response.url);
        if (!result || reply.response.redirected) { location.href = address || location.href; return; }
        if (address) history.replaceState(null, '', address);
        (form.closest('[data-sheet]') || form).replaceWith(document.importNode(result, true));
        const summary = find('#result [role=status]') || find('#result');
        summary.tabIndex = -1;
        summary.focus();
        summary.scrollIntoView();
      } else if (reply && (reply.status === 401 || reply.status === 409 || reply.status === 413 || reply.status === 422 || reply.status === 403)) {
        const answer = parse(reply.text);
        const heading = page.querySelector('h1');
        if (reply.status === 409) isClosed = true;
        // A refused hand-in is given up; signed out, it stays and goes on after the next sign-in.
        if (reply.status !== 401) handIn = null;
        keep();
        if (!isClosed) lock(false);
        say({ 401: 'signIn', 409: 'handedIn' }[reply.status] || 'refused', { message: (answer.error && answer.error.message) || (heading && heading.textContent) || reply.status });
        if (handIn) { lock(true); failures += 1; }
      } else {
        failed(reply ? reply.status : 0, reply && reply.response);
      }
    }

    function count() {
      const line = find('.sheet-filled', form);
      if (!line) return;
      const all = Array.from(fields.values()).filter((element) => element.tagName === 'INPUT');
      line.textContent = fill(line.dataset.filled, { filled: all.filter((element) => element.value.trim()).length, total: all.length });
    }
    function restore() {
      const own = device.read(storeKey);
      device.erase((key) => key.startsWith(family) && Number(key.slice(family.length)) < attempt);
      fields.forEach((element) => { element.dataset.saved = element.defaultValue; });
      if (!own) return;
      Object.keys(own.fields || {}).forEach((field) => {
        const entry = own.fields[field];
        const element = fields.get(field);
        if (!element) return;
        // Another device may have written later; a sheet that says so for each field decides exactly.
        const known = Number(element.dataset.sequence || (element.defaultValue ? last : 0));
        if (entry.sequence <= known) return;
        element.value = entry.text;
        typed.set(field, entry);
      });
      typed.forEach((entry) => { last = Math.max(last, entry.sequence); });
      handIn = own.handIn || null;
      if (handIn) {
        lock(true);
        say('handingIn');
        sendHandIn();
      } else if (typed.size) {
        say('restored');
        plan(0);
      }
      keep();
    }
    function countdown() {
      const closes = Date.parse(form.dataset.closes);
      const line = find('#countdown', form);
      if (!closes || !line) return;
      const announced = new Set();
      let before = Infinity;
      const tick = () => {
        if (isClosed || !form.isConnected) return;
        const left = Math.ceil((closes - Date.now() - clockOffset) / 1000);
        const values = { days: Math.floor(left / 86400), hours: Math.floor(left / 3600) % 24, minutes: Math.floor(left / 60) % 60, seconds: left % 60 };
        const kind = left <= 0 ? 'closed' : left >= 86400 ? 'days' : left >= 3600 ? 'hours' : 'minutes';
        const text = fill(line.dataset[kind], values);
        if (line.textContent !== text) line.textContent = text;
        line.parentElement.classList.toggle('is-soon', left <= 300);
        [5, 1].forEach((minutes) => {
          if (left > minutes * 60 || left <= (minutes - 1) * 60 || announced.has(minutes)) return;
          announced.add(minutes);
          find('#bell', form).textContent = fill(line.dataset.announce, { minutes });
        });
        // What was typed in the last seconds must be there before the bell.
        if (left <= 3 && before > 3 && typed.size) plan(0);
        before = left;
        setTimeout(tick, left > 3700 ? 20000 : 1000);
      };
      tick();
    }

    const blanks = () => Array.from(fields.values()).filter((element) => element.offsetParent);
    on(form, 'input', (event) => { if (event.target.dataset.field && !event.isComposing) changed(event.target); });
    on(form, 'compositionend change', (event) => { if (event.target.dataset.field) changed(event.target); });
    on(form, 'focusout', (event) => {
      if (!event.target.dataset.field) return;
      changed(event.target);
      if (typed.size && !failures && !handIn) plan(0);
    });
    on(form, 'keydown', (event) => {
      const element = event.target;
      if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229 || element.tagName !== 'INPUT' || !element.dataset.field) return;
      event.preventDefault();
      const order = blanks();
      const next = order[order.indexOf(element) + 1] || find('.hand-in button', form);
      if (next) next.focus();
    });
    on(form, 'submit', (event) => { event.preventDefault(); startHandIn(); });
    const again = () => { if (typed.size || handIn) plan(0); };
    on(window, 'online', again);
    on(document, 'visibilitychange', () => {
      if (document.visibilityState === 'visible') again();
      else leave();
    });
    const leave = () => {
      if (document.activeElement && document.activeElement.dataset.field) changed(document.activeElement);
      if (typed.size && !handIn) send(true);
    };
    on(window, 'pagehide', leave);
    on(window, 'pageshow', (event) => { if (event.persisted) location.reload(); });
    if (status) status.textContent = '';
    restore();
    count();
    countdown();
  }
  const form = find('form#sheet');
  if (form && window.fetch && window.AbortController) sheet(form);
})();
