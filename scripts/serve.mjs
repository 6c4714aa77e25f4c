/**
 * Runs the built server in this very process, so that signals and the exit code need no forwarding, and
 * replaces Next's banner by one line. The build copies this file beside `server.js`; `npm start` and the
 * container both run that copy.
 */
import { browserAddress, isBanner, listenHost, readyLine } from './listening.mjs';

const host = listenHost(process.env.HOSTNAME);
// The server also uses 3000 when PORT is not a number, and then stops because of the wrong setting.
const port = Number.parseInt(process.env.PORT ?? '', 10) || 3000;
process.env.HOSTNAME = host;

const { log } = console;
console.log = (...parts) => {
  if (!isBanner(parts.join(' '))) log(...parts);
};

/** Built by `next build`, so it is not there when the types are checked. @type {string} */
const server = './server.js';
await import(server);
const line = await readyLine(browserAddress(host, port));
console.log = log;
console.log(line);
