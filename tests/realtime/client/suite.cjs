// The official JavaScript client against realtime-echo: node suite.cjs REALTIME-ECHO NODE_MODULES
'use strict';
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { after, before, describe, it } = require('node:test');
const { createRequire } = require('node:module');

const [binary, modules] = process.argv.slice(2);
const { io } = createRequire(modules + '/')('socket.io-client');

const transports = {
  'long-polling': ['polling'],
  websocket: ['websocket'],
  'both, with an upgrade': ['polling', 'websocket'],
};

async function start(...options) {
  const child = spawn(binary, ['--port', '0', '--ping-interval', '300', '--ping-timeout', '3000', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const first = await new Promise((resolve) => child.stdout.once('data', (d) => resolve(String(d))));
  return {
    url: `http://127.0.0.1:${first.trim().split(' ').pop()}`,
    stop: () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGTERM')),
  };
}

const once = (socket, event) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${event} came`)), 8000);
    socket.once(event, (...args) => {
      clearTimeout(late);
      resolve(args);
    });
  });

async function until(holds, what) {
  for (const end = Date.now() + 8000; !holds(); await new Promise((r) => setTimeout(r, 5))) {
    assert.ok(Date.now() < end, `${what} did not happen`);
  }
}

const upgraded = (socket) => until(() => socket.io.engine?.transport.name === 'websocket', 'the upgrade');

for (const [name, list] of Object.entries(transports)) {
  describe(`a client on ${name}`, () => {
    let server;
    const open = [];
    const connect = (space = '/', more = {}) => {
      const socket = io(server.url + space, { transports: list, forceNew: true, reconnectionDelay: 20, ...more });
      open.push(socket);
      return socket;
    };
    const ready = async (...how) => {
      const socket = connect(...how);
      await once(socket, 'connect');
      return socket;
    };

    before(async () => (server = await start()));
    after(async () => {
      for (const socket of open) socket.disconnect();
      assert.equal(await server.stop(), 0);
    });

    it('connects with its payload', async () => {
      for (const space of ['/', '/custom']) {
        const socket = connect(space, { auth: { token: 'abc', deep: [1, { x: null }] } });
        const heard = once(socket, 'auth');
        await once(socket, 'connect');
        assert.deepEqual(await heard, [{ token: 'abc', deep: [1, { x: null }] }]);
        assert.ok(socket.id);
        assert.ok(!socket.recovered);
      }
    });

    it('shares one line between namespaces', async () => {
      const first = await ready();
      const second = first.io.socket('/custom');
      open.push(second);
      await once(second, 'connect');
      for (const socket of [first, second]) {
        socket.emit('message', socket.nsp);
        assert.deepEqual(await once(socket, 'message-back'), [socket.nsp]);
      }
    });

    it('is told why it may not come in', async () => {
      const [refused] = await once(connect('/refused', { auth: { me: 1 } }), 'connect_error');
      assert.equal(refused.message, 'Not authorized');
      assert.deepEqual(refused.data, { code: 'E_AUTH', echo: { me: 1 } });
      const [unknown] = await once(connect('/unknown'), 'connect_error');
      assert.equal(unknown.message, 'Invalid namespace');
    });

    it('gets back what it sends, bytes too', async () => {
      const socket = await ready();
      const values = [1, '2', { 3: [true, null] }, 'ñ € 😀', Buffer.from([0, 1, 255]), { deep: [Buffer.from('x')] }];
      socket.emit('message', ...values);
      assert.deepEqual(await once(socket, 'message-back'), values);
      const large = Buffer.alloc(300_000, 7);
      socket.emit('message', large);
      assert.deepEqual(await once(socket, 'message-back'), [large]);
    });

    it('keeps order through the upgrade, and loses and repeats nothing', async () => {
      const socket = connect();
      const got = [];
      socket.on('message-back', (n) => got.push(n));
      await once(socket, 'connect');
      const sent = [];
      while (sent.length < 200 || (list.length > 1 && socket.io.engine.transport.name !== 'websocket')) {
        sent.push(sent.length);
        socket.emit('message', sent.at(-1));
        if (sent.length % 5 === 0) await new Promise((r) => setTimeout(r, 1));
      }
      await until(() => got.length >= sent.length, 'the last answer');
      assert.deepEqual(got, sent);
    });

    it('acknowledges and is acknowledged', async () => {
      const socket = await ready();
      const answer = await new Promise((resolve) =>
        socket.emit('message-with-ack', 'a', Buffer.from([1]), (...args) => resolve(args)));
      assert.deepEqual(answer, ['a', Buffer.from([1])]);
      socket.on('server-ask', (...args) => args.pop()('heard', ...args));
      socket.emit('request-ack', 'b', Buffer.from([2]));
      assert.deepEqual(await once(socket, 'server-ask-done'), ['heard', 'b', Buffer.from([2])]);
      await assert.rejects(socket.timeout(50).emitWithAck('nobody knows this'));
    });

    it('hears what is said in its rooms', async () => {
      const [a, b] = [await ready(), await ready()];
      for (const socket of [a, b]) await socket.timeout(8000).emitWithAck('join', `den ${name}`);
      const heard = [once(a, 'room-event'), once(b, 'room-event')];
      a.emit('to-room', `den ${name}`, 'hello', Buffer.from([3]));
      for (const h of heard) assert.deepEqual(await h, ['hello', Buffer.from([3])]);
      await b.timeout(8000).emitWithAck('leave', `den ${name}`);
      b.on('room-event', () => assert.fail('it had left'));
      const last = once(a, 'room-event');
      b.emit('to-room', `den ${name}`, 'bye');
      assert.deepEqual(await last, ['bye']);
    });

    it('stays for many heartbeats', async () => {
      const socket = await ready();
      socket.on('disconnect', (why) => assert.fail(why));
      let pings = 0;
      socket.io.on('ping', () => ++pings);
      await until(() => pings >= 4, 'four pings');
      assert.ok(socket.connected);
      socket.off('disconnect');
    });

    it('is sent out, closed and cut off, and comes back by itself where it should', async () => {
      const kicked = await ready();
      kicked.emit('kick');
      assert.equal((await once(kicked, 'disconnect'))[0], 'io server disconnect');
      for (const how of ['close-me', 'drop-me']) {
        const socket = await ready();
        const before = socket.id;
        socket.emit(how);
        const [why] = await once(socket, 'disconnect');
        assert.ok(['transport close', 'transport error'].includes(why), why);
        await once(socket, 'connect');
        assert.notEqual(socket.id, before);
      }
    });
  });
}

describe('a client whose line is cut', () => {
  let server, a, b;
  before(async () => (server = await start('--recovery')));
  after(async () => {
    for (const socket of [a, b]) socket.disconnect();
    assert.equal(await server.stop(), 0);
  });

  it('hears everything that was said meanwhile, once', async () => {
    const list = { transports: ['websocket'], forceNew: true, reconnectionDelay: 100, randomizationFactor: 0 };
    [a, b] = [io(server.url, list), io(server.url, list)];
    const got = [];
    a.on('room-event', (n) => got.push(n));
    await Promise.all([once(a, 'connect'), once(b, 'connect')]);
    await a.timeout(8000).emitWithAck('join', 'den');
    let sent = 0;
    for (let round = 0; round < 4; ++round) {
      for (let i = 0; i < 20; ++i) {
        b.emit('to-room', 'den', sent++);
        if (i === 5) a.io.engine.close();
        await new Promise((r) => setTimeout(r, 2));
      }
      if (!a.connected) await once(a, 'connect');
      assert.equal(a.recovered, true);
    }
    await until(() => got.length >= sent, 'the last event');
    assert.deepEqual(got, Array.from({ length: sent }, (_, i) => i));
  });
});
