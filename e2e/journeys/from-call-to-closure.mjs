// One family from the telephone call to the closure of the case, played by everybody who works on it, on the days on
// which they would. What each of the main tasks costs is counted: by keyboard on a phone, by mouse at a desk.

import { check, heading, says, screenshot, signInAs } from '../lib.mjs';
import { onOtherDays } from './steps/clock.mjs';
import { hands } from './steps/hands.mjs';
import { allocated } from './steps/allocating.mjs';
import { arrive, family, go } from './steps/referring.mjs';
import {
  TALK, answers, called, confirmed, decided, fill, fromMyDay, openCase, save, tied, whatComesNext,
} from './steps/working.mjs';

export const limit = 400_000;

const MAREN = 'Maren Okafor';
const INES = 'Ines Calloway';
const ADAEZE = 'Adaeze Thornbury';

export default async function ({ page, someoneElse, width }) {
  const names = family();
  const other = await someoneElse();
  const by = hands(page, width < 600);
  /** What a task costs, from the page on which it begins. */
  const counted = async (what, task) => {
    const before = by.count();
    await task();
    console.log(`  ${what}, ${width} px: ${by.count() - before} ${by.unit}`);
  };

  await onOtherDays(await someoneElse(), async (on) => {
    // A call, a practitioner, a lead worker.
    await called(other, names);
    await allocated(other, names, MAREN);
    await tied(other, names);
    await confirmed(other, names, MAREN, '2026-10-20');

    // The consultation, and what follows from it.
    await on('2026-10-20');
    await signInAs(page, MAREN);
    await arrive(page, 'My day');
    await counted('hold a consultation', () => consult(page, by, names));
    await screenshot(page, 'consulted');
    await page.goto('/my-day');
    await counted('make version 1 of the plan', () => makeVersionOne(page, by, names));
    await screenshot(page, 'version-1');
    await assess(page, names);
    await decided(page, names, {
      outcome: 'suitable',
      despite: 'He asked for help before anybody asked him.',
      because: 'Early and willing.',
      decided_with: 'Maren Okafor and Ines Calloway',
    });

    // The survivor first, alone; the client is not offered anything before.
    await openCase(page, names);
    check(page, !/ask/i.test(await next(page)), 'the practitioner is told to ask before the survivor answered');
    await page.goto(`${new URL(page.url()).pathname}/participation`);
    await says(page, 'Do not speak with the client about taking part');
    await on('2026-10-21');
    await signInAs(other, INES);
    await fromMyDay(other, names, 'Explain the service to the survivor, alone, and ask first');
    await arrive(other, 'Taking part, kept apart');
    await go(other, 'Record an answer');
    await arrive(other, 'Record an answer');
    await answers(other, 'given', 'face_to_face');
    await screenshot(other, 'survivor-answered');
    await on('2026-10-22');
    await signInAs(other, INES);
    await fromMyDay(other, names, 'Explain the service to the client, and ask');
    await arrive(other, 'Taking part');
    await go(other, 'Record the client’s answer');
    await arrive(other, /\S/);
    await answers(other, 'given', 'telephone');
    await fromMyDay(other, names, 'Say that the statutory case stays open');
    await arrive(other, 'The statutory case stays open');
    await save(other, 'Save');
    await screenshot(other, 'stays-open');

    // The first meeting: the client signs on the screen, which shows nothing else.
    await on('2026-10-26');
    await signInAs(page, MAREN);
    await sign(page, names);
    await signInAs(page, MAREN);
    await arrive(page, 'My day');
    await counted('ask to open the intervention', () => open(page, by, names));
    await screenshot(page, 'asked');
    await signInAs(other, INES);
    await fromMyDay(other, names, 'Say whether the work may begin');
    await arrive(other, 'May the work begin?');
    await save(other, 'The work may begin');
    await says(other, 'Contact, liaison and a meeting are due each week from now on');
    await screenshot(other, 'opened');

    // Weeks of contacts and liaison.
    await signInAs(page, MAREN);
    await counted('record a contact', () => liaise(page, by, names));
    await screenshot(page, 'contact');
    await seenBy(other, names, '2026-10-26');
    await on('2026-11-04');
    await signInAs(page, MAREN);
    await fromMyDay(page, names, 'Weekly liaison between professionals');
    await fill(page, { result: 'held', serves: ['liaison', 'meeting'], body: 'The second week.' });
    await save(page, 'Save');
    await seenBy(other, names, '2026-11-04');

    // A week is missed; in the next one a meeting of the week before is entered.
    await on('2026-11-17');
    await signInAs(page, MAREN);
    await openCase(page, names);
    await go(page, 'Contacts, liaison and meetings');
    await arrive(page, 'Contacts, liaison and meetings');
    await says(page, 'Missed');
    await signInAs(other, INES);
    await fromMyDay(other, names, /Weekly contact/);
    await fill(other, {
      who: await ticks(other, 'who'), held_on: '2026-11-12', result: 'held', alone: 'yes', safe_place: 'yes',
      voice: 'Entered late.',
    });
    await save(other, 'Save');
    await says(other, 'Held, recorded late');
    await screenshot(other, 'weeks');

    // Engagement changes, and the survivor is told.
    await openCase(page, names);
    await go(page, 'Record a change in engagement');
    await arrive(page, 'Record a change');
    await fill(page, { what: 'missed', heightened: 'no', words: 'Did not come twice.' });
    await save(page, 'Record the change');
    await fromMyDay(other, names, 'Tell the survivor of a change in engagement');
    await arrive(other, 'Changes in engagement to pass on');
    await other.getByRole('link', { name: /Record that it was told/ }).first().click();
    await arrive(other, /\S/);
    await fill(other, { outcome: 'told', told_on: '2026-11-17', how: 'telephone' });
    await save(other, 'Save');
    await screenshot(other, 'told');

    // Supervision decides and signs off.
    await on('2026-11-18');
    await signInAs(other, ADAEZE);
    await other.goto('/cases?whose=programme');
    await other.getByRole('link', { name: names.client }).first().click();
    await go(other, 'Supervision');
    await arrive(other, 'Supervision');
    await go(other, 'Record a decision');
    await arrive(other, 'Record a decision');
    await fill(other, { note: 'Two missed meetings.', decision: 'Maren visits once after his shift.' });
    await save(other, 'Save');
    await screenshot(other, 'supervision');

    // Version 2, and the end.
    await signInAs(page, MAREN);
    await whatComesNext(page, names, 'Make version 2 of the plan and agree it');
    await makeVersionTwo(page);
    await screenshot(page, 'version-2');
    await on('2026-12-04');
    await signInAs(page, MAREN);
    await arrive(page, 'My day');
    await counted('close', () => close(page, by, names));
    await screenshot(page, 'closed');
    await signInAs(other, INES);
    await fromMyDay(other, names, 'Record what stays in place for survivor and children');
    await arrive(other, 'What stays in place');
    await go(other, 'Record what stays in place');
    await arrive(other, /\S/);
    await fill(other, {
      told: 'telephone', told_on: '2026-12-04', implications: 'He knows the street.',
      survivor_keeps: 'Ines visits until March.',
    });
    await save(other, 'Save');
    await screenshot(other, 'stays-in-place');
    await openCase(page, names);
    await says(page, 'Closed');
  });
}

/** What the page of a case says that comes next. */
async function next(page) {
  const box = page.locator('.govuk-inset-text').filter({ hasText: 'What comes next' });
  return (await box.count()) > 0 ? box.innerText() : '';
}

/** The values of the boxes of this name. */
function ticks(page, name) {
  return page.locator(`main [name="${name}"]`).evaluateAll((all) => all.map((one) => one.value));
}

async function consult(page, by, names) {
  const duty = page.getByRole('row').filter({ hasText: names.client }).filter({ hasText: 'Hold the consultation' });
  await by.skip();
  await by.pressIn(duty, 'Hold the consultation');
  await arrive(page, 'Consultations');
  await by.skip();
  await by.press('Record one that was held');
  await arrive(page, 'Record a consultation');
  await by.skip();
  for (const [area, text] of Object.entries(TALK)) await by.type(area, text);
  await by.choose('What was decided?', 'Make version 1 of the plan, and look into the intensive work');
  await by.press('Save');
  await arrive(page, /^Consultation, /);
}

async function makeVersionOne(page, by, names) {
  const row = page.getByRole('row').filter({ hasText: names.client });
  await by.skip();
  await by.pressIn(row, 'Make version 1 of the plan with the lead worker');
  await arrive(page, 'Start a version of the plan');
  await by.skip();
  await date(page, by, 'Review date', '2026-11-20');
  await by.press('Start');
  await arrive(page, 'Version 1');
  await by.skip();
  await by.press('Write all on one page');
  await arrive(page, 'Version 1');
  await by.skip();
  await by.type('Summary of presenting issues (optional)', TALK['Presenting issues']);
  await by.type('Summary of risk (optional)', TALK.Risk);
  await by.type('What the client wants to reach, if known (optional)', TALK['Goals of the client']);
  await by.type('Safety considerations (optional)', 'Never ring the survivor in the evening.');
  await by.press('Save');
  await arrive(page, 'Version 1');
  await by.skip();
  await by.press('Add an action');
  await arrive(page, 'Add an action');
  await by.skip();
  await by.type('Action agreed', 'Leaves the room before he shouts');
  await date(page, by, 'Proposed date for completion', '2026-11-30');
  await by.press('Save');
  await arrive(page, 'Version 1');
  for (const side of ['Practitioner', 'Lead worker']) {
    await by.skip();
    await by.press('Record an agreement');
    await arrive(page, 'Record an agreement');
    await by.skip();
    if (side === 'Lead worker') {
      await by.choose('Who agrees?', side);
      await by.type('Name', INES);
    }
    await by.press('Record');
    await arrive(page, 'Version 1');
  }
}

/** Fills a date that stands in a group of three boxes. */
async function date(page, by, question, day) {
  const group = page.getByRole('group', { name: question });
  const [year, month, dayOfMonth] = day.split('-').map((part) => String(Number(part)));
  await by.typeIn(group, 'Day', dayOfMonth);
  await by.typeIn(group, 'Month', month);
  await by.typeIn(group, 'Year', year);
}

async function assess(page, names) {
  await openCase(page, names);
  await go(page, 'Risk');
  await arrive(page, 'Risk');
  await go(page, 'Record risk');
  await arrive(page, 'Record risk');
  await fill(page, { level: 'medium', tool: 'dash', score: '8', source: 'summary', summary: 'Eight ticks.' });
  await save(page, 'Record it');
}

async function sign(page, names) {
  await openCase(page, names);
  const place = new URL(page.url()).pathname;
  await go(page, 'Look at something together with the client');
  await arrive(page, 'Looking at this together');
  await go(page, 'Turn the screen round');
  await arrive(page, 'Looking at this together');
  await go(page, 'Agreement on confidentiality');
  await arrive(page, 'Agreement on confidentiality');
  await screenshot(page, 'to-sign');
  const text = await page.locator('body').innerText();
  check(page, !text.includes(names.survivor), 'the survivor’s name stands on the screen that the client sees');
  check(page, !text.includes(ADAEZE), 'a colleague’s name stands on the screen that the client sees');
  await fill(page, { explained: 'yes', research: 'no', confidential: 'yes', exceptions: 'yes', signed_name: names.client });
  await save(page, 'Save');
  await heading(page, 'Looking at this together');
  await page.goto(place);
  check(page, new URL(page.url()).pathname.startsWith('/unlock'), 'the case opens while the client can see the screen');
}

async function open(page, by, names) {
  const row = page.getByRole('row').filter({ hasText: names.client });
  await by.skip();
  await by.pressIn(row, 'Ask to open the intervention');
  await arrive(page, 'Intervention');
  await by.skip();
  await by.press('Ask to open it');
  await arrive(page, 'Ask to open the intervention');
  await by.skip();
  await by.press('Ask to open it');
  await arrive(page, 'Intervention');
  await says(page, 'Asked to open');
}

async function liaise(page, by, names) {
  const row = page.getByRole('row').filter({ hasText: names.client }).filter({ hasText: 'Weekly liaison' });
  await by.skip();
  await by.pressIn(row, 'Weekly liaison between professionals');
  await arrive(page, 'Record liaison or a meeting');
  await by.skip();
  await by.choose('What came of it?', 'It took place');
  await by.turn('The week’s professionals’ meeting');
  await by.type('What was shared and agreed? (optional)', 'The first week.');
  await by.press('Save');
  await arrive(page, 'Contacts, liaison and meetings');
}

/** The lead worker sees survivor and child, from her day. */
async function seenBy(page, names, day) {
  await signInAs(page, INES);
  await fromMyDay(page, names, /Weekly contact/);
  await arrive(page, 'Record a contact');
  await fill(page, {
    who: await ticks(page, 'who'), held_on: day, result: 'held', alone: 'yes', safe_place: 'yes', voice: 'Well.',
  });
  await save(page, 'Save');
}

async function makeVersionTwo(page) {
  await go(page, 'Record one');
  await arrive(page, 'Assessments the plan rests on');
  await fill(page, { kind: 'needs', tool: 'Needs conversation', summary: 'Sleep and money.' });
  await save(page, 'Record');
  await page.goto(new URL(page.url()).pathname.replace(/\/assessments$/, '/new'));
  await arrive(page, 'Start a version of the plan');
  await fill(page, { form: 'second', review_on: '2026-12-18' });
  await save(page, 'Start');
  await heading(page, 'Version 2');
  await go(page, 'Write all on one page');
  await arrive(page, 'Version 2');
  await fill(page, {
    drivers: 'Fear of being left.', disinhibitors: 'No sleep.', destabilisers: 'Pay day.', nature: 'Shouting.',
    severity: 'Fear.', imminence: 'On pay day.', frequency: 'Monthly.', likelihood: 'Falling.',
    summary: 'He can stop when he notices.',
  });
  await save(page, 'Save');
  for (const [side, name] of [['practitioner', MAREN], ['lead_worker', INES]]) {
    await go(page, 'Record an agreement');
    await arrive(page, 'Record an agreement');
    await fill(page, { side, name });
    await save(page, 'Record');
  }
}

async function close(page, by, names) {
  await by.press('Cases');
  await arrive(page, 'Cases');
  await by.skip();
  await by.press(names.client);
  await arrive(page, names.client);
  await by.skip();
  await by.press('Closure');
  await arrive(page, 'Closure');
  await by.skip();
  await by.press('Close the case');
  await arrive(page, 'Close the case');
  await by.skip();
  await by.choose('How did it end?', 'Completed');
  await by.type('What was the goal?', 'Stops shouting');
  await by.choose('Was it met?', 'Met');
  await by.choose('Was this agreed with the lead worker?', 'Yes');
  await by.choose('How was the client told?', 'In person');
  await date(page, by, 'When was the client told?', '2026-12-04');
  await by.choose('How was the referrer told?', 'By telephone');
  await date(page, by, 'When was the referrer told?', '2026-12-04');
  await by.press('Close the case');
  await arrive(page, 'Closure');
}
