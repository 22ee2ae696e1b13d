/** A TCP server that answers whatever it reads with as much as a host writes at a time, and does nothing else. */
import { createServer } from 'node:net';

const ANSWER = Buffer.alloc(200, ' ');

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', () => socket.write(ANSWER));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.on('disconnect', () => process.exit());
