// npm's socket.io with the same behaviours as realtime-echo: node yardstick.cjs NODE_MODULES
'use strict';
const { createServer } = require('node:http');
const { createRequire } = require('node:module');

const { Server } = createRequire(process.argv[2] + '/')('socket.io');

const http = createServer();
const io = new Server(http);
io.on('connection', (socket) => {
  socket.emit('auth', socket.handshake.auth);
  socket.on('message', (...args) => socket.emit('message-back', ...args));
  socket.on('message-with-ack', (...args) => args.pop()(...args));
  socket.on('join', (room, done) => {
    socket.join(room);
    done();
  });
  socket.on('to-room', (room, ...args) => io.to(room).emit('room-event', ...args));
});
http.listen(0, '127.0.0.1', 4096, () => console.log(`listening on ${http.address().port}`));
