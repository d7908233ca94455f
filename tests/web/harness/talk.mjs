/** Writes a message in the conversation that is open, and waits until it is sent. */
export async function write(page, t, text) {
  const area = page.getByRole('textbox', { name: t('inbox:write') });
  await area.fill(text);
  await area.press('Enter');
  await page.getByRole('log').getByText(text).waitFor();
  await page.getByText(t('inbox:sending')).waitFor({ state: 'detached' });
}
