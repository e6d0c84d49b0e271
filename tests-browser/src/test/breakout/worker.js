// A worker that is no module: dedicated, shared or a service worker, as its address says.

importScripts('attempts.js');

const parameters = new URLSearchParams(location.search);
const place = parameters.get('place');
const tell = async (port) => port.postMessage(await tryToLeave(place, parameters.get('elsewhere')).catch(String));

if (place === 'shared') {
  self.onconnect = ({ ports: [port] }) => tell(port);
} else if (place === 'service') {
  self.onmessage = (event) => event.waitUntil(tell(event.source));
} else {
  tell(self);
}
