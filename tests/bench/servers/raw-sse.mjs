/** The floor: Node's own HTTP server, one room, no storage, no credentials, no replay. */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/** @type {Set<import('node:http').ServerResponse>} */
const listeners = new Set();

createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' });
    response.write('data: {"type":"connected"}\n\n');
    listeners.add(response);
    response.once('close', () => listeners.delete(response));
    return;
  }
  void json(request).then((message) => {
    const frame = Buffer.from(`data: ${JSON.stringify({ data: message, event: 'chat.message' })}\n\n`);
    for (const listener of listeners) listener.write(frame);
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(message));
  });
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
