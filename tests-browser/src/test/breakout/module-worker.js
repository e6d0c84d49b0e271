// A worker that is a module. It waits for no message: one that came before the import would be lost in Firefox.

import './attempts.js';

const parameters = new URLSearchParams(location.search);
postMessage(await tryToLeave(parameters.get('place'), parameters.get('elsewhere')).catch(String));
