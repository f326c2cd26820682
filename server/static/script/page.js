// What every page needs.
(function () {
  'use strict';
  const { root, find, each, on, isTyping, device } = dom;
  on(document, 'focusin', (event) => root.classList.toggle('is-typing', Boolean(isTyping(event.target))));
  // What is there to be copied is chosen whole.
  on(document, 'focusin', ({ target }) => { if (target.readOnly && target.tagName === 'INPUT' && !target.form) target.select(); });
  on(document, 'focusout', () => root.classList.remove('is-typing'));
  on(window, 'beforeprint', () => each('details', (details) => { details.open = true; }));
  // A link into a folded answer opens it; newer browsers do so by themselves.
  function reveal() {
    let place = null;
    try { place = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { /* no place of ours */ }
    const folded = place && place.closest('details:not([open])');
    if (folded) { folded.open = true; place.scrollIntoView(); }
  }
  on(window, 'hashchange', reveal);
  reveal();
  on(document, 'submit', (event) => {
    if (/\/sign-out$/.test(event.target.action)) device.erase((key) => key.startsWith('draft:'));
  });
  // A page that shows the marked attempt names the draft it replaces.
  each('[data-erase-draft]', (element) => device.erase((key) => key === 'draft:' + element.dataset.eraseDraft));
  // WeChat's browser cannot save files: show what to do instead.
  if (/MicroMessenger/.test(navigator.userAgent)) each('[data-wechat]', (element) => { element.hidden = false; });
})();
