/** The first screen's question: its nearest note, which need not share a word with it. */

import { $, onChange, shared } from './page.js';

async function answer() {
  const { notebook, questions } = shared;
  const question = $('ask-question').textContent;
  const vector = questions.get(question);
  if (notebook === undefined || vector === undefined) {
    return;
  }
  const begin = performance.now();
  const { notes } = await notebook.searchMeaning(question, vector, () => true, 1);
  const millis = performance.now() - begin;
  $('ask-answer').hidden = notes.length === 0;
  if (notes.length > 0) {
    const [{ topic, text, shared: sharesWord }] = notes;
    $('ask-topic').textContent = topic;
    $('ask-text').textContent = text;
    $('ask-how').textContent =
      `Nearest of ${notebook.size.toLocaleString('en')} notes, in ${millis.toFixed(1)} ms` + (sharesWord ? '.' : ', without one word in common.');
  }
}

export function wireAsking() {
  onChange(answer);
  $('ask-own').onclick = () => {
    $('search').scrollIntoView({ block: 'start' });
    $('search-box').focus({ preventScroll: true });
  };
}
