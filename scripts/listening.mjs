import { hostname, networkInterfaces } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

/** How long the line about the address waits for the storage to answer before it reports that there is no answer. */
const STORAGE_ANSWERS_WITHIN_MS = 10_000;

/** What Next says about itself at the start; our one line replaces it. */
const BANNER = [
  /^▲ Next\.js/,
  /^- (Local|Network|Environments|Experiments)\b/,
  /^✓ (Ready|Starting|Running next\.config)/,
  /^· /,
  /^$/,
];

/** @param {string} line */
export const isBanner = (line) => {
  const plain = stripVTControlCharacters(line).trim();
  return BANNER.some((pattern) => pattern.test(plain));
};

/**
 * The address to listen on. Docker, and the profile of some shells, put the machine's own name into HOSTNAME. Nobody
 * chose it, and a server that listens on it does not answer on localhost. So that name counts as unset, and unset means
 * every interface: `::`, which accepts IPv4 as well, or `0.0.0.0` where there is no IPv6.
 * @param {string | undefined} chosen the value of HOSTNAME
 */
export function listenHost(chosen) {
  if (chosen && chosen !== hostname()) return chosen;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}

/** The address that a browser on this machine can open. @param {string} host @param {number} port */
export function browserAddress(host, port) {
  if (host === '::' || host === '0.0.0.0') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Waits until the server reports its storage, and describes both in one line.
 * @param {string} address
 * @returns {Promise<string>} the line to print
 */
export async function readyLine(address) {
  const until = Date.now() + STORAGE_ANSWERS_WITHIN_MS;
  let storage = await storageInUse(address);
  while (storage === undefined && Date.now() < until) {
    await pause(200);
    storage = await storageInUse(address);
  }
  return `Mayfly is ready on ${address} (storage: ${describeStorage(storage)})`;
}

/** @param {string | undefined} storage */
function describeStorage(storage) {
  if (storage === undefined) return 'does not answer yet';
  return storage === 'embedded' ? 'embedded, rooms live in this process alone' : storage;
}

/** @param {string} address @returns {Promise<string | undefined>} */
async function storageInUse(address) {
  try {
    const response = await fetch(`${address}/api/health`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(5_000),
    });
    const health = await response.json();
    return response.ok && typeof health.storage === 'string' ? health.storage : undefined;
  } catch {
    return undefined;
  }
}
