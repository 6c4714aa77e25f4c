import { randomBytes } from 'node:crypto';
import { expect, type CDPSession, type Locator } from '@playwright/test';
import { Screen } from './screen';

export interface SentFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Bytes that no two calls share, so that nothing on the way can take one file for another. */
export function fileOf(name: string, bytes: number, mimeType = 'application/octet-stream'): SentFile {
  return { name, mimeType, buffer: randomBytes(bytes) };
}

/** The ways in which a person sends files, and their own files on their way. */
export class SendingFiles extends Screen {
  /** One for all conditions: those of another session would go on beside them. */
  private line: CDPSession | null = null;
  readonly attach = this.page.getByRole('button', { name: 'Attach files' });
  readonly sheet = this.page.getByRole('dialog', { name: /^Send (?:files|this file\?|these \d+ files\?)$/ });
  /** On touch, where the sheet comes before the files. */
  readonly pick = this.sheet.getByRole('button', { name: 'Choose files' });
  readonly rows = this.sheet.getByRole('listitem');
  readonly caption = this.sheet.getByRole('textbox', { name: 'Add a caption' });
  readonly send = this.sheet.getByRole('button', { name: /^Send/ });
  readonly list = this.page.getByRole('list', { name: 'Files on their way' });
  readonly progress = this.list.getByRole('progressbar');
  readonly voice = this.page.getByRole('button', { name: 'Record a voice message' });

  row(name: string): Locator {
    return this.rows.filter({ hasText: name });
  }

  upload(name: string): Locator {
    return this.list.getByRole('listitem').filter({ hasText: name });
  }

  /** By a button that opens the browser's own choice of files. */
  async choose(button: Locator, files: readonly SentFile[]): Promise<void> {
    const opened = this.page.waitForEvent('filechooser');
    await button.click();
    await (await opened).setFiles([...files]);
  }

  /** Files that the system’s own programs bring to the page, by the event that they arrive with. */
  async bring(by: 'dragover' | 'drop' | 'paste', files: readonly SentFile[]): Promise<void> {
    const brought = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
    await this.page.evaluate(
      ({ by: kind, brought: all }) => {
        const transfer = new DataTransfer();
        for (const { name, mimeType, base64 } of all) {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          transfer.items.add(new File([bytes], name, { type: mimeType }));
        }
        const options = { bubbles: true, cancelable: true };
        const event =
          kind === 'paste'
            ? new ClipboardEvent(kind, { ...options, clipboardData: transfer })
            : new DragEvent(kind, { ...options, dataTransfer: transfer });
        (kind === 'paste' ? document.activeElement : document.querySelector('[role="log"]'))?.dispatchEvent(event);
      },
      { by, brought },
    );
  }

  /** From now on lists the pieces that the server has taken, by their indexes. */
  followPieces(): number[] {
    const taken: number[] = [];
    this.page.on('response', (response) => {
      if (response.request().method() === 'PUT' && response.ok())
        taken.push(Number(new URL(response.url()).searchParams.get('index')));
    });
    return taken;
  }

  /** How many lists of files on their way this browser keeps. */
  countKept(): Promise<number> {
    return this.page.evaluate(
      () =>
        [localStorage, sessionStorage]
          .flatMap((storage) => Object.keys(storage))
          .filter((key) => /^mayfly:files:/.test(key)).length,
    );
  }

  /** From now on knows the types that recorders were asked for, and how many microphones are open. */
  async followRecorder(): Promise<() => Promise<{ open: number; types: string[] }>> {
    await this.page.evaluate(() => {
      const state = { streams: [] as MediaStream[], types: [] as string[] };
      Object.assign(window, { recorded: state });
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted);
        state.streams.push(stream);
        return stream;
      };
      window.MediaRecorder = class extends MediaRecorder {
        constructor(stream: MediaStream, options?: MediaRecorderOptions) {
          super(stream, options);
          state.types.push(options?.mimeType ?? '');
        }
      };
    });
    return () =>
      this.page.evaluate(() => {
        const { streams, types } = (window as unknown as { recorded: { streams: MediaStream[]; types: string[] } })
          .recorded;
        const tracks = streams.flatMap((stream) => stream.getTracks());
        return { open: tracks.filter(({ readyState }) => readyState === 'live').length, types };
      });
  }

  /** From now on lists the keys that the page seals with, in base64. */
  async followFileKeys(): Promise<() => Promise<string[]>> {
    await this.page.evaluate(() => {
      const subtle = crypto.subtle;
      const take = subtle.importKey.bind(subtle) as (...parts: readonly unknown[]) => Promise<CryptoKey>;
      Object.assign(window, { keysTaken: [] });
      subtle.importKey = (...parts: readonly unknown[]) => {
        const [format, bytes] = parts;
        if (format === 'raw' && bytes instanceof Uint8Array)
          (window as unknown as { keysTaken: string[] }).keysTaken.push(btoa(String.fromCharCode(...bytes)));
        return take(...parts);
      };
    });
    return () => this.page.evaluate(() => (window as unknown as { keysTaken: string[] }).keysTaken);
  }

  /** Waits until nothing is on its way any more. */
  async expectAllSent(): Promise<void> {
    // It closes once all that is to be sent stands in the list.
    await expect(this.sheet).toHaveCount(0);
    await expect(this.list).toHaveCount(0, { timeout: 30_000 });
  }

  /** The line of a phone at the edge of its network; null lifts it. */
  async slow(bytesPerSecond: number | null, isOffline = false): Promise<void> {
    this.line ??= await this.page.context().newCDPSession(this.page);
    await this.line.send('Network.enable');
    await this.line.send('Network.emulateNetworkConditions', {
      offline: isOffline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond ?? -1,
    });
  }
}
