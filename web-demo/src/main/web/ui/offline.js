/** Keeps a copy of the page in the browser, so that it opens without its server, and says so. */

import { $ } from './page.js';

const NONE = 'This browser keeps no copy of this page, so it needs its server.';

export async function wireOffline() {
  const container = navigator.serviceWorker;
  if (container === undefined) {
    $('offline-status').textContent = NONE;
    return;
  }
  container.onmessage = ({ data }) => {
    if (data.kept || container.controller !== null) {
      document.documentElement.dataset.offline = 'ready';
      $('offline-status').textContent = 'A copy of this page is in your browser now: stop the server, or unplug the network, and load it again.';
    }
  };
  try {
    const registration = await container.register('sw.js');
    registration.installing?.addEventListener('statechange', ({ target }) => {
      if (target.state === 'redundant' && registration.active === null) {
        $('offline-status').textContent = NONE;
      }
    });
    (await container.ready).active.postMessage('keep');
  } catch (error) {
    console.warn('There is no copy of this page for when its server is away.', error);
    $('offline-status').textContent = NONE;
  }
}
