// Questions before what cannot be undone at once, and dialogs.
(function () {
  'use strict';
  const { find, on, make } = dom;
  on(document, 'click', (event) => {
    const button = event.target.closest && event.target.closest('[data-confirm]');
    if (!button || button.dataset.confirmed) return;
    event.preventDefault();
    const proceed = () => {
      button.dataset.confirmed = 'yes';
      button.click();
      delete button.dataset.confirmed;
    };
    const words = document.body.dataset;
    const dialog = make('dialog', { class: 'dialog', 'aria-labelledby': 'confirm-text' });
    if (!dialog.showModal) { if (window.confirm(button.dataset.confirm)) proceed(); return; }
    const cancel = make('button', { class: 'button is-quiet', type: 'button', autofocus: '' }, words.cancel);
    const go = make('button', { class: button.className, type: 'button' }, button.textContent.trim());
    dialog.append(make('h2', { class: 'dialog-title' }, words.confirmWord), make('p', { id: 'confirm-text' }, button.dataset.confirm), make('div', { class: 'actions' }, cancel, go));
    on(cancel, 'click', () => dialog.close());
    on(go, 'click', () => { dialog.close(); proceed(); });
    on(dialog, 'close', () => { dialog.remove(); button.focus(); });
    document.body.append(dialog);
    dialog.showModal();
  });
  on(document, 'click', (event) => {
    const link = event.target.closest && event.target.closest('[data-dialog], [data-close]');
    if (!link) return;
    const dialog = 'close' in link.dataset ? link.closest('dialog') : find(link.getAttribute('href'));
    if (!dialog || !dialog.showModal || (!dialog.open && 'close' in link.dataset)) return;
    event.preventDefault();
    if (dialog.open) dialog.close(); else dialog.showModal();
  });
})();
