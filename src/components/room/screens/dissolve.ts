/** From the end of a room to the moment at which nothing of it is in the document any more. */
const DISSOLVE_MS = 700;
/** The frame around the messages goes first. */
const FRAME_FADE_MS = 220;
/** Each message’s own time; the rest of it is the wait of the last one. */
const LIFT_MS = 460;
const LIFT_PIXELS = 20;
const BLUR_PIXELS = 4;
/** What draws a file that was loaded. */
const MEDIA = '[role="log"] :is(img, audio, video)';
/** The line that follows shows through from here. */
const REVEAL_FROM = 0.55;

/**
 * Lets what is on the screen lift and dissolve: a picture of it, made of inert copies, over whatever the page shows by then. The room
 * itself is over already, so nothing has to wait for the motion, and when nobody looks there is none.
 */
export function dissolve(screen: HTMLElement): void {
  if (document.visibilityState !== 'visible' || !('animate' in screen)) return;
  const picture = pictureOf(screen);
  const stop = new AbortController();
  const remove = () => {
    stop.abort();
    clearTimeout(timer);
    for (const animation of picture.getAnimations({ subtree: true })) animation.cancel();
    picture.remove();
  };
  // Not by the end of the animations: those of a page that is not seen stand still.
  const timer = setTimeout(remove, DISSOLVE_MS);
  for (const [target, leaves] of [
    [document, 'visibilitychange'],
    [window, 'pagehide'],
  ] as const) {
    target.addEventListener(leaves, remove, { signal: stop.signal });
  }
  animate(picture);
}

/** The screen as it is, in front of the page and of no use: it cannot be pressed, focused, selected or read out. */
function pictureOf(screen: HTMLElement): HTMLElement {
  const { height } = screen.getBoundingClientRect();
  const log = screen.querySelector('[role="log"]');
  // In a document that loads nothing: the addresses of files lead nowhere any more.
  const copy = document.implementation.createHTMLDocument('').importNode(screen, true);
  // Dialogs stand above the page, and closed ones have nothing to show.
  for (const aside of copy.querySelectorAll('dialog, [popover]')) aside.remove();
  stillMedia(screen, copy);
  copy.style.height = `${height}px`;
  const picture = document.createElement('div');
  picture.inert = true;
  picture.setAttribute('aria-hidden', 'true');
  picture.className = 'dissolving fixed inset-0 z-50 overflow-clip bg-canvas select-none';
  picture.append(copy);
  document.body.append(picture);
  const copiedLog = copy.querySelector('[role="log"]');
  if (log !== null && copiedLog !== null) copiedLog.scrollTop = log.scrollTop;
  return picture;
}

/** In the place of each file an empty box of its size: what was loaded is gone with the room. */
function stillMedia(screen: HTMLElement, copy: HTMLElement): void {
  const boxes = Array.from(screen.querySelectorAll(MEDIA), (media) => media.getBoundingClientRect());
  for (const [index, media] of copy.querySelectorAll<HTMLElement>(MEDIA).entries()) {
    const { width = 0, height = 0 } = boxes[index] ?? {};
    const box = document.createElement('div');
    box.className = media.className;
    box.style.width = `${width}px`;
    box.style.height = `${height}px`;
    media.replaceWith(box);
  }
}

/** By script and not by style sheet: the setting for less motion shortens those of style sheets, and a fade is to last. */
function animate(picture: HTMLElement): void {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  picture.animate(
    isStill ? { opacity: [1, 0] } : [{ opacity: 1 }, { opacity: 1, offset: REVEAL_FROM }, { opacity: 0 }],
    { duration: DISSOLVE_MS, easing: isStill ? 'linear' : 'ease-in', fill: 'forwards' },
  );
  if (isStill) return;
  for (const frame of picture.querySelectorAll('header, aside, form')) {
    frame.animate({ opacity: [1, 0] }, { duration: FRAME_FADE_MS, easing: 'ease-out', fill: 'forwards' });
  }
  const messages = messagesInSight(picture);
  for (const [index, message] of messages.entries()) {
    message.animate(
      {
        opacity: [1, 0],
        translate: ['0 0', `0 ${-LIFT_PIXELS}px`],
        filter: ['blur(0)', `blur(${BLUR_PIXELS}px)`],
      },
      {
        duration: LIFT_MS,
        // The oldest goes first.
        delay: ((DISSOLVE_MS - LIFT_MS) * index) / Math.max(1, messages.length - 1),
        easing: 'cubic-bezier(0.4, 0, 0.6, 1)',
        fill: 'forwards',
      },
    );
  }
}

/** From the oldest to the newest: names, messages and notices, each of which goes by itself. */
function messagesInSight(picture: HTMLElement): Element[] {
  const content = picture.querySelector('[role="log"]')?.getBoundingClientRect();
  if (content === undefined) return [];
  return Array.from(picture.querySelectorAll('[role="log"] ol > li'))
    .flatMap((entry) => (entry.querySelector('[data-key]') === null ? [entry] : Array.from(entry.children)))
    .filter((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return bottom > content.top && top < content.bottom;
    });
}
