/** Buttons that copy the code beside them. */

export function wireCopying() {
  for (const button of document.querySelectorAll('[data-copy]')) {
    button.onclick = async () => {
      const text = document.getElementById(button.dataset.copy).textContent;
      const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
      button.textContent = copied ? 'Copied' : 'Select it and copy';
      setTimeout(() => (button.textContent = 'Copy'), 2_000);
    };
  }
}
