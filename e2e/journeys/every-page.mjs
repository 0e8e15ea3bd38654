// Each of the cast follows every link from the first page on. No page may break, no link may lead to a refusal, and
// every kind of page fits, and passes axe, at both widths.
//
// Pages of one kind, such as those of two cases, differ by the ids in their path. Pages are read without being drawn;
// only the first that is built of the same parts as no other of its kind is opened in the browser.

import { axe, check, fits, heading, personas, signInAs } from '../lib.mjs';

/** How far from the first page a person goes, and how many pages each reads. */
const DEPTH = 3;
const PAGES = 60;

/** How many pages of one kind a person reads: the rows of a list lead to the same kind of page. */
const OF_ONE_KIND = 3;

/** An id, a token or a reference as a segment of a path. */
const ID = /^(?=.*\d)[0-9a-zA-Z-]{8,}$/;

/** Downloads, by kind and person: the same at every width, and a print takes its time. */
const downloaded = new Set();

export default async function ({ page, width }) {
  const drawn = new Set();
  const kinds = new Set();
  const wrongs = [];
  let read = 0;

  await page.goto('/sign-in');
  const cast = await personas(page);
  check(page, cast.length > 0, 'the demo offers nobody to become');

  for (const person of cast) {
    await signInAs(page, person);
    const ofKind = new Map();
    const known = new Set();
    const queue = [];
    const found = (path, depth, from) => {
      if (known.has(path) || depth > DEPTH) return;
      const kind = kindOf(path);
      const sofar = ofKind.get(kind) ?? 0;
      if (sofar === OF_ONE_KIND) return;
      ofKind.set(kind, sofar + 1);
      known.add(path);
      queue.push({ path, kind, depth, from });
    };
    found(pathOf(page.url()), 0, 'signing in');

    for (let done = 0; queue.length > 0 && done < PAGES; done += 1) {
      const { path, kind, depth, from } = queue.shift();
      const said = (what) => wrongs.push(`${person}, ${kind} (from ${from}): ${what}`);
      if (isDownload(path)) {
        if (downloaded.has(`${person} ${kind}`)) continue;
        downloaded.add(`${person} ${kind}`);
      }
      const answer = await page.context().request.get(path);
      read += 1;
      if (answer.status() >= 400) {
        said(`answered ${answer.status()}`);
        continue;
      }
      if (!answer.headers()['content-type']?.startsWith('text/html')) continue;
      const html = await answer.text();
      kinds.add(kind);
      for (const link of linksIn(html, answer.url())) found(link, depth + 1, kind);

      const parts = `${kind} ${partsOf(html)}`;
      if (drawn.has(parts)) continue;
      drawn.add(parts);
      await page.goto(path);
      for (const rule of [() => heading(page, /\S/), () => fits(page), () => axe(page)]) {
        await rule().catch((error) => said(error.message.replace(/^\S+: /, '')));
      }
    }
  }

  console.log(`  ${width} px: ${cast.length} people, ${read} pages read, ${kinds.size} kinds, ${drawn.size} drawn`);
  check(page, wrongs.length === 0, `${wrongs.length} wrongs:\n  ${[...new Set(wrongs)].join('\n  ')}`);
}

function pathOf(address) {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

/** The path with ids, and the values of its query, left out. */
function kindOf(path) {
  const { pathname, searchParams } = new URL(path, 'http://demo');
  const names = [...searchParams.keys()].sort();
  const collapsed = pathname.split('/').map((segment) => (ID.test(segment) ? '*' : segment)).join('/');
  return names.length > 0 ? `${collapsed}?${names.join('&')}` : collapsed;
}

function isDownload(path) {
  return /\.(pdf|csv)(\?|$)|\/export|\/printing\//.test(path);
}

/** The addresses on the same origin that the page's main part, menu and breadcrumbs lead to. */
function linksIn(html, base) {
  const { origin } = new URL(base);
  return Array.from(html.matchAll(/<a\b[^>]*?\bhref="([^"#][^"]*)"/g), ([, href]) => href.replaceAll('&amp;', '&'))
    .map((href) => new URL(href, base))
    .filter((url) => url.origin === origin)
    .map((url) => url.pathname + url.search);
}

/** What the main part of a page is built of: the components of the design system and of Cusp, each once. */
function partsOf(html) {
  const classes = Array.from(html.slice(html.indexOf('<main')).matchAll(/\bclass="([^"]*)"/g), ([, names]) => names);
  const components = classes.flatMap((names) => names.split(/\s+/)).map((name) => name.split(/__|--/)[0]);
  const parts = components.filter((name) => !/^govuk-(body|heading|link|grid|list|!)/.test(name));
  return [...new Set(parts)].sort().join();
}
