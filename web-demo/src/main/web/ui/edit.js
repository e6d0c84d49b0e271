/** Editing a note, and deleting it with a way back. */

import { showToast } from './alert.js';
import { $, act, shared } from './page.js';

export function openEditor(note) {
  $('edit-topic').value = note.topic;
  $('edit-text').value = note.text;
  $('edit-form').onsubmit = async (event) => {
    event.preventDefault();
    const text = $('edit-text').value.trim();
    if (text === '') {
      $('edit-text').setCustomValidity('A note needs some text. To remove it, use Delete.');
      $('edit-text').reportValidity();
      return;
    }
    $('edit').close();
    await act(() => saveEdit(note.id, $('edit-topic').value.trim(), text));
    focusNote(note.id);
  };
  $('edit').showModal();
}

async function saveEdit(id, topic, text) {
  await shared.notebook.edit(id, { topic, text });
  showToast('Saved.');
}

/** The edited note may no longer be among the results; then the search box is the place to go on from. */
function focusNote(id) {
  const article = $('results').querySelector(`[data-id="${CSS.escape(id)}"]`);
  (article?.querySelector('[data-action="edit"]') ?? $('search-box')).focus();
}

export async function deleteNote(note) {
  const deleted = await shared.notebook.delete(note.id);
  if (deleted !== undefined) {
    showToast(`Deleted “${note.topic || note.text.slice(0, 40)}”.`, () => act(() => shared.notebook.restore(deleted)));
    $('toast-undo').focus();
  }
}

export function wireEditing() {
  $('edit-cancel').onclick = () => $('edit').close();
  $('edit-text').oninput = () => $('edit-text').setCustomValidity('');
}
