// The service's manager gives a referral to a practitioner, and ties a support worker to the survivor line.

import { check, screenshot, says, signInAs } from '../lib.mjs';
import { hands } from './steps/hands.mjs';
import { arrive, family, referred } from './steps/referring.mjs';

export default async function ({ page, someoneElse, width }) {
  const names = family();
  await referred(await someoneElse(), names);

  const by = hands(page, width < 600);
  await signInAs(page, 'Adaeze Thornbury');
  await arrive(page, 'My day');
  await says(page, names.client);
  await screenshot(page, 'my-day');

  await by.press('Intake');
  await arrive(page, 'Intake');
  await screenshot(page, 'intake');
  await by.skip();
  await by.press(names.client);
  await arrive(page, 'Allocate');
  await says(page, names.client);
  await screenshot(page, 'form');
  await by.skip();
  await by.pick('Practitioner', 'Maren Okafor');
  await by.pick('Supervisor', 'Adaeze Thornbury');
  await by.press('Allocate');

  await confirmed(page, 'the case is allocated');
  await arrive(page, 'Allocate');
  await says(page, 'Maren Okafor');
  await screenshot(page, 'allocated');
  console.log(`  allocate, ${width} px: ${by.done()} from My day to allocated`);

  await by.skip();
  await by.pick('Survivor support worker', 'Sunniva Hale');
  await by.press('Tie to the survivor line');
  await page.waitForURL(/done=supported/);
  await confirmed(page, 'somebody is tied to the survivor line');
  await arrive(page, 'Allocate');
  await screenshot(page, 'tied');
  console.log(`  allocate and tie, ${width} px: ${by.done()}`);

  const support = await someoneElse();
  await signInAs(support, 'Sunniva Hale');
  await support.goto('/cases');
  await arrive(support, 'Cases');
  await says(support, names.survivor);
  await support.getByRole('link', { name: new RegExp(names.surname) }).first().click();
  await arrive(support, /\S/);
  await screenshot(support, 'case-of-survivor-line');

  // Who supports the survivor is the survivor's: the client line does not see it.
  const practitioner = await someoneElse();
  await signInAs(practitioner, 'Maren Okafor');
  await practitioner.goto('/cases');
  await arrive(practitioner, 'Cases');
  await practitioner.getByRole('link', { name: new RegExp(names.client) }).first().click();
  await arrive(practitioner, names.client);
  await screenshot(practitioner, 'case-of-client-line');
  const text = await practitioner.locator('main').innerText();
  check(practitioner, text.includes('Maren Okafor'), 'the case does not say that Maren Okafor works on it');
  check(practitioner, !text.includes('Sunniva'), 'the client line sees who supports the survivor');
  check(practitioner, /Confirm receipt/.test(text), 'the case does not say that receipt is to be confirmed');
}

/** Waits for the banner that says that it is done. */
async function confirmed(page, what) {
  const banner = page.getByRole('alert').or(page.getByRole('region', { name: 'Done' }));
  await banner.first().waitFor().catch(() => {});
  check(page, (await banner.count()) > 0, `nothing says that ${what}`);
}
