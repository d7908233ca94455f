import type { Line } from './lines';

const address = '/intake/v2/rum/events';
export const perBody = 60; // lines; the gateway takes 100
const bodyBytes = 55_000; // browsers refuse beacons of more than 64 KiB
const waits = 300; // lines
const perMinute = 150; // lines
const every = 2_000; // ms; the gateway takes the moment when lines arrive for the moment when things ended
const patience = [15_000, 60_000, 300_000, 1_800_000]; // ms after the first, second, … refusal

/**
 * Sends lines in batches, and leaves people alone: what does not fit is counted and lost, a server that does not
 * want them is asked again later and later, and no failure is shown or thrown.
 */
export class Post {
  private lines: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private refusals = 0;
  private notBefore = 0;
  private minute = { began: 0, count: 0 };
  lost = 0;

  constructor(private readonly head: () => Line) {}

  add(line: Line) {
    const now = Date.now();
    if (now - this.minute.began > 60_000) this.minute = { began: now, count: 0 };
    if (this.lines.length >= waits || this.minute.count >= perMinute) {
      this.lost += 1;
      return;
    }
    this.minute.count += 1;
    this.lines.push(JSON.stringify(line));
    if (this.lines.length >= perBody) void this.send();
    else this.later(every);
  }

  private later(ms: number) {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.send();
    }, Math.max(ms, this.notBefore - Date.now()));
  }

  /** As many lines as go into one body. */
  private batch(): string[] {
    const batch: string[] = [];
    let bytes = 1_000; // the head
    for (const line of this.lines.slice(0, perBody)) {
      bytes += new TextEncoder().encode(line).length + 1;
      if (batch.length && bytes > bodyBytes) break;
      batch.push(line);
    }
    return batch;
  }

  private body = (batch: string[]) => new Blob([[JSON.stringify(this.head()), ...batch, ''].join('\n')], { type: 'application/x-ndjson' });

  private async send() {
    if (this.busy || this.lines.length === 0) return;
    if (Date.now() < this.notBefore || !navigator.onLine) {
      this.later(every);
      return;
    }
    this.busy = true;
    const batch = this.batch();
    const status = await fetch(address, { method: 'POST', body: this.body(batch), headers: { 'Content-Type': 'application/x-ndjson' }, credentials: 'omit', keepalive: true }).then(
      (answer) => {
        this.heard(answer);
        return answer.status;
      },
      () => 0,
    );
    this.busy = false;
    if (status === 0) this.refused(0);
    // Lines that the server has read and does not like are not better the second time.
    if ((status >= 200 && status < 300) || status === 400 || status === 413 || status === 415 || status === 422) this.lines.splice(0, batch.length);
    if (this.lines.length) this.later(every);
  }

  private heard(answer: Response) {
    if (answer.ok) this.refusals = 0;
    else this.refused(Number(answer.headers.get('Retry-After')) * 1000 || 0);
  }

  private refused(asked: number) {
    const wait = Math.max(asked, patience[Math.min(this.refusals, patience.length - 1)] as number);
    this.refusals += 1;
    this.notBefore = Date.now() + wait;
  }

  /** The page may be gone the next moment: the browser takes what waits and sends it on its own. */
  leave() {
    if (Date.now() < this.notBefore || this.busy) return;
    while (this.lines.length) {
      const batch = this.batch();
      if (!navigator.sendBeacon(address, this.body(batch))) return;
      this.lines.splice(0, batch.length);
    }
  }
}
