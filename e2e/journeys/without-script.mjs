// The referral of a family needs no script, and neither does a form that is refused.

import { check, click, says, screenshot, signInAs } from '../lib.mjs';
import { arrive, family } from './steps/referring.mjs';

export const scripts = [false];

export default async function ({ page }) {
  const { survivor, client, child } = family();
  const field = (name) => page.getByRole('textbox', { name, exact: true });
  const on = () => click(page, 'Save and continue');

  await signInAs(page, 'Ines Calloway');
  await arrive(page, 'My day');
  await click(page, 'Referrals');
  await arrive(page, 'Referrals');
  await click(page, 'New referral');
  await arrive(page, 'Draft referral');
  await click(page, 'The survivor');
  await arrive(page, 'The survivor');
  await field('Survivor’s name').fill(survivor);
  await field('How can the survivor be reached safely?').fill('By letter to the school.');
  await on();
  await arrive(page, 'The client');
  await field('Client’s name').fill(client);
  await on();
  await arrive(page, 'Their relationship');
  await on();

  await arrive(page, 'Children');
  await field('Name').fill(child);
  await click(page, 'Add another child');
  await arrive(page, 'Children');
  await screenshot(page, 'two-children');
  check(page, (await field('Name').count()) === 2, 'there is no room for a second child');
  check(page, (await field('Name').first().inputValue()) === child, 'the first child is lost');
  await field('Name').nth(1).fill(`${child} the younger`);
  await on();

  await arrive(page, 'Pregnancy');
  await on();
  await arrive(page, 'Reason for referral');
  await field('What has the client done to the survivor or the children?').fill('Shouts at the children by night.');
  await on();
  await arrive(page, 'Early signs');
  await click(page, 'Shouts at, insults or threatens in words');
  await on();
  await arrive(page, 'Who knows and who agrees');
  await click(page, page.getByRole('group', { name: 'Does the survivor know of this referral?' }).getByLabel('Yes'));
  await on();
  await arrive(page, 'Priorities and earlier referrals');
  await on();

  await arrive(page, 'Check');
  await says(page, `${child} the younger`);
  await click(page, 'Send the referral');
  await arrive(page, /^Referral/);
  await screenshot(page, 'sent');
  await says(page, survivor);
}
