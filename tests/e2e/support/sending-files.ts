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
  readonly attach = this.page.getByRole('button', { name: 'Send files' });
  readonly sheet = this.page.getByRole('dialog', { name: /^Send th(is file|ese \d+ files)\?$/ });
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

  /** Waits until nothing is on its way any more. */
  async expectAllSent(): Promise<void> {
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
