// A mail server that delivers nothing: it takes mail over SMTP as a real one does (STARTTLS, then AUTH), and shows
// what came over HTTP.
//
//   node server.mjs SMTP-PORT HTTP-PORT FOLDER CERTIFICATE KEY      (USER and PASSWORD in the environment)
//
// HTTP, on loopback:
//   GET    /messages   [{"id", "received", "user", "tls", "from", "to": [...], "raw"}], the oldest first
//   DELETE /messages   forgets them
//   POST   /refusals   {"stage": "mail"|"rcpt"|"data", "code", "message", "times", "address"?}: refuses the next
//                      `times` of that stage (rcpt: only that address) with the code
//   DELETE /refusals
import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync } from "node:fs";
import { createServer } from "node:http";
import { SMTPServer } from "smtp-server";

const [smtpPort, httpPort, folder, certificate, key] = process.argv.slice(2);
const { SMTP_USER, SMTP_PASSWORD } = process.env;
const maxMessage = 30 * 1024 * 1024;

// Kept in a file, a line each, before the sender is told that it was taken: a restart loses nothing.
const file = `${folder}/messages`;
const kept = openSync(file, "a");
const whole = (line) => { try { return [JSON.parse(line)]; } catch { return []; } };
const messages = existsSync(file) ? readFileSync(file, "utf8").split("\n").flatMap(whole) : [];
let refusals = [];

function refused(stage, address) {
  const found = refusals.find((r) => r.stage === stage && r.times > 0 && (!r.address || r.address === address));
  if (!found) return null;
  found.times -= 1;
  return Object.assign(new Error(found.message ?? "refused by the test"), { responseCode: found.code });
}

const smtp = new SMTPServer({
  name: "localhost",
  banner: "mail for tests",
  secure: false,
  cert: readFileSync(certificate),
  key: readFileSync(key),
  allowInsecureAuth: false,
  authMethods: ["PLAIN", "LOGIN"],
  size: maxMessage,
  disableReverseLookup: true,
  onAuth({ username, password }, session, done) {
    if (username === SMTP_USER && password === SMTP_PASSWORD) return done(null, { user: username });
    return done(Object.assign(new Error("wrong user or password"), { responseCode: 535 }));
  },
  onMailFrom: (address, session, done) => done(refused("mail", address.address)),
  onRcptTo: (address, session, done) => done(refused("rcpt", address.address)),
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      if (stream.sizeExceeded) return done(Object.assign(new Error("too large"), { responseCode: 552 }));
      const refusal = refused("data");
      if (refusal) return done(refusal);
      const message = {
        id: (messages.at(-1)?.id ?? 0) + 1,
        received: new Date().toISOString(),
        user: session.user,
        tls: session.secure,
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((to) => to.address),
        raw: Buffer.concat(chunks).toString("utf8"),
      };
      appendFileSync(kept, JSON.stringify(message) + "\n");
      fsyncSync(kept);
      messages.push(message);
      return done(null, `taken as ${message.id}`);
    });
  },
});
smtp.on("error", (error) => {
  console.error(error.message);
  if (error.syscall === "listen") process.exit(1);
});
smtp.listen(Number(smtpPort), "127.0.0.1");

function answer(method, path, body) {
  if (path === "/messages" && method === "GET") return messages;
  if (path === "/messages" && method === "DELETE") {
    messages.length = 0;
    truncateSync(file);
    return [];
  }
  if (path === "/refusals" && method === "POST") refusals.push({ times: 1, ...JSON.parse(body) });
  else if (path === "/refusals" && method === "DELETE") refusals = [];
  else return undefined;
  return refusals;
}

createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  let told;
  try {
    told = answer(request.method, new URL(request.url, "http://localhost").pathname, body);
  } catch (error) {
    response.writeHead(400).end(`${error.message}\n`);
    return;
  }
  response.writeHead(told === undefined ? 404 : 200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(told ?? { error: "GET or DELETE /messages, POST or DELETE /refusals" }));
}).listen(Number(httpPort), "127.0.0.1");

process.on("SIGTERM", () => process.exit(0));
