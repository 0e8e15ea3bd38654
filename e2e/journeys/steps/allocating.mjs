// What follows a referral in several journeys: the service's manager gives it to a practitioner.

import { heading, signInAs } from '../../lib.mjs';
import { go } from './referring.mjs';

/** Allocates the family's case, as the service's manager, who supervises. */
export async function allocated(page, { client }, practitioner) {
  await signInAs(page, 'Adaeze Thornbury');
  await go(page, 'Intake');
  await page.getByRole('link', { name: client }).first().click();
  await heading(page, 'Allocate');
  for (const [list, name] of [['Practitioner', practitioner], ['Supervisor', 'Adaeze Thornbury']]) {
    const box = page.getByRole('combobox', { name: list, exact: true });
    await box.selectOption(await box.locator('option', { hasText: name }).first().getAttribute('value'));
  }
  await go(page, 'Allocate');
  await heading(page, /\S/);
}
