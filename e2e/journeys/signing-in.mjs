// A visitor meets the demo's sign-in page and becomes the first person of the cast.

import { axe, check, fits, heading, personas, screenshot, signInAs } from '../lib.mjs';

export const scripts = [true, false];

export default async function ({ page }) {
  await page.goto('/sign-in');
  await heading(page, /\S/);
  await fits(page);
  await axe(page);
  await screenshot(page, 'sign-in');

  const [first] = await personas(page);
  check(page, first, 'the demo offers a person to become');
  await signInAs(page, first);
  await heading(page, /\S/);
  await fits(page);
  await axe(page);
}
