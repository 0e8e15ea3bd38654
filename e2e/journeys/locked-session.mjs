// A session ends while somebody fills in a form: what was typed waits until they are in again.

import { check, says, screenshot, signInAs } from '../lib.mjs';
import { days, pretend } from './steps/clock.mjs';
import { arrive, family, go } from './steps/referring.mjs';

export const scripts = [true, false];

const PASSWORD = 'cusp demonstration 2026';

export default async function ({ page, someoneElse }) {
  const { survivor } = family();
  const safe = 'Ring the school office,\nnever the flat. "Quoted" <b>& marked</b>';
  const field = (name) => page.getByRole('textbox', { name, exact: true });

  await signInAs(page, 'Ines Calloway');
  await go(page, 'Referrals');
  await go(page, 'New referral');
  await arrive(page, 'Draft referral');
  await go(page, 'The survivor');
  await arrive(page, 'The survivor');
  const section = new URL(page.url()).pathname;
  await field('Survivor’s name').fill(survivor);
  await field('How can the survivor be reached safely?').fill(safe);

  // The demo's clock goes on by a day, at another computer: that ends every session but its own.
  const other = await someoneElse();
  await other.goto('/sign-in');
  const [today, tomorrow] = await days(other);
  try {
    await pretend(other, tomorrow);
    await go(page, 'Save and continue');
    await arrive(page, /\S/);
    await screenshot(page, 'asked-to-sign-in');
    check(page, new URL(page.url()).pathname.startsWith('/sign-in'), 'the session has not ended');

    await field('E-mail address').fill('ines.calloway@example.org');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await go(page, 'Sign in');
    await arrive(page, /\S/);
    await screenshot(page, 'what-was-typed');
    await says(page, survivor);
    await page.getByRole('main').getByRole('button').first().click();
    await arrive(page, 'The client');

    await page.goto(section);
    check(page, (await field('Survivor’s name').inputValue()) === survivor, 'the name that was typed is lost');
    const kept = await field('How can the survivor be reached safely?').inputValue();
    check(page, kept.replaceAll('\r\n', '\n') === safe, `the safe contact is now ${JSON.stringify(kept)}`);
  } finally {
    await pretend(other, today);
  }
}
