// One task told once and done twice: by keyboard only, and by mouse.

import { check, click, clicks, keyboardOnly } from '../../lib.mjs';

/**
 * The same few motions by keyboard or by mouse. `pressIn` and `typeIn` look in one part of the page, a row or a group.
 *
 * `choose` takes the question of a group of radios, because "Yes" is an answer to many. Clicks count links, buttons
 * and choices, not the fields that are typed into; keys count all but the characters typed.
 */
export function hands(page, byKeyboard) {
  return byKeyboard ? keyboard(page) : mouse(page);
}

function keyboard(page) {
  const keys = keyboardOnly(page);
  return {
    /** Past the menu to the main part, as whoever goes by keyboard begins a page. */
    async skip() {
      await keys.press('Skip to main content');
    },
    press: keys.press,
    type: keys.type,
    turn: keys.choose,
    async choose(question, answer) {
      const wanted = radio(page, question, answer);
      const name = await wanted.getAttribute('name');
      const group = page.locator(`input[type=radio][name=${JSON.stringify(name)}]`);
      await press(keys, group, 'Tab', question);
      await press(keys, wanted, 'ArrowDown', answer);
      if (!(await wanted.isChecked())) await keys.key('Space');
      check(page, await wanted.isChecked(), `"${answer}" to "${question}" is not chosen`);
    },
    async pressIn(place, name) {
      await press(keys, place.getByRole('link', { name }).or(place.getByRole('button', { name })), 'Tab', name);
      await keys.key('Enter');
    },
    async typeIn(place, name, text) {
      await press(keys, place.getByRole('textbox', { name, exact: true }), 'Tab', name);
      await keys.key('ControlOrMeta+A');
      await page.keyboard.type(text);
    },
    /** Chooses from a list by typing the beginning of what it shows. */
    async pick(name, text) {
      await keys.to(name);
      await page.keyboard.type(text);
      const list = page.getByRole('combobox', { name, exact: true });
      const shown = await list.evaluate((element) => element.selectedOptions[0]?.text);
      check(page, shown?.startsWith(text), `"${text}" is not chosen in "${name}"`);
    },
    done: () => `${keys.count()} keys`,
    count: keys.count,
    unit: 'keys',
  };
}

async function press(keys, locator, key, what) {
  const there = () => locator.evaluateAll((elements) => elements.includes(document.activeElement));
  for (let stops = 0; !(await there()); stops += 1) {
    if (stops === 100) throw new Error(`"${what}" is out of reach by ${key}`);
    await keys.key(key);
  }
}

function mouse(page) {
  const field = (name) => page.getByRole('textbox', { name, exact: true });
  return {
    async skip() {},
    press: (name) => click(page, name),
    type: (name, text) => field(name).fill(text),
    turn: (name) => click(page, name),
    pressIn: (place, name) => click(page, place.getByRole('link', { name }).or(place.getByRole('button', { name }))),
    typeIn: (place, name, text) => place.getByRole('textbox', { name, exact: true }).fill(text),
    choose: (question, answer) => click(page, radio(page, question, answer)),
    async pick(name, text) {
      const list = page.getByRole('combobox', { name, exact: true });
      const option = await list.locator('option', { hasText: text }).first().getAttribute('value');
      await list.selectOption(option);
    },
    done: () => `${clicks(page)} clicks`,
    count: () => clicks(page),
    unit: 'clicks',
  };
}

function radio(page, question, answer) {
  return page.getByRole('group', { name: question }).getByRole('radio', { name: answer, exact: true });
}
