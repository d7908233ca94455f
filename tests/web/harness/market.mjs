// Starts the real program for a browser test, on a free port and data of its own, and ends it by its own process id.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The first true value of condition(), which is asked again until then; an error after the limit. */
export async function poll(what, condition, limit = 20_000) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`after ${limit / 1000} s still not so: ${what}`);
    await pause(100);
  }
}

function isFree(port) {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });
}

async function freePort() {
  // Below the ephemeral range, so that no outgoing connection of this machine takes it meanwhile.
  for (let tries = 0; tries < 200; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port found');
}

export class Market {
  /** With `samples`, the data is what `oficio seed --gigs N` makes; with `data`, a copy of that folder. */
  static async start(binary, { samples = 0, data = '', settings = [] } = {}) {
    const market = new Market();
    market.folder = mkdtempSync(join(tmpdir(), 'oficio-web-'));
    market.binary = resolve(binary);
    market.data = join(market.folder, 'data');
    market.log = join(market.folder, 'log');
    market.port = await freePort();
    market.url = `http://127.0.0.1:${market.port}`;
    try {
      if (data) cpSync(data, market.data, { recursive: true });
      if (samples) await market.seed(samples);
      await market.serve(settings);
    } catch (e) {
      market.stop();
      throw e;
    }
    return market;
  }

  run(words) {
    const log = openSync(this.log, 'a');
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('OFICIO_')));
    return spawn(this.binary, words, { cwd: this.folder, stdio: ['ignore', log, log], env: environment });
  }

  async seed(gigs) {
    const child = this.run(['seed', '--data', this.data, '--gigs', String(gigs), '--set', 'log.level=warn']);
    const status = await new Promise((done) => child.once('exit', done));
    if (status !== 0) throw new Error(`the samples could not be made\n${this.logTail()}`);
  }

  async serve(settings) {
    const all = ['log.level=warn', 'rate.per_address=0', 'rate.per_account=0', 'rate.sign_in=0', 'rate.search=0', 'rate.upload=0', ...settings];
    this.child = this.run(['serve', 'all', '--port', String(this.port), '--data', this.data, ...all.flatMap((s) => ['--set', s])]);
    await poll('/readyz answers 200', async () => {
      if (this.child.exitCode !== null) throw new Error(`it ended before it was ready\n${this.logTail()}`);
      return fetch(`${this.url}/readyz`).then((r) => r.ok, () => false);
    }, 60_000);
  }

  logTail() {
    try {
      return readFileSync(this.log, 'utf8').split('\n').slice(-15).join('\n');
    } catch {
      return '';
    }
  }

  /** The newest mail to this address of which pick() gives something: what it gives. */
  mail(to, pick) {
    return poll(`a mail to ${to}`, async () => {
      const answer = await fetch(`${this.url}/dev/mail?to=${encodeURIComponent(to)}`, { headers: { Accept: 'application/json' } });
      const { items } = await answer.json();
      for (const one of items) {
        const found = pick(one);
        if (found) return found;
      }
      return null;
    });
  }

  stop() {
    this.child?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
