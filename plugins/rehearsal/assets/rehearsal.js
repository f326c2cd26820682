// Loads a conversation anew when something came, unless somebody is writing.
const end = document.querySelector('#end[data-address]');
if (end) {
  setInterval(async () => {
    const text = document.querySelector('#text');
    if (document.hidden || (text && text.value)) return;
    try {
      const answer = await fetch(end.dataset.address);
      if (answer.ok && (await answer.text()) !== end.dataset.lines) location.reload();
    } catch {
      // The platform may be away; the next time will tell.
    }
  }, 2000);
}
