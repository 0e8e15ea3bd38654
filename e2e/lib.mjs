// What a journey can do and check. Every function takes the page first, and every check that fails
// throws, which ends the journey and says why.
//
//   import { axe, click, fits, heading, signInAs } from '../lib.mjs';
//
//   export default async function ({ page }) {
//     await signInAs(page, 'Bethan Pryce');
//     await click(page, 'Refer a family');
//     await heading(page, 'Refer a family');
//     await axe(page);
//   }

import { readFile, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const OUT = new URL('./out/', import.meta.url);

/** The conformance Cusp claims: WCAG 2.2 at level AA. Rules of taste ("best-practice") are left out. */
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** After so many stops of the Tab key an element counts as out of reach. */
const TAB_LIMIT = 300;

/** The roles of things that can be clicked or reached by their name. */
const CONTROLS = [
  'link', 'button', 'radio', 'checkbox', 'textbox', 'searchbox', 'combobox', 'listbox', 'spinbutton', 'tab',
];

/** What happened in one run of a journey, on all its pages. */
class Run {
  checks = 0;
  clicks = 0;
  keys = 0;
  keyboardOnly = false;
  problems = new Set();

  constructor(name, origin, script) {
    this.name = name;
    this.origin = origin;
    this.script = script;
  }
}

const runs = new WeakMap();

function runOf(page) {
  const run = runs.get(page);
  if (!run) throw new Error('this page belongs to no journey: open it by page or someoneElse()');
  return run;
}

// ---------------------------------------------------------------- for run.mjs

/** Begins the record of a run against the demo at `origin`, with the pages' scripts or without. */
export function begin(name, origin, script) {
  return new Run(name, origin, script);
}

/**
 * Notes on the run whatever goes wrong on any page of a browser context: an error on the console, a
 * breach of the content security policy, a request to another origin, a missing or broken resource.
 */
export async function watch(context, run) {
  const note = (where, what) => run.problems.add(`${where}: ${what}`);
  context.on('page', (page) => {
    runs.set(page, run);
    page.on('pageerror', (error) => note(pathOf(page), `script error: ${error.message}`));
    page.on('console', (message) => {
      // A refused resource is noted below, where a refused page (a form with errors) can be told from it.
      if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
      note(pathOf(page), `on the console: ${message.text()}`);
    });
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== run.origin) {
      note(url.href, 'request to another origin');
    }
  });
  context.on('requestfailed', (request) => {
    const { errorText } = request.failure() ?? {};
    // Aborted: the page was left before it was done, or the answer was a download.
    if (errorText !== 'net::ERR_ABORTED') note(request.url(), errorText);
  });
  context.on('response', (response) => {
    const request = response.request();
    // Refusing a page is an answer, and the journey looks at it; a page without its parts is broken.
    const broken = request.isNavigationRequest() ? 500 : 400;
    if (response.status() >= broken) note(pathOf(request), `answered ${response.status()} to ${request.method()}`);
  });
}

/** The path of a page or request, for messages. */
function pathOf(source) {
  return new URL(source.url()).pathname;
}

// ------------------------------------------------------------------- journeys

/** Fails the journey unless `holds`; `what` says what should have been. */
export function check(page, holds, what) {
  runOf(page).checks += 1;
  if (!holds) throw new Error(`${pathOf(page)}: ${what}`);
}

/** Waits for the page whose one main heading is, or holds, `text`. */
export async function heading(page, text) {
  const main = page.getByRole('heading', { level: 1 });
  await waitFor(main.filter({ hasText: text }).first(), `no heading "${text}"`, page);
  check(page, (await main.count()) === 1, `more than one main heading beside "${text}"`);
}

/** Waits until the page shows `text`. */
export async function says(page, text) {
  await waitFor(page.getByText(text).filter({ visible: true }).first(), `the page does not say "${text}"`, page);
  check(page, true, '');
}

/** Checks that the page at hand needs no sideways scrolling, as on a phone or at 400 % zoom. */
export async function fits(page) {
  const { content, room } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    room: Math.min(document.documentElement.clientWidth, screen.width),
  }));
  check(page, content <= room, `the page is ${content} px wide where there are ${room}`);
}

let axeSource;

/** Checks the page at hand with axe: no violation of WCAG 2.2 AA. */
export async function axe(page) {
  axeSource ??= await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  const { violations } = await withScripts(page, async () => {
    await page.evaluate(axeSource);
    return page.evaluate(
      (values) => globalThis.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }),
      WCAG_22_AA,
    );
  });
  check(page, violations.length === 0, `axe finds ${violations.map(inWords).join('')}`);
}

/**
 * Does something that needs timers, in a context without scripts as well. The page's own scripts stay unrun.
 *
 * Chromium keeps the setting for each session of its protocol, ignores one that changes nothing there, and takes it
 * back when the session ends: hence the first `true`, and a session that stays.
 */
async function withScripts(page, work) {
  if (runOf(page).script) return work();
  const session = await page.context().newCDPSession(page);
  const disable = (value) => session.send('Emulation.setScriptExecutionDisabled', { value });
  await disable(true);
  await disable(false);
  try {
    return await work();
  } finally {
    await disable(true);
  }
}

function inWords({ id, help, nodes }) {
  const places = nodes.map(({ target, html }) => `\n      ${target.join(' ')}   ${html.slice(0, 200)}`);
  return `\n    ${id}: ${help}${places.join('')}`;
}

/** Writes the whole page as e2e/out/<journey>-<name>.png. */
export async function screenshot(page, name) {
  await mkdir(OUT, { recursive: true });
  const file = `${runOf(page).name}-${name}`.replaceAll(/[^\w.-]+/g, '-');
  await page.screenshot({ path: fileURLToPath(new URL(`${file}.png`, OUT)), fullPage: true });
}

/** The names on the "Become ..." buttons of the demo's sign-in page, which must be at hand. */
export async function personas(page) {
  const labels = await page.getByRole('button', { name: /^Become / }).allInnerTexts();
  return labels.map((label) => label.trim().replace(/^Become\s+/, ''));
}

/** Signs in as one of the demo's cast, whoever was signed in before. Not counted as a click. */
export async function signInAs(page, persona) {
  await page.context().clearCookies();
  await page.goto('/sign-in');
  const become = page.getByRole('button', { name: `Become ${persona}`, exact: true });
  await waitFor(become, `the demo has no "Become ${persona}"`, page);
  await become.click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

// ------------------------------------------------------------- mouse and keys

/** Clicks a control by its name, or a locator, and counts it. */
export async function click(page, target) {
  const run = runOf(page);
  if (run.keyboardOnly) throw new Error('this journey goes by keyboard only');
  const there = typeof target === 'string' ? control(page, target) : target;
  await waitFor(there.first(), `there is no control "${target}"`, page);
  await there.first().click();
  run.clicks += 1;
}

/** How often `click` was used in this run. */
export function clicks(page) {
  return runOf(page).clicks;
}

/**
 * From here on the journey goes by keyboard: `click` is refused. Keys are counted; the characters typed into a
 * field are not.
 *
 *   const keys = keyboardOnly(page);
 *   await keys.type('Reference', 'K7-204');
 *   await keys.choose('Telephone');
 *   await keys.press('Continue');
 *   console.log(keys.count());
 */
export function keyboardOnly(page) {
  const run = runOf(page);
  run.keyboardOnly = true;

  async function key(name) {
    run.keys += 1;
    await page.keyboard.press(name);
  }

  /** Presses `name` until the focus is on one of the locator's elements. */
  async function until(locator, name, what) {
    for (let stops = 0; !(await hasFocus(locator)); stops += 1) {
      if (stops === TAB_LIMIT) throw new Error(`${pathOf(page)}: ${what} is out of reach by ${name}`);
      await key(name);
    }
  }

  /** Goes on by Tab to the control of this name. */
  async function to(name) {
    const there = control(page, name);
    await waitFor(there.first(), `there is no control "${name}"`, page);
    await until(there, 'Tab', `"${name}"`);
    check(page, await showsFocus(page), `the focus cannot be seen on "${name}"`);
  }

  return {
    to,

    /** Goes to a link or button and presses Enter. */
    async press(name) {
      await to(name);
      await key('Enter');
    },

    /** Goes to a field and types into it, in place of what it holds. */
    async type(name, text) {
      await to(name);
      await key('ControlOrMeta+A');
      await page.keyboard.type(text);
    },

    /** Chooses a radio button or turns a checkbox. Radios are one stop, with arrows between them. */
    async choose(name) {
      const choice = control(page, name);
      await waitFor(choice.first(), `there is no choice "${name}"`, page);
      const group = await choice.first().evaluate((element) => element.type === 'radio' && element.name);
      if (!group) {
        await to(name);
        await key('Space');
        return;
      }
      await until(page.locator(`input[type=radio][name=${JSON.stringify(group)}]`), 'Tab', `"${name}"`);
      await until(choice, 'ArrowDown', `"${name}"`);
      if (!(await choice.first().isChecked())) await key('Space');
      check(page, await showsFocus(page), `the focus cannot be seen on "${name}"`);
    },

    /** One key, as Playwright names it. */
    key,

    /** How many keys were pressed in this run. */
    count: () => run.keys,
  };
}

function control(page, name) {
  const named = (role) => page.getByRole(role, { name, exact: true });
  return CONTROLS.map(named).reduce((all, one) => all.or(one), page.locator('summary').filter({ hasText: name }));
}

function hasFocus(locator) {
  return locator.evaluateAll((elements) => elements.includes(document.activeElement));
}

/** Whether the browser draws the element with the focus, or its label, otherwise than without it. */
function showsFocus(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const looks = () =>
      [element, element.parentElement, ...(element.labels ?? [])].flatMap((one) =>
        ['', '::before', '::after'].map((part) => {
          const { outline, boxShadow, backgroundColor, border, textDecoration } = getComputedStyle(one, part);
          return [outline, boxShadow, backgroundColor, border, textDecoration].join();
        }),
      );
    const focused = looks().join();
    element.blur();
    const plain = looks().join();
    element.focus({ preventScroll: true });
    return focused !== plain;
  });
}

async function waitFor(locator, what, page) {
  try {
    await locator.waitFor();
  } catch (error) {
    if (error.name !== 'TimeoutError') throw error;
    throw new Error(`${pathOf(page)}: ${what}`);
  }
}
