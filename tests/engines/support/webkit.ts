import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Builder, By, Capabilities, type WebDriver, type WebElement } from 'selenium-webdriver';
import { freePort } from '../../../scripts/built-server.mjs';
import { findWebKit, findXvfb } from '../../../scripts/needs.mjs';
import { SCREEN, type Browser, type Engine, type Role, type Tab, type Target } from './driver';
import { createProfile } from './profile';
import { startVirtualDisplay } from './virtual-display';

const START_MS = 60_000;
const POLL_MS = 50;
/** A machine that is busy with three browsers answers late. */
const TIMEOUTS = { pageLoad: 120_000, script: 60_000 };

/** Where elements of a role are. WebDriver has no search by role, but it knows the name of an element that was found. */
const SELECTORS: Record<Role, string> = {
  banner: 'header',
  button: 'button',
  complementary: 'aside',
  heading: 'h1, h2, h3',
  log: '[role=log]',
  // WebKit’s driver has no name for a field that is hidden, as the one behind the button for files is.
  textbox: 'textarea, input:not([hidden])',
};

/** The engine of Safari, as GTK has it. A session of its driver is always ephemeral, as a private window is. */
export const webkitEngine: Engine = {
  name: 'WebKit',
  userAgent: /AppleWebKit\/(?!.*Chrome\/)/,
  hasOrdinaryWindows: false,
  isInstalled: () => findWebKit() !== undefined && findXvfb() !== undefined,
  start,
};

async function start(): Promise<Browser> {
  const programs = findWebKit();
  if (programs === undefined) throw new Error('WebKitGTK is not installed.');
  const profile = await createProfile();
  const display = await startVirtualDisplay();
  const service = await startService(programs.driver, {
    DISPLAY: display.name,
    GDK_BACKEND: 'x11',
    XDG_CACHE_HOME: profile.folder,
    XDG_CONFIG_HOME: profile.folder,
    XDG_DATA_HOME: profile.folder,
  });
  const stop = async () => {
    await service.stop();
    await display.stop();
    await profile.remove();
  };
  try {
    const session = await new Builder()
      .disableEnvironmentOverrides()
      .usingServer(service.url)
      .withCapabilities(
        new Capabilities({
          browserName: 'MiniBrowser',
          timeouts: TIMEOUTS,
          'webkitgtk:browserOptions': { binary: programs.browser, args: ['--automation'] },
        }),
      )
      .build();
    await session.manage().window().setRect(SCREEN);
    const capabilities = await session.getCapabilities();
    const inTurn = createQueue();
    return {
      version: `WebKitGTK ${String(capabilities.getBrowserVersion())}`,
      newTab: () => inTurn(() => openTab(session, inTurn)),
      closeTabs: () => inTurn(() => closeTabs(session)),
      stop: async () => {
        await session.quit();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw new Error(`WebKit did not start:\n${service.log()}`, { cause: error });
  }
}

type Queue = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A session drives one tab at a time, so nothing may come between the choice of a tab and the work in it. */
function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function openTab(session: WebDriver, inTurn: Queue): Promise<Tab> {
  await session.switchTo().newWindow('tab');
  const handle = await session.getWindowHandle();
  const here: Queue = (work) =>
    inTurn(async () => {
      await session.switchTo().window(handle);
      return work();
    });
  const onElement = (target: Target, act: (element: WebElement) => Promise<void>) =>
    here(async () => {
      const element = await find(session, target);
      if (element === undefined) throw new Error(`There is no ${target.role} "${target.name}".`);
      await act(element);
    });
  return {
    open: (url) => here(() => session.get(url)),
    reload: () => here(() => session.navigate().refresh()),
    url: () => here(() => session.getCurrentUrl()),
    read: (target) =>
      here(async () => {
        const element = await find(session, target);
        // WebDriver's own text leaves out what only screen readers read.
        return element && session.executeScript<string>('return arguments[0].innerText', element);
      }),
    click: (target) => onElement(target, (element) => element.click()),
    fill: (target, text) =>
      onElement(target, async (element) => {
        await session.executeScript('arguments[0].select()', element);
        await element.sendKeys(text);
      }),
    evaluate: (work, argument) =>
      here(() => session.executeScript(`return (${work.toString()})(arguments[0])`, argument)),
    newTab: () => inTurn(() => openTab(session, inTurn)),
    close: () => here(() => session.close()),
  };
}

/** The window that the session began with stays open and chosen, because the session ends with its last window. */
async function closeTabs(session: WebDriver): Promise<void> {
  const [first, ...tabs] = await session.getAllWindowHandles();
  for (const tab of tabs) {
    await session.switchTo().window(tab);
    await session.close();
  }
  if (first !== undefined) await session.switchTo().window(first);
}

async function find(session: WebDriver, { role, name }: Target): Promise<WebElement | undefined> {
  for (const element of await session.findElements(By.css(SELECTORS[role]))) {
    if ((await element.getAccessibleName()) === name) return element;
  }
  return undefined;
}

interface Service {
  readonly url: string;
  log(): string;
  stop(): Promise<void>;
}

/** Starts WebKit's driver on a free port of 127.0.0.1. */
async function startService(program: string, env: Record<string, string>): Promise<Service> {
  const port = await freePort();
  const service = spawn(program, [`--port=${port}`, '--host=127.0.0.1'], {
    // Containers have no user namespaces to build the sandbox from, and only our own pages are visited.
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // It starts the browser, and a group of their own lets us end both.
    detached: true,
  });
  let output = '';
  for (const stream of [service.stdout, service.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += String(text)));
  const closed = once(service, 'close');
  const end = () => {
    if (service.pid !== undefined && service.exitCode === null && service.signalCode === null)
      process.kill(-service.pid, 'SIGKILL');
  };
  process.once('exit', end);
  const stop = async () => {
    process.off('exit', end);
    end();
    await closed;
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  for (;;) {
    const isReady = await fetch(`${url}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return { url, log: () => output, stop };
    if (Date.now() > deadline || service.exitCode !== null) {
      await stop();
      throw new Error(`${program} did not start:\n${output}`);
    }
    await pause(POLL_MS);
  }
}
