/**
 * The size check: how much JavaScript a browser loads for the front page and for the room page, gzipped as
 * the server sends it, and what it is made of. Fails when a page is over its budget.
 */
import { execFileSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { startBuiltServer } from './built-server.mjs';
import { ensureBuild } from './current-build.mjs';
import { ROOT, TOOLS, Trouble, inProject, runMain, runTool } from './project.mjs';

/**
 * In kB of 1,000 bytes: what is reached, up to the next five. The aim is 170 for both. The front page keeps below it because
 * what makes a room, schemas and sealing included, is fetched once the page stands. The room page cannot wait for any of
 * that: beside Next and React (135) it has to seal, check and speak at once. Zod is 15 there, half of it dead weight that
 * Turbopack keeps because zod/mini reaches its helpers through a namespace; the query cache is 9, words 3, Eden 3, sealing 3.
 * The rest is the room itself, and stays in one piece: a menu or an ending that is still to be fetched is not there when the
 * line is down.
 */
const BUDGET_KB = { front: 160, room: 205 };

/** Any room id has the same page: it is made without a look at the room. */
const PAGES = [
  { title: 'front page', route: '/', url: '/', budgetKb: BUDGET_KB.front },
  { title: 'room page', route: '/room/[roomId]', url: '/room/SizeSizeSizeSizeSizeSi', budgetKb: BUDGET_KB.room },
];

/** Parts below this share of a kB are gathered in one word, to keep the list readable. */
const SMALLEST_PART_KB = 0.5;

/** The two kinds of line of `next analyze export` that are read here; it writes more. */
const PART = z.object({ type: z.literal('part'), filename: z.string(), source_path: z.string(), compressed_size: z.number() });
const GROUP = z.object({ type: z.literal('group'), kind: z.string(), outputs: z.array(z.string()) });
const LINE = z.union([PART, GROUP, z.object({ type: z.string() }).transform(() => undefined)]);

await runMain(async () => {
  await ensureBuild({ quiet: true });
  await analyze();
  const server = await startBuiltServer();
  let fits = true;
  try {
    for (const page of PAGES) {
      const totalKb = await measure(server.url + page.url);
      const { parts, laterKb } = partsOf(page.route, totalKb);
      const later = laterKb > 0 ? `, and ${laterKb.toFixed(1)} kB more on demand` : '';
      const verdict = totalKb > page.budgetKb ? ': OVER BUDGET' : '';
      console.log(`${page.title.padEnd(10)}  ${totalKb.toFixed(1)} kB of JavaScript gzipped, of ${page.budgetKb} allowed${later}${verdict}`);
      console.log(`            ${parts.map(([name, kb]) => `${name} ${kb.toFixed(1)}`).join(' · ')}`);
      fits &&= totalKb <= page.budgetKb;
    }
  } finally {
    await server.stop();
  }
  return fits ? 0 : 1;
});

/**
 * Adds up every script that the page's HTML names, in its tags and in the data that hydration reads, but for
 * the polyfills, which `noModule` keeps from every browser of the last years.
 * @param {string} url @returns {Promise<number>} kB
 */
async function measure(url) {
  const html = await (await fetch(url)).text();
  const legacy = [...html.matchAll(/<script\b[^>]*\bnoModule\b[^>]*>/gi)].flatMap(([tag]) => chunksIn(tag));
  const chunks = new Set(chunksIn(html).filter((chunk) => !legacy.includes(chunk)));
  if (chunks.size === 0) throw new Trouble(`${url} names no scripts: the size check does not understand it.`);
  let bytes = 0;
  for (const chunk of chunks) bytes += gzipSync(await readFile(inProject('.next', 'static', chunk))).length;
  return bytes / 1000;
}

/** @param {string} text @returns {string[]} paths below `.next/static` */
function chunksIn(text) {
  return [...text.matchAll(/static\/(chunks\/[\w./~-]+?\.js)\b/g)].map(([, chunk]) => String(chunk));
}

/** Next's own analysis of the bundles: which source file gives how many bytes to which route. */
async function analyze() {
  await rm(inProject('.next', 'diagnostics', 'analyze'), { recursive: true, force: true });
  if ((await runTool('next', ['analyze', '--output'], { env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }, output: 'held' })) !== 0) {
    throw new Trouble('The bundles could not be analysed.');
  }
}

/**
 * The analysis compresses every file by itself, so that its sizes add up to more than the page: they are
 * used as shares of what was measured.
 * @param {string} route @param {number} totalKb
 * @returns {{ parts: [name: string, kb: number][], laterKb: number }} largest first; `laterKb` is what the page loads only when it needs it
 */
function partsOf(route, totalKb) {
  const lines = execFileSync(process.execPath, [TOOLS.next(), 'analyze', 'export', '--route', route], {
    cwd: ROOT, encoding: 'utf8', maxBuffer: 512 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'],
  });
  const records = lines.split('\n').filter(Boolean).flatMap((line) => LINE.parse(JSON.parse(line)) ?? []);
  const groups = records.filter((record) => record.type === 'group');
  const atOnce = new Set(groups.filter(({ kind }) => kind !== 'async').flatMap(({ outputs }) => outputs));
  const later = new Set(groups.filter(({ kind }) => kind === 'async').flatMap(({ outputs }) => outputs).filter((output) => !atOnce.has(output)));

  /** @type {Map<string, number>} */
  const byOwner = new Map();
  let sum = 0;
  let laterBytes = 0;
  for (const { filename, source_path: source, compressed_size: bytes } of records.filter((record) => record.type === 'part')) {
    if (!filename.startsWith('[client-fs]') || !filename.endsWith('.js')) continue;
    if (later.has(filename)) laterBytes += bytes;
    if (!atOnce.has(filename)) continue;
    const owner = ownerOf(source);
    byOwner.set(owner, (byOwner.get(owner) ?? 0) + bytes);
    sum += bytes;
  }
  if (sum === 0) throw new Trouble(`The analysis knows no scripts of ${route}: the size check does not understand it.`);
  const all = [...byOwner].map(([name, bytes]) => /** @type {[string, number]} */ ([name, (bytes / sum) * totalKb])).sort((a, b) => b[1] - a[1]);
  const large = all.filter(([, kb]) => kb >= SMALLEST_PART_KB);
  const rest = all.slice(large.length).reduce((kb, [, part]) => kb + part, 0);
  return { parts: rest > 0 ? [...large, ['the rest', rest]] : large, laterKb: laterBytes / 1000 };
}

/** @param {string} source as in `[project]/node_modules/next/dist/…` @returns {string} a package, or a folder of src */
function ownerOf(source) {
  const bundled = /\/next\/dist\/compiled\/(react(?:-dom)?|scheduler)\//.exec(source)?.[1];
  if (bundled) return bundled;
  const packages = source.split('/node_modules/');
  const [scopeOrName = '', name = ''] = packages.length > 1 ? (packages.at(-1) ?? '').split('/') : [];
  if (scopeOrName) return scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
  const folder = /^\[project\]\/(src\/[^/]+)\//.exec(source)?.[1];
  return folder ?? 'the bundler';
}
