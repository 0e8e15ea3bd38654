// The service's manager finds what is overdue in the service, and the case it belongs to.

import { check, click, clicks, says, screenshot, signInAs } from '../lib.mjs';
import { arrive } from './steps/referring.mjs';

export default async function ({ page, width }) {
  await signInAs(page, 'Adaeze Thornbury');
  await arrive(page, 'My day');
  await screenshot(page, 'my-day');
  const overdue = page.getByRole('table', { name: 'Overdue' }).getByRole('row').filter({ hasText: 'Segun Okonjo' });
  console.log(`  find what is overdue, ${width} px: ${await overdue.count() ? 0 : 1} clicks to the first of it`);

  await click(page, 'The service');
  await arrive(page, 'The service');
  await screenshot(page, 'service');
  check(page, (await overdue.count()) === 1, 'what was missed for Segun Okonjo does not stand under Overdue, once');
  check(page, (await overdue.innerText()).includes('8 October 2026'), 'the day it was due is not said');
  const tables = await page.getByRole('table').evaluateAll((all) => all.map((one) => one.caption?.innerText.trim()));
  check(page, tables[0] === 'Overdue', `what is overdue does not come first: ${tables}`);

  await click(page, overdue.getByRole('link'));
  await arrive(page, /Okonjo/);
  await says(page, 'Overdue');
  await screenshot(page, 'opened');
  console.log(`  all that is overdue in the service and one of them opened, ${width} px: ${clicks(page)} clicks`);

  await page.goto('/cases?whose=programme');
  await arrive(page, 'Cases');
  await says(page, 'Segun Okonjo');
}
