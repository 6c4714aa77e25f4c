/** socket.io as its documentation starts it, one room, no storage, no credentials, no replay. */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { Server } from 'socket.io';

const server = createServer((request, response) => {
  // socket.io answers its own path on the same server.
  if (request.url !== '/messages') return;
  void json(request).then((message) => {
    io.emit('chat.message', message);
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(message));
  });
});
const io = new Server(server);
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
