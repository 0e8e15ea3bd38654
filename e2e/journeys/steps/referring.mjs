// What several journeys begin with: a family of their own, so that each stands alone and may run twice.

import { axe, fits, heading, signInAs } from '../../lib.mjs';

/** Names that no other run uses, with nothing in them that the demo's stories use. */
export function family() {
  const mark = Array.from(String(Date.now()).slice(-7), (digit) => 'bdfgklmnrt'[digit]).join('');
  const surname = `Quill${mark}`;
  return { surname, survivor: `Maud ${surname}`, client: `Garth ${surname}`, child: `Wren ${surname}` };
}

/** A page is reached: its heading, its room, its access. */
export async function arrive(page, text) {
  await heading(page, text);
  await fits(page);
  await axe(page);
}

/** Clicks a link or button on the way to where a journey begins: it does not count. */
export function go(page, name) {
  const named = (role) => page.getByRole(role, { name, exact: true });
  return named('link').or(named('button')).first().click();
}

/** Sends a referral with little but names, as a social worker. Returns its address for its sender. */
export async function referred(page, { survivor, client }) {
  await signInAs(page, 'Ines Calloway');
  await go(page, 'Referrals');
  await go(page, 'New referral');
  await heading(page, 'Draft referral');
  await go(page, 'The survivor');
  await page.getByRole('textbox', { name: 'Survivor’s name' }).fill(survivor);
  await go(page, 'Save and continue');
  await page.getByRole('textbox', { name: 'Client’s name' }).fill(client);
  await go(page, 'Save and come back later');
  await go(page, 'Check answers and send');
  await go(page, 'Send the referral');
  await heading(page, /\S/);
  return new URL(page.url()).pathname;
}
