/** Search as one types, and the notes that it shows. */

import { mostly, WEAK_SCORE } from '../ranking.js';
import { counted, markMatches } from '../text.js';
import { showError } from './alert.js';
import { deleteNote, openEditor } from './edit.js';
import { $, act, onChange, shared } from './page.js';

const FIRST_RESULTS = 5;
const MORE_RESULTS = 20;
const DEBOUNCE_MILLIS = 60;

/** A model that is busy is not waited for: until it has answered, what the words found is shown. */
const PATIENCE_MILLIS = 150;

let shownCount = FIRST_RESULTS;
let newestSearch = 0;

async function showResults() {
  if (shared.notebook === undefined) {
    return;
  }
  const search = ++newestSearch;
  const query = $('search-box').value.trim();
  const show = (found, how) => {
    if (search === newestSearch) {
      render(query, found, how);
    }
  };
  try {
    if (query === '') {
      show({ notes: await shared.notebook.latest(shownCount + 1), corrections: new Map() }, { latest: true });
    } else {
      await searchBoth(query, show);
    }
  } catch (error) {
    showError(error);
  }
}

/** By meaning where that can be had soon, else by words first. */
async function searchBoth(query, show) {
  const { notebook } = shared;
  const begin = performance.now();
  const byWords = async () => show(await notebook.searchWords(query, shownCount + 1), { millis: performance.now() - begin });
  const asked = askModel(query);
  const soon = await Promise.race([asked, new Promise((resolve) => setTimeout(() => resolve('later'), PATIENCE_MILLIS))]);
  if (soon === 'later' || soon === undefined) {
    await byWords();
  }
  const answer = await asked;
  if (answer !== undefined) {
    const found = await notebook.searchMeaning(query, answer.vector, answer.isWord, shownCount + 1);
    show(found, { millis: performance.now() - begin, meaning: true });
  }
}

/**
 * The query's vector: one that came with the page, or the model's, with typing errors mended; undefined where
 * there is none.
 */
async function askModel(query) {
  const { model, notebook } = shared;
  const shipped = shared.questions.get(query);
  if (shipped !== undefined || model === undefined) {
    return shipped && { vector: shipped, isWord: () => true };
  }
  try {
    const { vector, known } = await model.ask(query);
    const isWord = (word) => known.has(word);
    const corrected = notebook.corrected(query, isWord);
    return { vector: corrected === query ? vector : mostly((await model.ask(corrected)).vector, vector), isWord };
  } catch (error) {
    console.warn('The model did not answer, so the search goes by words.', error);
    return undefined;
  }
}

function render(query, { notes, corrections }, how) {
  const shown = notes.slice(0, shownCount);
  $('results').replaceChildren(...shown.map((note) => resultElement(note, query)));
  $('results').dataset.by = how.latest ? 'time' : how.meaning ? 'meaning' : 'words';
  $('show-more').hidden = notes.length <= shownCount;
  $('result-count').textContent = countText(query, shown, how) + correctionText(shown, corrections);
}

function countText(query, shown, { latest, millis, meaning }) {
  const { notebook } = shared;
  if (latest) {
    return notebook.size === 0
      ? 'The notebook is empty. Add something, or bring back the sample notes.'
      : `${counted(notebook.size, 'note')}; the first ${shown.length} are shown.`;
  }
  const scored = `${notebook.size.toLocaleString('en')} compared in ${millis < 10 ? millis.toFixed(1) : Math.round(millis)} ms`;
  if (shown.length === 0) {
    return meaning ? `No note is about “${query}” (${scored}).` : `No note has words like “${query}” (${scored}).`;
  }
  if (!meaning) {
    return `By words: the ${counted(shown.length, 'best note')}, ${scored}.`;
  }
  const nearest = counted(shown.length, 'nearest note');
  if (shown[0].score < WEAK_SCORE) {
    return `Only weak matches: the ${nearest}, ${scored}.`;
  }
  const unlike = shown[0].shared ? '' : ' The first shares no word with the question.';
  return `By meaning: the ${nearest}, ${scored}.${unlike}`;
}

/** Said only where a correction led somewhere. */
function correctionText(shown, corrections) {
  const led = [...corrections].filter(([, word]) => shown[0] !== undefined && markMatches(`${shown[0].topic}\n${shown[0].text}`, word).some(({ match }) => match));
  return led.map(([typed, word]) => ` “${typed}” was taken for “${word}”.`).join('');
}

function resultElement(note, query) {
  const item = $('result-template').content.firstElementChild.cloneNode(true);
  const article = item.querySelector('article');
  const part = (id) => item.querySelector(`[data-testid="${id}"]`);
  const title = note.topic || note.text.slice(0, 40);
  article.dataset.id = note.id;
  article.setAttribute('aria-label', title);
  appendMarked(part('result-topic'), note.topic || 'Note', query);
  appendMarked(part('result-text'), note.text, query);
  const weak = note.score !== undefined && note.score < WEAK_SCORE;
  const origin = note.sample ? 'Sample note' : note.created > 0 ? `Yours, ${formatDate(note.created)}` : 'Yours';
  item.querySelector('.origin').textContent = weak ? `Weak match. ${origin}` : origin;
  article.classList.toggle('weak', weak);
  if (note.score === undefined) {
    item.querySelector('.score').remove();
  } else {
    part('result-score').textContent = note.score.toFixed(2);
    item.querySelector('.bar').style.setProperty('--share', Math.max(0, Math.min(1, note.score)));
  }
  part('result-edit').setAttribute('aria-label', `Edit “${title}”`);
  part('result-edit').onclick = () => openEditor(note);
  part('result-delete').setAttribute('aria-label', `Delete “${title}”`);
  part('result-delete').onclick = () => act(() => deleteNote(note));
  return item;
}

function appendMarked(element, text, query) {
  for (const piece of markMatches(text, query)) {
    if (piece.match) {
      const mark = document.createElement('mark');
      mark.textContent = piece.text;
      element.append(mark);
    } else {
      element.append(piece.text);
    }
  }
}

function formatDate(millis) {
  return new Date(millis).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
}

/** The box stays at the top while one scrolls, and would lie over the best hit of a new search. */
function scrollToFirst() {
  const top = $('search').getBoundingClientRect().top;
  if (top < 0) {
    window.scrollTo({ top: window.scrollY + top, behavior: 'instant' });
  }
}

export function wireSearch() {
  onChange(showResults);
  let timer;
  const searchAnew = () => {
    shownCount = FIRST_RESULTS;
    scrollToFirst();
    return showResults();
  };
  $('search-box').oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(searchAnew, DEBOUNCE_MILLIS);
  };
  $('search-form').onsubmit = (event) => {
    event.preventDefault();
    clearTimeout(timer);
    searchAnew();
  };
  for (const button of document.querySelectorAll('[data-question]')) {
    button.onclick = () => {
      $('search-box').value = button.dataset.question;
      $('search').scrollIntoView({ block: 'start' });
      searchAnew();
    };
  }
  $('show-more').onclick = async () => {
    const firstNew = shownCount;
    shownCount += MORE_RESULTS;
    await showResults();
    $('results').children[firstNew]?.querySelector('article').focus();
  };
}
