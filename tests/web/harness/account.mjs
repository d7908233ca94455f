// What many tests begin with: an account, and somebody signed in.

const exact = (text) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);

/** Signs up on the page and follows the link in the mail. */
export async function signUp({ page, market, t, name, password }) {
  const email = `${name}@example.org`;
  await page.goto('/signup');
  await page.getByLabel(t('account:username')).fill(name);
  await page.getByLabel(t('account:email'), { exact: true }).fill(email);
  await page.getByLabel(exact(t('account:password'))).fill(password);
  await page.getByRole('button', { name: t('account:signup') }).click();
  await page.getByRole('heading', { level: 1, name: t('account:verify_title') }).waitFor();
  const link = await market.mail(email, (mail) => mail.links.find((l) => l.includes('/verify?')));
  const to = new URL(link);
  await page.goto(to.pathname + to.search);
  await page.getByRole('heading', { level: 1, name: t('account:verified_title') }).waitFor();
}

/** Signs in on the page; a browser new to the account is asked for the code that came by mail. */
export async function signIn({ page, market, t, name, password, email = `${name}@example.org` }) {
  await page.goto('/signin');
  await page.getByLabel(t('account:login')).fill(name);
  await page.getByLabel(exact(t('account:password'))).fill(password);
  const asked = new Date().toISOString();
  await page.getByRole('button', { name: t('account:signin') }).click();
  await page.getByRole('heading', { level: 1, name: t('account:code_title') }).waitFor();
  const code = await market.mail(email, (mail) => mail.at >= asked && /\b\d{6}\b/.exec(mail.text)?.[0]);
  await page.getByLabel(t('account:digit', { at: 1 })).click();
  await page.keyboard.type(code);
  await page.getByRole('button', { name: t('common:layout.account_menu', { name }) }).waitFor();
}
