/**
 * Back closes an open sheet before it leaves the page. Browsers do that by themselves only on Android, so while a sheet is open, the
 * tab's history has an entry of its own for it, with the same address. That address may carry a room's key: whatever replaces or
 * drops the key has to reach the entries above and below the page's own, too, and they change only when they are visited.
 */

/** Where the entry that is shown stands: it is the sheet's, or the page's own with a sheet's entry above it, visited or not. */
type Place = 'above' | 'below';

/** The newest sheet last. */
const sheets: { close: () => void }[] = [];
/** A step back or forward that was asked for and has not happened yet. */
let stepping = false;
/** The other entry has an address that was replaced. */
let isOtherStale = false;
/** Where the entry stands that was shown last. */
let last: Place | undefined;
/** The address that both entries should have. */
let address = '';
/** An address that was corrected; the browser will still report that it was reached. */
let corrected = '';
let listening = false;

/** To be called once a page is there: it may have been loaded again while a sheet was open, which is not open any more. */
export function followEntries(): void {
  listen();
  settleSoon();
}

/** A sheet has opened. Returns a function to call when it is closed, which removes its entry again. */
export function openSheet(close: () => void): () => void {
  listen();
  const sheet = { close };
  sheets.push(sheet);
  settleSoon();
  return () => {
    const at = sheets.indexOf(sheet);
    if (at >= 0) sheets.splice(at, 1);
    settleSoon();
  };
}

/** Replaces the page's address, in the entries of sheets, too. */
export function replaceAddress(url: string): void {
  listen();
  window.history.replaceState(stateAt(placeNow()), '', url);
  address = window.location.href;
  if (placeNow() === undefined) return;
  isOtherStale = true;
  settleSoon();
}

const stateAt = (place: Place | undefined) => (place === undefined ? null : { sheet: place });

function placeNow(): Place | undefined {
  const state: unknown = window.history.state;
  if (typeof state !== 'object' || state === null || !('sheet' in state)) return undefined;
  return state.sheet === 'above' || state.sheet === 'below' ? state.sheet : undefined;
}

/** A sheet that closes while another one opens needs no new entry: both have happened when this runs. */
function settleSoon(): void {
  queueMicrotask(settle);
}

/** Brings the entries into the state that the open sheets need, one step at a time. */
function settle(): void {
  if (stepping) return;
  const isAbove = placeNow() === 'above';
  if (isAbove && (sheets.length === 0 || isOtherStale)) stepBack();
  else if (!isAbove && sheets.length > 0) pushEntry();
  else if (!isAbove && isOtherStale) {
    // A new entry takes the place of the one that can still be reached by Forward and has the old address.
    pushEntry();
    stepBack();
  }
}

function pushEntry(): void {
  window.history.replaceState(stateAt('below'), '');
  window.history.pushState(stateAt('above'), '');
  last = 'above';
  address = window.location.href;
  isOtherStale = false;
}

function stepBack(): void {
  stepping = true;
  window.history.back();
}

function listen(): void {
  if (listening) return;
  listening = true;
  last = placeNow();
  address = window.location.href;
  // Captured, and kept from the router: for it, nothing has happened.
  window.addEventListener('popstate', moved, { capture: true });
  window.addEventListener('hashchange', ignoreCorrected, { capture: true });
}

function moved(event: PopStateEvent): void {
  const from = last;
  last = placeNow();
  const wasAsked = stepping;
  stepping = false;
  // Somebody went to or came from an entry of another link.
  if (last === undefined || (last === 'below' && from !== 'above')) return;
  event.stopImmediatePropagation();
  if (last === 'below') {
    if (window.location.href !== address) {
      corrected = window.location.href;
      window.history.replaceState(stateAt('below'), '', address);
    }
    isOtherStale = false;
    if (!wasAsked) sheets.pop()?.close();
  }
  settleSoon();
}

/** The page would take the event for a new link that somebody has put into the address bar. */
function ignoreCorrected(event: HashChangeEvent): void {
  if (event.newURL !== corrected || window.location.href === corrected) return;
  corrected = '';
  event.stopImmediatePropagation();
}
