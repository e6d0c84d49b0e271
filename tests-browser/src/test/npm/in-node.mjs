import { open, destroy, EdgeVecError, version } from 'edgevec-java';

try {
  await open('notes', { dimension: 3, metric: 'l2' });
  console.log('opened');
} catch (e) {
  console.log(e.code, e instanceof EdgeVecError && e.message.length > 20, /^\d+\.\d+/.test(version));
}
await destroy('notes').catch((e) => {
  if (e.code !== 'UNSUPPORTED_PLATFORM') throw e;
});
