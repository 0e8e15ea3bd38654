// What practitioner, lead worker and the survivor's side do on a case in several journeys.

import { check, heading, signInAs } from '../../lib.mjs';
import { arrive, go } from './referring.mjs';

/** Answers questions by the name of their field: text, choices, dates as 2026-10-20. */
export async function fill(page, answers) {
  for (const [name, answer] of Object.entries(answers)) {
    const field = page.locator(`main [name="${name}"]`);
    if ((await field.count()) === 0) {
      const [year, month, day] = answer.split('-').map(Number);
      for (const [part, value] of [['day', day], ['month', month], ['year', year]]) {
        await page.locator(`main [name="${name}-${part}"]`).fill(String(value));
      }
      continue;
    }
    const type = await field.first().evaluate((element) => element.type);
    if (type === 'radio' || type === 'checkbox') {
      for (const one of [answer].flat()) await page.locator(`main [name="${name}"][value="${one}"]`).check();
    } else if (type === 'select-one') {
      await field.selectOption({ label: answer });
    } else {
      await field.fill(answer);
    }
  }
}

/** Presses a button and waits until it is said to be done. */
export async function save(page, button) {
  await page.getByRole('button', { name: button, exact: true }).first().click();
  await page.getByRole('alert').or(page.getByRole('region', { name: 'Done' })).first().waitFor();
  const refused = page.locator('.govuk-error-summary');
  check(page, (await refused.count()) === 0, `"${button}" was refused: ${await refused.allInnerTexts()}`);
  await arrive(page, /\S/);
}

/** The page of the family's case, from the list of who is signed in. */
export async function openCase(page, { client }) {
  await page.goto('/cases');
  await page.getByRole('link', { name: client }).first().click();
  await arrive(page, client);
}

/** Follows what stands on one's day for the family. */
export async function fromMyDay(page, { client }, what) {
  await page.goto('/my-day');
  await arrive(page, 'My day');
  const row = page.getByRole('row').filter({ hasText: client }).filter({ hasText: what });
  await row.first().getByRole('link').click();
  await heading(page, /\S/);
}

/** Goes on where the page of the case says what comes next. */
export async function whatComesNext(page, names, what) {
  await openCase(page, names);
  await go(page, what);
  await arrive(page, /\S/);
}

/** A call is taken: the referral stands in the list of intake. */
export async function called(page, { survivor, client, child }) {
  await signInAs(page, 'Petra Lindqvist');
  await go(page, 'Intake');
  await go(page, 'Take a referral');
  await arrive(page, 'Take a referral');
  await fill(page, {
    how: 'telephone',
    from_whom: 'Ines Calloway, Larkmoor, 07700 900110',
    referrer_name: 'Ines Calloway',
    survivor_name: survivor,
    survivor_safe_contact: 'Text first, on school days before three.',
    client_name: client,
    client_relationship: 'Husband',
    'children.0.name': child,
    'children.0.born': '4 4 2016',
    acts: 'Blocks doors and shouts.',
    markers: 'verbal_argument',
    survivor_aware: 'yes',
    survivor_consented: 'yes',
    client_aware: 'yes',
    client_consented: 'yes',
  });
  await go(page, 'Take the referral');
  await arrive(page, /\S/);
}

/** The service's manager names the lead worker, and a survivor support worker if there is one. */
export async function tied(page, names, support) {
  await openCase(page, names);
  await go(page, 'Allocate, or put on the waiting list');
  await choose(page, 'Lead worker', 'Ines Calloway');
  await save(page, 'Name the lead worker');
  if (support) {
    await choose(page, 'Survivor support worker', support);
    await save(page, 'Tie to the survivor line');
  }
}

async function choose(page, list, name) {
  const box = page.getByRole('combobox', { name: list, exact: true });
  await box.selectOption(await box.locator('option', { hasText: name }).first().getAttribute('value'));
}

/** The practitioner tells the referrer that it has arrived, and when they will talk. */
export async function confirmed(page, names, practitioner, day) {
  await signInAs(page, practitioner);
  await fromMyDay(page, names, 'Confirm receipt to the referrer');
  await fill(page, { how: 'telephone', consultation_on: day });
  await go(page, 'Confirm receipt');
  await arrive(page, 'Receipt confirmed');
}

/** What is said at a consultation. */
export const TALK = {
  'Presenting issues': 'Blocks doors and shouts.',
  Risk: 'Rises on pay day. No weapon.',
  Needs: 'Sleep and money.',
  'Goals of the client': 'To stop shouting.',
  'Goals of the survivor': 'Quiet evenings.',
  'Motivation for change': 'Asked for help himself.',
  'Strengths of the survivor': 'Keeps bedtime and told the school.',
};

/** The party's answer, on the form at hand. */
export async function answers(page, reply, how) {
  await fill(page, {
    explained: 'yes', sharing: 'yes', reply, how, alone: 'yes', able: 'yes', interpreter: 'not_needed',
  });
  await save(page, 'Save the answer');
}

/** Where the client stands, and whether the work suits, as practitioner and lead worker decide. */
export async function decided(page, names, answers) {
  await openCase(page, names);
  await go(page, 'Does the work suit?');
  await arrive(page, 'Does the work suit?');
  await go(page, 'Decide');
  await arrive(page, 'Does it suit?');
  await fill(page, answers);
  await save(page, 'Save');
}
