// Runs the journeys in journeys/*.mjs against a running demo:
//
//   BASE_URL=http://127.0.0.1:8080 node run.mjs [words in the names of the journeys to run]
//
// A journey is a module. Its default export is the journey itself, called once for each width and each setting of
// scripts, with a fresh browser context:
//
//   export const widths = [390, 1280];        // CSS pixels; this is the default
//   export const scripts = [true, false];     // with JavaScript, without; the default is [true]
//   export const limit = 300_000;             // how long it may take, in milliseconds, if that is long
//   export default async function ({ page, someoneElse }) { ... }
//
// `someoneElse()` opens a page in another fresh context: another person at another computer.
//
// It prints a line for each run and, last, `journeys: N passed, N failed`; the exit status says the same.

import { readdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { begin, screenshot, watch } from './lib.mjs';

const ARGUMENTS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const JOURNEYS = new URL('./journeys/', import.meta.url);
const WIDTHS = [390, 1280];

/** Below this width the browser behaves as a phone does: touch, and the page's own viewport. */
const PHONE = 600;

/** How long one step of a journey may wait, and a whole journey that sets no limit, in milliseconds. */
const STEP_LIMIT = 10_000;
const JOURNEY_LIMIT = 600_000;

async function main() {
  const base = process.env.BASE_URL;
  if (!base) throw new Error('BASE_URL must say where the demo runs, such as http://127.0.0.1:8080');
  const names = await chosen(process.argv.slice(2));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ARGUMENTS,
  });
  const counts = { passed: 0, failed: 0 };
  try {
    for (const name of names) {
      const module = await import(new URL(`${name}.mjs`, JOURNEYS)).catch(brokenModule);
      for (const setting of settingsOf(module)) {
        const passed = await travel(browser, base, name, module, setting);
        counts[passed ? 'passed' : 'failed'] += 1;
      }
    }
  } finally {
    await browser.close();
  }
  console.log(`journeys: ${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0;
}

/** The journeys whose name holds one of the words; all, if there are none. */
async function chosen(words) {
  const files = (await readdir(JOURNEYS)).filter((file) => file.endsWith('.mjs')).sort();
  const names = files
    .map((file) => file.slice(0, -'.mjs'.length))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
  if (names.length === 0) throw new Error(`no journey is named like ${words.join(' or ') || 'that'}`);
  return names;
}

/** In place of a module that cannot be loaded: one journey, that says why. */
function brokenModule(error) {
  return { default: () => Promise.reject(error), widths: WIDTHS.slice(0, 1) };
}

function settingsOf({ widths = WIDTHS, scripts = [true] }) {
  return widths.flatMap((width) => scripts.map((script) => ({ width, script })));
}

/** One run of a journey. True if all went well; what went wrong is printed. */
async function travel(browser, base, name, { default: journey, limit = JOURNEY_LIMIT }, { width, script }) {
  const title = `${name} ${width}${script ? '' : ' without script'}`;
  const run = begin(title.replaceAll(' ', '-'), new URL(base).origin, script);
  const contexts = [];
  const someoneElse = async () => {
    const context = await browser.newContext(personAt(width, script, base));
    contexts.push(context);
    context.setDefaultTimeout(STEP_LIMIT);
    await watch(context, run);
    return context.newPage();
  };

  const page = await someoneElse();
  let why;
  try {
    await within(limit, journey({ page, someoneElse, width, script }));
  } catch (error) {
    why = error;
  }
  const whys = [...(why ? [describe(why)] : []), ...run.problems];
  if (whys.length > 0) await screenshot(page, 'FAILED').catch(() => {});
  for (const context of contexts) await context.close();

  if (whys.length > 0) {
    console.log([`FAILED ${title}: ${whys.join('\n  and ')}`, ...placesIn(why?.stack)].join('\n'));
    return false;
  }
  console.log(`ok ${title} (${counted(run)})`);
  return true;
}

function personAt(width, script, baseURL) {
  const isMobile = width < PHONE;
  return {
    baseURL,
    viewport: { width, height: isMobile ? 844 : 900 },
    screen: { width, height: isMobile ? 844 : 900 },
    isMobile,
    hasTouch: isMobile,
    javaScriptEnabled: script,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
  };
}

async function within(limit, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${limit / 1000} s`)), limit);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An error's message without colours and without Playwright's call log. */
function describe(error) {
  const message = String(error?.message ?? error).replaceAll(/\u001b\[\d+m/g, '');
  return message.split('\nCall log:')[0].trim();
}

/** The lines of a stack that lie in the journeys. */
function placesIn(stack = '') {
  return Array.from(stack.matchAll(/journeys\/[^)\s]+/g), ([place]) => `  at ${place}`);
}

function counted({ checks, clicks, keys }) {
  const parts = [[checks, 'checks'], [clicks, 'clicks'], [keys, 'keys']];
  return parts.filter(([number, what]) => number > 0 || what === 'checks').map((part) => part.join(' ')).join(', ');
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(describe(error));
  process.exitCode = 1;
}
