// An intake worker writes down what she is told on the telephone, in any order and with much unknown.

import { check, says, screenshot, signInAs } from '../lib.mjs';
import { hands } from './steps/hands.mjs';
import { arrive, family } from './steps/referring.mjs';

export default async function ({ page, width }) {
  const { survivor, client, child } = family();
  const by = hands(page, width < 600);
  await signInAs(page, 'Petra Lindqvist');
  await arrive(page, 'My day');

  await by.press('Intake');
  await arrive(page, 'Intake');
  await by.skip();
  await by.press('Take a referral');
  await arrive(page, 'Take a referral');
  await screenshot(page, 'form');

  // Sent too early: it says what is missing and where, and keeps what was typed.
  await by.skip();
  await by.choose('How did it come?', 'By telephone');
  await by.type('Survivor’s name', survivor);
  await by.press('Take the referral');
  await arrive(page, 'Take a referral');
  await screenshot(page, 'refused');
  const summary = page.getByRole('alert');
  check(page, (await summary.getByRole('link').count()) > 0, 'the summary leads to no field');
  check(page, (await page.title()).startsWith('Error'), 'the title does not say that something is wrong');
  check(page, (await field(page, 'Survivor’s name').inputValue()) === survivor, 'what was typed is lost');
  check(page, await page.getByRole('radio', { name: 'By telephone' }).isChecked(), 'what was chosen is lost');

  await by.skip();
  await by.type('From whom?', 'Kit Sandiford, health visitor, 07700 900377');
  await by.type(await named(page, 'name'), 'Kit Sandiford');
  await by.type('How can the survivor be reached safely?', 'Only through the clinic, Tuesdays.');
  await by.type('Client’s name', client);
  await by.type('Name', child);
  await by.type('What has the client done to the survivor or the children?', 'Took the front door key.');
  await by.turn('Damages property');
  await by.choose('Does the survivor know of this referral?', 'Yes');
  await by.choose('Does the client know of this referral?', 'No');
  await by.type('If the client does not know or does not agree, why not?', 'Nobody has asked yet.');
  await by.press('Take the referral');

  await arrive(page, /\S/);
  await screenshot(page, 'taken');
  check(page, !page.url().endsWith('/intake/take'), 'the referral is not taken');
  console.log(`  take by telephone, ${width} px: ${by.done()} from My day to taken, with one refusal`);

  await page.goto('/intake');
  await arrive(page, 'Intake');
  await says(page, client);
}

function field(page, name) {
  return page.getByRole('textbox', { name, exact: true });
}

/** The label of a field by what the form calls it, for questions whose words are put to another person. */
async function named(page, what) {
  const box = page.locator(`input[name$="referrer_${what}"]`).first();
  return (await box.evaluate((element) => element.labels[0].innerText)).trim();
}
