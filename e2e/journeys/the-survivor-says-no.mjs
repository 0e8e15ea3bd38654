// The survivor says no. Her side knows it and works on her safety; the practitioner reads the same as before, version 1
// of the plan stands, and the case is closed without anybody saying why.

import { check, says, screenshot, signInAs } from '../lib.mjs';
import { onOtherDays } from './steps/clock.mjs';
import { allocated } from './steps/allocating.mjs';
import { arrive, family, go } from './steps/referring.mjs';
import {
  answers, called, confirmed, decided, fill, fromMyDay, openCase, save, tied, whatComesNext,
} from './steps/working.mjs';

export const limit = 300_000;

const JOSS = 'Joss Whitlow';
const SUNNIVA = 'Sunniva Hale';

export default async function ({ page, someoneElse }) {
  const names = family();
  const hers = await someoneElse();

  await onOtherDays(await someoneElse(), async (on) => {
    await called(page, names);
    await allocated(page, names, JOSS);
    await tied(page, names, SUNNIVA);
    await confirmed(page, names, JOSS, '2026-10-19');
    await on('2026-10-19');
    await signInAs(page, JOSS);
    await fromMyDay(page, names, 'Hold the consultation');
    await go(page, 'Record one that was held');
    await arrive(page, 'Record a consultation');
    await fill(page, {
      presenting: 'Follows the car.', risk: 'Rising.', needs: 'Work.', client_goals: 'Trust.',
      survivor_goals: 'To drive alone.', motivation: 'Says so.', strengths: 'Told her manager.', outcome: 'suitability',
    });
    await save(page, 'Save');
    await whatComesNext(page, names, 'Make version 1 of the plan with the lead worker');
    await fill(page, { review_on: '2026-11-20' });
    await save(page, 'Start');
    await go(page, 'Write all on one page');
    await arrive(page, 'Version 1');
    await says(page, 'What was said at the consultation');
    await fill(page, { presenting: 'Follows the car.', safety: 'He must not learn what she plans.' });
    await save(page, 'Save');
    await decided(page, names, {
      outcome: 'suitable', despite: 'He asked himself.', because: 'Risk is not high.', decided_with: 'Joss and Ines',
    });

    // What the practitioner can read before and after her answer.
    const before = await read(page, names);
    await on('2026-10-20');
    await signInAs(hers, SUNNIVA);
    await fromMyDay(hers, names, 'Explain the service to the survivor, alone, and ask first');
    await arrive(hers, 'Taking part, kept apart');
    await go(hers, 'Record an answer');
    await arrive(hers, 'Record an answer');
    await answers(hers, 'refused', 'face_to_face');
    await says(hers, 'The other side sees: not yet');
    await screenshot(hers, 'no');
    await signInAs(page, JOSS);
    const after = await read(page, names);
    for (const [place, text] of Object.entries(before)) {
      check(page, after[place] === text, `the practitioner reads otherwise at ${place} since the survivor’s answer`);
    }
    await screenshot(page, 'practitioner-after-the-no');

    // Her side says what follows, and keeps the ground apart.
    await whatComesNext(hers, names, 'Think through what it means for safety that the client does not start');
    await go(hers, 'Record a ground');
    await arrive(hers, /\S/);
    await fill(hers, { ground: 'no_consent', note: 'Not to be asked again.' });
    await save(hers, 'Save');
    await screenshot(hers, 'ground');

    // Practitioner and lead worker decide in words that say nothing of it.
    await decided(page, names, {
      outcome: 'not_suitable', grounds: 'not_now', because: 'The programme does not fit at present.',
      decided_with: 'Joss Whitlow and Ines Calloway', review_offered: 'yes',
    });
    await go(page, 'Write it');
    await arrive(page, 'What the client may be told');
    await fill(page, { text: 'We do not start a programme now. Joss stays your contact.' });
    await save(page, 'Save');
    await openCase(page, names);
    await says(page, 'Version 1 of the plan stands');
    await screenshot(page, 'version-1-stands');

    // Safety work, and she is told.
    await fromMyDay(hers, names, 'Think through what it means for safety');
    await arrive(hers, /\S/);
    await go(hers, 'Record it');
    await arrive(hers, /\S/);
    await fill(hers, {
      implications: 'He may press her.', services: 'Lantern weekly.', explored_with: 'Ines Calloway',
    });
    await save(hers, 'Save');
    await screenshot(hers, 'safety');

    // The case is closed.
    await on('2026-11-20');
    await signInAs(page, JOSS);
    await whatComesNext(page, names, 'Close the case when nothing more is to be done');
    await go(page, 'Close the case');
    await arrive(page, 'Close the case');
    await fill(page, {
      outcome: 'never_started', 'goals.0.goal': 'Takes the tracker off', 'goals.0.outcome': 'not_met',
      lead_worker: 'yes', client_told: 'telephone', client_told_on: '2026-11-20',
      referrer_told: 'telephone', referrer_told_on: '2026-11-20',
    });
    await save(page, 'Close the case');
    await screenshot(page, 'closed');
    await signInAs(hers, SUNNIVA);
    await fromMyDay(hers, names, 'Record what stays in place for survivor and children');
    await go(hers, 'Record what stays in place');
    await arrive(hers, /\S/);
    await fill(hers, { told: 'in_person', told_on: '2026-11-20', implications: 'He is alone now.', survivor_keeps: 'Lantern until spring.' });
    await save(hers, 'Save');
    await screenshot(hers, 'stays-in-place');
  });
}

/** What the practitioner reads of the case, page by page. */
async function read(page, names) {
  await openCase(page, names);
  const place = new URL(page.url()).pathname;
  const texts = {};
  for (const part of ['', '/participation', '/interventions', '/suitability', '/chronology', '/duties']) {
    await page.goto(place + part);
    texts[part] = await page.locator('main').innerText();
  }
  return texts;
}
