// Where there are scripts, the design system's own is at work: it counts characters, and leads from the summary of
// problems to the field.

import { check, click, signInAs } from '../lib.mjs';
import { arrive } from './steps/referring.mjs';

export const widths = [1280];

export default async function ({ page }) {
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  await signInAs(page, 'Petra Lindqvist');
  await page.goto('/intake/take');
  await arrive(page, 'Take a referral');
  check(page, !said.some((text) => text.includes('Error')), `on the console: ${said[0]}`);

  const area = page.getByRole('textbox', { name: 'How can the survivor be reached safely?' });
  await area.fill('By letter.');
  const counted = page.getByText('You have 4,990 characters remaining').filter({ visible: true });
  await counted.first().waitFor().catch(() => {});
  check(page, (await counted.count()) > 0, 'the characters that are left are not counted');

  await click(page, 'Take the referral');
  await arrive(page, 'Take a referral');
  const summary = page.locator('.govuk-error-summary');
  check(page, await hasFocus(summary), 'the summary of problems has not the focus');
  const link = summary.getByRole('link').first();
  const id = (await link.getAttribute('href')).slice(1);
  await click(page, link);
  check(page, await hasFocus(page.locator(`[id="${id}"]`)), 'the summary does not lead into the field');
}

function hasFocus(locator) {
  return locator.evaluate((element) => element === document.activeElement);
}
