// A social worker refers a family from her first page on: by keyboard only on a phone, by mouse at a desk.

import { check, screenshot, says, signInAs } from '../lib.mjs';
import { hands } from './steps/hands.mjs';
import { arrive, family } from './steps/referring.mjs';

export default async function ({ page, width }) {
  const { survivor, client, child } = family();
  const by = hands(page, width < 600);
  await signInAs(page, 'Ines Calloway');
  await arrive(page, 'My day');
  await screenshot(page, 'my-day');

  await by.press('Referrals');
  await arrive(page, 'Referrals');
  await screenshot(page, 'referrals');
  await by.skip();
  await by.press('New referral');
  await arrive(page, 'Draft referral');
  await screenshot(page, 'tasks');
  await by.skip();
  await by.press('Continue');

  await section(page, by, 'Risk checklist (DASH)', async () => {});
  await section(page, by, 'The survivor', async () => {
    await by.type('Survivor’s name', survivor);
    await by.type('Survivor’s date of birth', 'about 30');
    await by.type('Survivor’s telephone', '07700 900311');
    await by.type('How can the survivor be reached safely?', 'Text first, weekdays before 3. Leave no message.');
  });
  await section(page, by, 'The client', async () => {
    await by.type('Client’s name', client);
    await by.type('Relationship to the survivor', 'Partner');
  });
  await section(page, by, 'Their relationship', () => by.type('How do things stand between them?', 'Living together'));
  await section(page, by, 'Children', async () => {
    await by.type('Name', child);
    await by.type('Date of birth', '4 5 2021');
  });
  await section(page, by, 'Pregnancy', async () => {});
  await section(page, by, 'Reason for referral', () =>
    by.type('What has the client done to the survivor or the children?', `${client} pushed ${survivor} last week.`),
  );
  await section(page, by, 'Early signs', () => by.turn('Pushes, grabs or blocks the way'));
  await section(page, by, 'Who knows and who agrees', async () => {
    await by.choose('Does the survivor know of this referral?', 'Yes');
    await by.choose('Does the survivor agree to it?', 'Yes');
    await by.choose('Does the client know of this referral?', 'No');
    await by.type('If the client does not know or does not agree, why not?', 'She asked us to wait.');
  });
  await section(page, by, 'Priorities and earlier referrals', async () => {});

  await arrive(page, 'Check');
  await screenshot(page, 'check');
  await says(page, survivor);
  await says(page, child);
  // The page of answers is long and ends in the button: backwards from the top of the page is no way round.
  await by.skip();
  await by.press('Send the referral');

  await arrive(page, /\S/);
  await screenshot(page, 'sent');
  check(page, new URL(page.url()).pathname.startsWith('/cases/'), 'sending leads to the referral as sent');
  console.log(`  refer a family, ${width} px: ${by.done()} from My day to sent`);

  await page.goto('/referrals');
  await says(page, survivor);
}

async function section(page, by, title, answer) {
  await arrive(page, title);
  await screenshot(page, `section-${title}`);
  await by.skip();
  await answer();
  await by.press('Save and continue');
}
