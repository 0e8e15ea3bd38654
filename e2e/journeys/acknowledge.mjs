// A practitioner confirms receipt from her day, and the referrer reads it.

import { check, says, screenshot, signInAs } from '../lib.mjs';
import { hands } from './steps/hands.mjs';
import { arrive, family, referred } from './steps/referring.mjs';
import { allocated } from './steps/allocating.mjs';

export default async function ({ page, someoneElse, width }) {
  const names = family();
  const referrer = await someoneElse();
  const sent = await referred(referrer, names);
  await allocated(await someoneElse(), names, 'Maren Okafor');

  const by = hands(page, width < 600);
  await signInAs(page, 'Maren Okafor');
  await arrive(page, 'My day');
  await screenshot(page, 'my-day');
  const duty = page
    .getByRole('row')
    .filter({ hasText: names.client })
    .filter({ hasText: 'Confirm receipt to the referrer' });
  check(page, (await duty.count()) === 1, 'her day does not show what she owes to the referrer once');
  await by.skip();
  await by.pressIn(duty, 'Confirm receipt to the referrer');

  await arrive(page, `Confirm receipt of ${names.client}`);
  await screenshot(page, 'form');
  await by.skip();
  const date = page.getByRole('group', { name: 'By when will the consultation be held?' });
  await by.typeIn(date, 'Day', '22');
  await by.typeIn(date, 'Month', '10');
  await by.typeIn(date, 'Year', '2026');
  await by.type('What else should the referrer know? (optional)', 'I ring you at ten.');
  await by.press('Confirm receipt');
  await arrive(page, /\S/);
  await screenshot(page, 'confirmed');
  console.log(`  acknowledge, ${width} px: ${by.done()} from My day to confirmed`);

  await page.goto('/my-day');
  check(page, (await duty.count()) === 0, 'what is done still stands on her day');
  const next = page.getByRole('row').filter({ hasText: names.client });
  check(page, (await next.count()) === 1, 'the consultation that follows does not stand on her day');

  await referrer.goto(sent);
  await arrive(referrer, /\S/);
  await screenshot(referrer, 'referrer');
  await says(referrer, 'Confirmed');
  await says(referrer, '22 October 2026');
  await says(referrer, 'I ring you at ten.');
}
