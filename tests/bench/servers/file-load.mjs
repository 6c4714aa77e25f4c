/**
 * Sends or reads pieces from a process of its own, so that the process which measures latencies does not wait for it. Each line is a
 * file for one member, who has two requests under way. Takes one group of lines after the other, and prints `ready`, then the
 * milliseconds that each of them took. After a group `ends` is deleted, so that the next one finds room.
 */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

const [method = 'get', origin = ''] = process.argv.slice(2);
/** @typedef {{ token: string, paths: string[], bytes: number[] }} Line */
/** @type {{ lines: Line[], ends?: { path: string, token: string } }[]} */
const groups = JSON.parse(await text(process.stdin));
const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
const content = Buffer.alloc(262_172, 7);

/** @param {string} path @param {string} token @param {number} bytes @returns {Promise<void>} */
const piece = (path, token, bytes) =>
  new Promise((resolve, reject) => {
    const sent = request(
      origin + path,
      {
        agent,
        method: method.toUpperCase(),
        headers: {
          authorization: `Bearer ${token}`,
          ...(method === 'put' && { 'content-type': 'application/octet-stream', 'content-length': bytes }),
        },
      },
      (answer) => {
        if ((answer.statusCode ?? 500) >= 300) reject(new Error(`${path} was refused: ${answer.statusCode}`));
        answer.resume().once('end', resolve);
      },
    );
    sent.once('error', reject);
    sent.end(method === 'put' ? content.subarray(0, bytes) : undefined);
  });

console.log('ready');
for (const { lines, ends } of groups) {
  const begun = performance.now();
  await Promise.all(
    lines.flatMap(({ token, paths, bytes }) => {
      const next = paths.entries();
      return [0, 1].map(async () => {
        for (const [index, path] of next) await piece(path, token, bytes[index] ?? 0);
      });
    }),
  );
  console.log(performance.now() - begun);
  if (ends) await fetch(origin + ends.path, { method: 'DELETE', headers: { authorization: `Bearer ${ends.token}` } });
}
agent.destroy();
