// The chapter: keys, terms and footnotes by tap, where I stopped.
(function () {
  'use strict';
  const { root, find, each, on, make, isTyping } = dom;
  let popover = null;
  function closePopover(hasFocus) {
    if (!popover) return;
    popover.box.remove();
    if (hasFocus) popover.opener.focus({ preventScroll: true });
    popover = null;
  }
  function openPopover(opener, target) {
    const isTerm = target.tagName === 'DT';
    const content = make('div', {});
    if (isTerm) content.append(make('b', {}, target.textContent));
    const source = isTerm ? target.nextElementSibling : target;
    if (!source) return;
    const copy = source.cloneNode(true);
    each('sup, .number, .footnote-back, [href$="-back"]', (element) => element.remove(), copy);
    each('[id]', (element) => element.removeAttribute('id'), copy);
    content.append(...copy.childNodes);
    const back = make('a', { href: '#' }, document.body.dataset.back);
    const box = make('div', { class: 'popover', role: 'dialog', 'aria-label': isTerm ? target.textContent : opener.textContent, tabindex: '-1' }, content, make('p', { class: 'popover-links' }, back));
    on(back, 'click', (event) => { event.preventDefault(); closePopover(true); });
    document.body.append(box);
    const place = opener.getBoundingClientRect();
    box.style.top = `${place.bottom + window.pageYOffset + 8}px`;
    box.style.left = `${Math.max(16, Math.min(place.left, root.clientWidth - box.offsetWidth - 16))}px`;
    popover = { box, opener };
    box.focus({ preventScroll: true });
  }
  on(document, 'click', (event) => {
    const link = event.target.closest && event.target.closest('a.term, .footnote-reference a');
    const isInside = popover && popover.box.contains(event.target);
    const isSame = popover && link === popover.opener;
    if (!isInside) closePopover(false);
    if (!link || isInside) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!isSame) openPopover(link, target);
  });
  on(document, 'keydown', (event) => {
    if (event.key === 'Escape' && popover) { closePopover(true); return; }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || find('dialog[open]')) return;
    const link = { ArrowLeft: '.pager [rel=prev]', ArrowRight: '.pager [rel=next]' }[event.key];
    // A table that scrolls sideways keeps its arrow keys.
    if (link && find(link) && !event.target.closest('.table-scroll')) location.href = find(link).href;
    if (event.key === '/') {
      const box = find('main input[type=search], aside input[type=search]');
      event.preventDefault();
      if (box) box.focus(); else if (find('a[href="/search"]')) location.href = '/search';
    }
  });
  function chapter(article) {
    const headings = Array.from(article.querySelectorAll('h2[id], h3[id]'));
    const bar = make('progress', { class: 'reading', max: '1', 'aria-hidden': 'true' });
    document.body.append(bar);
    const address = article.dataset.position;
    let current = '';
    let sent = '';
    let sentAt = 0;
    let timer = 0;
    let hasScrolled = false;
    const report = (isLeaving) => {
      if (!address || !hasScrolled || !current || current === sent) return;
      const wait = sentAt + 10000 - Date.now();
      clearTimeout(timer);
      if (wait > 0 && !isLeaving) { timer = setTimeout(report, wait); return; }
      sent = current;
      sentAt = Date.now();
      fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ anchor: current }), credentials: 'same-origin', keepalive: true }).catch(() => { sent = ''; });
    };
    let isWaiting = false;
    const look = () => {
      isWaiting = false;
      const area = article.getBoundingClientRect();
      bar.value = Math.max(0, Math.min(1, -area.top / Math.max(1, area.height - window.innerHeight)));
      const passed = headings.filter((heading) => heading.getBoundingClientRect().top < window.innerHeight * 0.3).pop();
      const now = passed ? passed.id : '';
      if (now === current) return;
      current = now;
      each('.on-this-page a, .contents a[href^="#"]', (link) => {
        if (decodeURIComponent(link.hash.slice(1)) !== now) { link.removeAttribute('aria-current'); return; }
        link.setAttribute('aria-current', 'location');
        const column = link.closest('aside');
        const [place, frame] = [link.getBoundingClientRect(), column.getBoundingClientRect()];
        if (place.height && (place.top < frame.top || place.bottom > frame.bottom)) column.scrollTop += place.top - frame.top - frame.height / 2;
      });
      report(false);
    };
    on(window, 'scroll', () => {
      hasScrolled = true;
      if (!isWaiting) { isWaiting = true; requestAnimationFrame(look); }
    }, { passive: true });
    on(window, 'pagehide', () => report(true));
    look();
  }
  const article = find('article.chapter, article[data-position]');
  if (article) chapter(article);
})();
