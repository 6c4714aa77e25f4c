/** The floor for files: Node's own HTTP server, which puts each body into a key of Redis and gives it back. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Redis } from 'ioredis';

const redis = new Redis(process.env.REDIS_URL ?? '');

createServer((request, response) => {
  const key = `plain:${request.url}`;
  if (request.method === 'PUT') {
    void buffer(request)
      .then((bytes) => redis.set(key, bytes, 'PX', 600_000))
      .then(() => response.writeHead(204).end());
    return;
  }
  void redis.getBuffer(key).then((bytes) => response.end(bytes));
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
