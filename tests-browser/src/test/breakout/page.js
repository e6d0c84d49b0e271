// Tries to leave from this page and from workers of every kind, and says when it is done.

const elsewhere = new URLSearchParams(location.search).get('elsewhere');

function element(name, properties, parent = document.body) {
  const made = Object.assign(document.createElement(name), properties);
  const end = settled(made, 'load', 'error');
  parent.append(made);
  return Promise.race([end, new Promise((resolve) => setTimeout(resolve, 500))]);
}

async function workerOf(code, address) {
  const worker = new Worker(address(`${code}.finally(() => postMessage('done'))`));
  await settled(worker, 'message', 'error');
  worker.terminate();
}

/**
 * The ways that only a page has. Workers could begin workers of their own, too, but while they do so
 * Firefox hangs now and then.
 */
const pageWays = {
  worker: (url) => workerOf(`fetch('${url}', {mode: 'no-cors'})`, (code) => URL.createObjectURL(new Blob([code]))),
  'data-worker': (url) => workerOf(`fetch('${url}', {mode: 'no-cors'})`, (code) => `data:text/javascript,${encodeURIComponent(code)}`),
  beacon: (url) => navigator.sendBeacon(url, 'all the notes'),
  image: (url) => element('img', { src: url }),
  script: (url) => element('script', { src: url }),
  style: (url) => element('link', { rel: 'stylesheet', href: url }, document.head),
  frame: (url) => element('iframe', { src: url }),
  srcdoc: (url) => element('iframe', { srcdoc: `<img src="${url}">` }),
  media: (url) => element('audio', { src: url, preload: 'auto' }),
  object: (url) => element('object', { data: url }),
  font: (url) => new FontFace('elsewhere', `url(${url})`).load(),
  'inline-script': (url) => element('script', { text: `fetch('${url}')` }),
  'inline-style': (url) => element('style', { textContent: `body { background: url(${url}) }` }, document.head),
  handler: (url) => {
    const button = document.createElement('button');
    button.setAttribute('onclick', `fetch('${url}')`);
    button.click();
  },
  ping: (url) => {
    const link = Object.assign(document.createElement('a'), { href: '#ping', ping: url });
    document.body.append(link);
    link.click();
  },
  form: (url) => {
    const form = Object.assign(document.createElement('form'), { action: url, method: 'post', target: 'form-target' });
    const frame = Object.assign(document.createElement('iframe'), { name: 'form-target' });
    document.body.append(frame, form);
    form.submit();
  },
};

const addressOf = (script, place) => `${script}?${new URLSearchParams({ place, elsewhere })}`;

/** What a worker tells when it has tried all. */
async function outcomeOf(place, worker, target) {
  const late = new Promise((resolve) => setTimeout(resolve, 10_000, { data: 'no answer' }));
  const failed = settled(worker, 'error').then((event) => ({ data: `it did not run: ${event.message}` }));
  const { data } = await Promise.race([settled(target, 'message'), failed, late]);
  if (typeof data === 'string') {
    throw new Error(`${place}: ${data}`);
  }
  return data;
}

function dedicatedWorker(place, script, options) {
  const worker = new Worker(addressOf(script, place), options);
  return outcomeOf(place, worker, worker);
}

function sharedWorker() {
  const worker = new SharedWorker(addressOf('worker.js', 'shared'));
  worker.port.start();
  return outcomeOf('shared', worker, worker.port);
}

async function serviceWorker() {
  const registration = await navigator.serviceWorker.register(addressOf('worker.js', 'service'));
  const { active } = await navigator.serviceWorker.ready;
  navigator.serviceWorker.startMessages();
  const outcomes = outcomeOf('service', active, navigator.serviceWorker);
  active.postMessage('begin');
  await outcomes;
  await registration.unregister();
  return outcomes;
}

async function run() {
  const [page, worker, module, shared, service] = await Promise.all([
    tryToLeave('page', elsewhere, pageWays),
    dedicatedWorker('worker', 'worker.js'),
    dedicatedWorker('module', 'module-worker.js', { type: 'module' }),
    sharedWorker(),
    serviceWorker(),
  ]);
  // The last of what was sent may still be on its way.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { page, worker, module, shared, service };
}

run().then(
  (outcomes) => show(JSON.stringify(outcomes)),
  (error) => show(`failed: ${error}`),
);

function show(text) {
  const output = document.createElement('output');
  output.id = 'done';
  output.textContent = text;
  document.body.append(output);
}
