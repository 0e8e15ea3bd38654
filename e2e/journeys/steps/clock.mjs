// The demo's clock. Whoever moves it moves it back.

/** The day that the demo pretends, and the next. Wants the demo's sign-in page. */
export async function days(page) {
  const today = await page.locator('#demo-date').getAttribute('value');
  const next = new Date(`${today}T12:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return [today, next.toISOString().slice(0, 10)];
}

/** Pretends that it is `day`, such as 2026-10-20. */
export async function pretend(page, day) {
  await page.goto('/sign-in');
  await page.locator('summary').filter({ hasText: 'Demonstration' }).click();
  await page.getByLabel('Pretend today is').fill(day);
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await page.waitForLoadState();
}

/** Plays `story` and sets the clock back to the day on which it began. */
export async function onOtherDays(page, story) {
  await page.goto('/sign-in');
  const [today] = await days(page);
  try {
    await story((day) => pretend(page, day));
  } finally {
    await pretend(page, today);
  }
}
