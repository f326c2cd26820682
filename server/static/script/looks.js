// Looks: at once, and remembered by the server.
(function () {
  'use strict';
  const { root, find, each, on } = dom;
  on(document, 'click', (event) => {
    const button = event.target.closest && event.target.closest('.preferences [name=theme], .preferences [name=font_size]');
    if (!button || !window.fetch) return;
    event.preventDefault();
    const { name, value } = button;
    root.dataset[name === 'theme' ? 'theme' : 'font'] = value;
    const scheme = find('meta[name=color-scheme]');
    if (name === 'theme' && scheme) scheme.content = value === 'auto' ? 'light dark' : value;
    each(`.preferences [name=${name}]`, (other) => other.setAttribute('aria-pressed', other.value === value));
    fetch(button.form.action, { method: 'POST', body: new URLSearchParams({ [name]: value, return: location.pathname }), redirect: 'manual', credentials: 'same-origin', keepalive: true }).catch(() => button.form.submit());
  });
})();
