// What the driver calls. A task runs on its own, so that the driver can give up on a page whose thread
// is busy; its outcome is fetched when it is there.
const linear = location.search === '?linear' && (await import('./linear.js'));

const modules = await Promise.all(
  ['search', 'storage', 'pauses', 'matrix'].map((name) => import(`./${name}.js`)),
);
const tasks = Object.assign({}, ...modules, linear || {});

/** Begins a task after this call has returned. */
function begin(name, args) {
  window.outcome = undefined;
  setTimeout(async () => {
    try {
      window.outcome = { value: (await tasks[name](...args)) ?? null };
    } catch (error) {
      window.outcome = { error: String(error?.stack ?? error) };
    }
  });
}

Object.assign(window, { begin, ready: true });
