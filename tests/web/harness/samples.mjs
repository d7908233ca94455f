// People of the sample market, signed in without their pages, and where their things are.
const password = 'ejemplo de oficio 2026';

/** Signs a sample person in on this browser, by the calls that the pages make too. */
export async function signInSample({ context, market, name }) {
  const asked = new Date().toISOString();
  const first = await context.request.post('/api/v1/auth/signin', { data: { login: name, password } });
  if (first.status() === 200) return;
  const { challenge_id } = await first.json();
  const code = await market.mail(`${name}@example.com`, (mail) => mail.at >= asked && /\b\d{6}\b/.exec(mail.text)?.[0]);
  const second = await context.request.post('/api/v1/auth/signin/otp', { data: { challenge_id, code } });
  if (second.status() !== 200) throw new Error(`${name} could not sign in: ${await second.text()}`);
}

/** An answer of the API, as this person. */
export async function ask(context, path) {
  const answer = await context.request.get(`/api/v1${path}`);
  if (!answer.ok()) throw new Error(`GET ${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}
