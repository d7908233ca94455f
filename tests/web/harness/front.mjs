// Stands before the program as a balancer would: it can be away, and it can deploy. A deployment is what a browser sees
// of one: every file whose name changes with its content has another name, and the old names are gone.
import { createServer, request } from 'node:http';

const named = /((?:\.\/|assets\/)[\w.-]+)\.(js|css)\b/g;
const isText = (type) => /html|javascript|css/.test(type ?? '');

export class Front {
  /** Serves what the program at this address serves, at `url`. */
  static async start(program) {
    const front = new Front();
    front.version = 1;
    front.away = false;
    front.server = createServer((from, to) => front.pass(new URL(program), from, to));
    await new Promise((done) => front.server.listen(0, '127.0.0.1', done));
    front.url = `http://127.0.0.1:${front.server.address().port}`;
    return front;
  }

  mark() {
    return this.version === 1 ? '' : `.v${this.version}`;
  }

  pass(program, from, to) {
    if (this.away) return void from.socket.destroy();
    const mark = this.mark();
    const asset = from.url.startsWith('/assets/') && /\.(js|css)$/.test(from.url);
    const ours = new RegExp(`${mark.replace('.', '\\.')}\\.(js|css)$`);
    if (asset && mark && !ours.test(from.url)) return void to.writeHead(404, { 'Content-Type': 'application/problem+json' }).end('{}');
    const { 'accept-encoding': _, 'if-none-match': __, ...headers } = from.headers;
    const path = asset && mark ? from.url.replace(ours, '.$1') : from.url;
    const up = request({ host: program.hostname, port: program.port, path, method: from.method, headers: { ...headers, host: program.host } }, (answer) => {
      const { 'content-length': ___, 'transfer-encoding': ____, etag: _____, ...told } = answer.headers;
      if (!isText(told['content-type'])) return void answer.pipe(to.writeHead(answer.statusCode, told));
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => to.writeHead(answer.statusCode, told).end(Buffer.concat(parts).toString().replace(named, `$1${mark}.$2`)));
    });
    up.on('error', () => from.socket.destroy());
    from.pipe(up);
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
