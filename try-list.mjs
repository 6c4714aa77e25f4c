import { chromium } from '@playwright/test';
import { startBuiltServer } from './scripts/built-server.mjs';
const server = await startBuiltServer({ settings: { RATE_LIMITS: 'off' } });
const ask = async (token, method, path, body) => { const r = await fetch(server.url + path, { method, headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }, ...(body && { body: JSON.stringify(body) }) }); if (r.status >= 400) throw new Error(`${r.status} ${await r.text()}`); return r.status === 204 ? null : r.json(); };
async function room(count) {
  const o = await ask(null, 'POST', '/api/room', { credentials: 'bearer', maxMembers: 2, lifetimeSeconds: 3600 });
  const g = await ask(null, 'POST', `/api/room/join?roomId=${o.roomId}`, { credentials: 'bearer' });
  const ownerMax = Math.floor(count * 0.87);
  for (let i = 0; i < count; i += 20) await Promise.all(Array.from({ length: Math.min(20, count - i) }, (_, j) => { const n = i + j; const t = n < ownerMax ? o : g; const prev = n - 40; return ask(t.token, 'POST', `/api/messages?roomId=${o.roomId}`, n % 10 === 7 && prev > 0 && prev < ownerMax && prev % 10 === 7 - 0 ? { id: `msg-${n}-${(n*7919)%99991}x`, sender: 'Ann', text: `message number ${n}` } : { id: `msg-${n}-${(n*7919)%99991}x`, sender: 'Ann', text: `message number ${n} ${'word '.repeat(n % 12)}` }); }));
  await ask(g.token, 'POST', `/api/room/leave?roomId=${o.roomId}`);
  return o;
}
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-quic','--disable-background-networking','--disable-component-update','--disable-sync'] });
const N = process.argv.slice(2).map(Number);
for (const n of N) {
  const o = await room(n);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (e) => console.log('pageerror', e.message)); page.on('console', (m) => { if (m.type() === 'error') console.log('console', m.text()); });
  await page.goto(`${server.url}/room/${o.roomId}`);
  await page.getByRole('button', { name: 'Join' }).click();
  const t0 = Date.now();
  await page.getByText(`message number ${n - 1}`).first().waitFor();
  const log = page.getByRole('log');
  const stats = () => page.evaluate(() => ({ nodes: document.querySelectorAll('*').length, top: document.querySelector('[role=log]').scrollTop, height: document.querySelector('[role=log]').scrollHeight }));
  console.log(n, 'open', Date.now() - t0, await stats());
  // arrival time: post → seen, 5 times
  const times = [];
  for (let k = 0; k < 8; k++) { const s = Date.now(); await ask(o.token, 'POST', `/api/messages?roomId=${o.roomId}`, { sender: 'Ann', text: `arrival ${k}` }); await page.getByRole('log').getByText(`arrival ${k}`, { exact: true }).waitFor(); times.push(Date.now() - s); }
  console.log('arrivals', times.join(' '));
  // scroll up to the beginning
  const s1 = Date.now(); let rounds = 0;
  while (rounds < 400) { rounds++; await log.evaluate((e) => { e.scrollTop = 0; }); await page.waitForTimeout(60); const done = await page.evaluate(() => document.querySelector('[role=log]').textContent.includes('message number 0 ') || [...document.querySelectorAll('[role=log] p')].some((p) => p.textContent.trim() === 'message number 0')); if (done) break; }
  console.log('to start', rounds, Date.now() - s1, await stats());
  await page.screenshot({ path: `/tmp/list-${n}-start.png` });
  const arr2 = []; 
  await page.evaluate(() => { const e = document.querySelector('[role=log]'); e.scrollTop = e.scrollHeight; });
  await page.waitForTimeout(500);
  console.log('end again', await stats());
  for (let k = 0; k < 8; k++) { const s = Date.now(); await ask(o.token, 'POST', `/api/messages?roomId=${o.roomId}`, { sender: 'Ann', text: `later ${k}` }); await page.getByRole('log').getByText(`later ${k}`, { exact: true }).waitFor(); arr2.push(Date.now() - s); }
  console.log('arrivals, all loaded', arr2.join(' '));
  const box = page.getByRole('textbox', { name: 'Message' }); await box.click();
  const keys = await page.evaluate(async () => { return 0; });
  const ks = []; for (let k = 0; k < 20; k++) { const s = performance.now(); await page.keyboard.press('a'); ks.push(Math.round(performance.now() - s)); }
  console.log('keys', ks.join(' '));
  await page.screenshot({ path: `/tmp/list-${n}-end.png` });
  await page.close();
}
await browser.close(); await server.stop();
