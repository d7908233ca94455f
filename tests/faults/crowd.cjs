// Many official clients that talk for as long as they are let: node crowd.cjs NODE_MODULES
//
// The first line on standard input is {url, people: [{token, conversation}], sockets, pause}: each person has so
// many sockets, and each of them writes a message about every `pause` milliseconds. Each second a line on standard
// output tells how it goes. The line "finish" ends the talking; when everything is acknowledged and everybody has
// seen everything, or that takes too long, the last line says so, with every acknowledged message.
'use strict';
const path = require('node:path');
const http = require('node:http');
const readline = require('node:readline');
const { createRequire } = require('node:module');

const { io } = createRequire(path.resolve(process.argv[2]) + '/')('socket.io-client');
const RETRY = 500; // milliseconds
const PATIENCE = 5_000; // for an acknowledgement
const LIMIT = 45_000; // to come to an end
const PAGE = 100;

const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
const tally = { sessions: 0, recovered: 0, resyncs: 0, refetched: 0, refused: 0, retried: 0, twice: 0 };
const problems = [];
const acknowledged = []; // [conversation, client id]

const problem = (what) => problems.length < 20 && problems.push(what);

// The JSON of an answer; throws where there is none, or not the wanted one.
function get(url, token) {
  return new Promise((resolve, reject) => {
    const asked = http.get(url, { agent, headers: { Authorization: `Bearer ${token}` }, timeout: PATIENCE }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += part));
      answer.on('error', reject);
      answer.on('end', () => (answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text))));
    });
    asked.on('timeout', () => asked.destroy(new Error('too late')));
    asked.on('error', reject);
  });
}

class Talker {
  constructor(given, person, number) {
    Object.assign(this, { given, ...person, number });
    this.messages = `${given.url}/api/v1/conversations/${this.conversation}/messages`;
    this.seen = new Set(); // numbers behind `whole`
    this.whole = 0; // all messages up to this number were seen
    this.heard = new Set(); // ids of what this session was told
    this.count = 0;
    this.pending = null;
    this.socket = io(given.url, {
      auth: { token: this.token }, transports: ['websocket'], forceNew: true,
      reconnectionDelay: 200, reconnectionDelayMax: 1_000,
    });
    this.socket.on('connect', () => this.connected());
    this.socket.on('connect_error', (e) => this.refused(e));
    this.socket.on('message', (m) => this.hear(m));
    this.socket.on('resync', () => {
      tally.resyncs++;
      this.refetch();
    });
    this.talk();
  }

  connected() {
    if (this.socket.recovered) {
      tally.recovered++;
    } else {
      tally.sessions++;
      this.heard.clear();
      this.refetch();
    }
  }

  // What fails on the way is tried again by the client; a refusal by the server is not.
  refused(error) {
    if (this.socket.active) return;
    tally.refused++;
    problem(`refused: ${error.message}`);
    setTimeout(() => this.socket.connect(), RETRY);
  }

  hear(message) {
    if (message.conversation_id !== this.conversation) return problem(`a message of another conversation came: ${message.id}`);
    if (this.heard.has(message.id)) {
      tally.twice++;
      problem(`message ${message.seq} came twice`);
    }
    this.heard.add(message.id);
    this.note(message.seq);
  }

  note(seq) {
    if (seq > this.whole) this.seen.add(seq);
    while (this.seen.delete(this.whole + 1)) this.whole++;
  }

  // What came while nobody told us.
  async refetch() {
    this.wanted = true;
    if (this.fetching) return;
    this.fetching = true;
    while (this.wanted) {
      this.wanted = false;
      try {
        for (let page = PAGE; page === PAGE; ) {
          const { items } = await get(`${this.messages}?after=${this.whole}&limit=${PAGE}`, this.token);
          for (const message of items) this.note(message.seq);
          tally.refetched += items.length;
          page = items.length;
        }
      } catch {
        this.wanted = true;
        await sleep(RETRY);
      }
    }
    this.fetching = false;
  }

  async talk() {
    while (!this.given.ending) {
      await sleep(this.given.pause * (0.5 + Math.random()));
      if (!this.given.ending) await this.say();
    }
    this.silent = true;
  }

  // One message, again and again until it is acknowledged.
  async say() {
    const client_id = `${this.number}-${this.count++}`;
    const message = { conversation_id: this.conversation, client_id, text: `From ${this.number}: ${client_id}` };
    for (;;) {
      const answer = this.socket.connected ? await this.send(message) : null;
      if (answer?.ok) {
        acknowledged.push([this.conversation, client_id]);
        return;
      }
      if (answer && !(answer.error?.status >= 500 || answer.error?.status === 429)) {
        problem(`message:send was refused: ${JSON.stringify(answer)}`);
      }
      tally.retried++;
      await sleep(RETRY);
    }
  }

  send(message) {
    return new Promise((resolve) => {
      this.socket.timeout(PATIENCE).emit('message:send', message, (late, answer) => resolve(late ? null : answer));
    });
  }
}

const tell = (what, told) => process.stdout.write(JSON.stringify(what) + '\n', told);

async function until(holds, end) {
  while (!holds()) {
    if (Date.now() > end) return false;
    await sleep(50);
  }
  return true;
}

async function finish(given, talkers) {
  given.ending = true;
  const end = Date.now() + LIMIT;
  if (!(await until(() => talkers.every((t) => t.silent), end))) {
    problem(`${talkers.filter((t) => !t.silent).length} clients wait for an acknowledgement`);
  }
  const last = {};
  for (const t of talkers) {
    while (last[t.conversation] === undefined && Date.now() < end) {
      try {
        last[t.conversation] = (await get(`${t.messages}?limit=1`, t.token)).items.at(-1)?.seq ?? 0;
      } catch {
        await sleep(RETRY);
      }
    }
  }
  const behind = () => talkers.filter((t) => t.whole < last[t.conversation]);
  if (!(await until(() => behind().length === 0, end))) {
    const [one] = behind();
    problem(`${behind().length} clients have not seen all: one has seen ${one.whole} of ${last[one.conversation]} without a gap`);
  }
  tell({ done: true, acknowledged, problems, ...tally }, () => process.exit(0));
}

const lines = readline.createInterface({ input: process.stdin });
lines.once('line', (line) => {
  const given = JSON.parse(line);
  const talkers = [];
  for (const person of given.people) {
    for (let i = 0; i < given.sockets; i++) talkers.push(new Talker(given, person, talkers.length));
  }
  setInterval(() => {
    if (given.ending) return;
    const connected = talkers.filter((t) => t.socket.connected).length;
    tell({ connected, acknowledged: acknowledged.length, problems: problems.length, ...tally });
  }, 1_000);
  lines.on('line', (word) => word === 'finish' && finish(given, talkers));
  lines.on('close', () => process.exit(1)); // whoever started this is gone
});
