// The official Socket.IO client, told what to do by lines of JSON: node sockets.cjs NODE_MODULES
//   {do: "open", name, url, options}   {do: "emit", name, event, body, call}   {do: "cut", name}
//   {do: "auth", name, auth}           {do: "connect", name}                   {do: "close", name}
// and tells what it hears: {name, event, body}; an acknowledgement: {call, answer}.
'use strict';
const { createRequire } = require('node:module');
const { createInterface } = require('node:readline');

const { io } = createRequire(process.argv[2] + '/')('socket.io-client');
const sockets = new Map();
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

function open({ name, url, options }) {
  const socket = io(url, { forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 400, ...options });
  sockets.set(name, socket);
  socket.on('connect', () => tell({ name, event: 'connect', body: { id: socket.id, recovered: socket.recovered } }));
  socket.on('disconnect', (reason) => tell({ name, event: 'disconnect', body: reason }));
  socket.on('connect_error', (e) => tell({ name, event: 'connect_error', body: { message: e.message, data: e.data } }));
  socket.onAny((event, body) => tell({ name, event, body }));
}

async function emit({ name, event, body, call }) {
  try {
    tell({ call, answer: await sockets.get(name).timeout(15000).emitWithAck(event, body) });
  } catch (e) {
    tell({ call, answer: { ok: false, error: { code: 'no_answer', detail: String(e) } } });
  }
}

const acts = {
  open,
  emit,
  cut: ({ name }) => sockets.get(name).io.engine.close(),
  auth: ({ name, auth }) => (sockets.get(name).auth = auth),
  connect: ({ name }) => sockets.get(name).connect(),
  close: ({ name }) => sockets.get(name).disconnect(),
};

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const order = JSON.parse(line);
  acts[order.do](order);
});
lines.on('close', () => process.exit(0));
