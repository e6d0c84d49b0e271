/** The second act on the page: many vectors, with a meter that shows whether the page stutters meanwhile. */

import { FrameMeter } from '../frames.js';
import { showError } from './alert.js';
import { $, byTestId } from './page.js';

/** A test may ask for fewer: ?vectors=3000. */
const COUNT = Number(new URLSearchParams(location.search).get('vectors')) || 50_000;

/** @type {FrameMeter | undefined} */
let meter;

async function run() {
  const button = $('scale-button');
  meter ??= new FrameMeter($('frames'));
  const texts = { put: 'put and durable', link: 'linked', search: 'searches of each kind' };
  const set = (id, text) => (byTestId(id).textContent = text);
  button.disabled = true;
  $('scale-result').hidden = true;
  $('scale-running').hidden = false;
  meter.start();
  try {
    const { scaleTest } = await import('../scale.js');
    let stage;
    const result = await scaleTest(COUNT, {
      onProgress: (now, done, total) => {
        if (now === 'search' && stage !== 'search') {
          set('frame-gap', gapText(meter.stop())); // What is measured is the page while vectors are put and linked.
        }
        stage = now;
        $('scale-progress').max = total;
        $('scale-progress').value = done;
        set('scale-status', `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${texts[now]} …`);
      },
    });
    set('scale-put', seconds(result.putMillis));
    set('scale-link', seconds(result.linkMillis));
    set('scale-graph', `${result.graphMillis.toFixed(2)} ms`);
    set('scale-exact', `${result.exactMillis.toFixed(2)} ms`);
    set('scale-recall', `${(100 * result.recall).toFixed(1)} %`);
    set('scale-status', `${COUNT.toLocaleString('en')} vectors of 128 numbers: every one durable, every one linked.`);
    $('scale-result').hidden = false;
  } catch (error) {
    set('scale-status', 'This did not get to an end.');
    showError(error);
  }
  meter.stop();
  $('scale-progress').value = $('scale-progress').max;
  button.disabled = false;
  button.textContent = 'Once more';
}

function gapText({ frames, longest, long }) {
  return `${longest.toFixed(0)} ms (${long} of ${frames.toLocaleString('en')} above 50 ms)`;
}

function seconds(millis) {
  return `${(millis / 1000).toFixed(1)} s`;
}

export function wireScale() {
  $('scale-button').onclick = run;
  $('scale-button').textContent = `Put and link ${COUNT.toLocaleString('en')} vectors`;
}
