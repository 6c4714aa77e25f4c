import type { VoiceNote } from '@/domain/file-card';
import type { FileLimits } from '@/domain/room';
import { arrived, createDeferred, type Deferred } from '@/lib/deferred';
import { deriveStore } from '@/lib/derived-store';
import { createStore, type Readable } from '@/lib/store';
import { joined } from '@/session/messages/written';
import type { SessionContext } from '@/session/session-context';
import type { Downloads } from './download';
import { keepUploads, parseUploads, type KeptUpload } from './kept-uploads';
import type { LeavingOutbox } from './leaving';
import { createLoadedFiles } from './loaded-files';
import type { Chosen, Upload } from './upload';
import type { Uploads } from './uploads';

/** Whoever leaves the room waits no longer than this for what is under way to end. */
const GIVING_UP_MS_MAX = 2_000;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Files that a member sends and gets. The code that does the work is loaded at the first call, or by `part.fetch` when there is time. */
export interface Files extends Downloads, Pick<Uploads, 'provide' | 'pause' | 'resume' | 'cancel'> {
  readonly part: Deferred<unknown>;
  /** What the room takes, in bytes of content; null where files are off. */
  readonly limits: Readable<FileLimits | null>;
  /** One's own that are on their way, in the order in which they go out. */
  readonly uploads: Readable<readonly Upload[]>;
  /** Looks at a file before it is sent; nothing leaves the page. */
  readonly choose: (file: Blob, name: string, voice?: VoiceNote) => Promise<Chosen>;
  /**
   * Sends files one after the other; the text goes with the first. Those with a fault are left out. False: the text breaks the rules, and
   * nothing is sent.
   */
  readonly send: (files: readonly Chosen[], text?: string) => Promise<boolean>;
}

export interface RunningFiles extends Files {
  /** Brings back what pages before this one were sending. */
  readonly recall: () => void;
  /** Gives up all that is on its way, and then does something after which that could not be done. */
  readonly giveUpThen: (act: () => void) => void;
  /** Forgets all that was on its way once the session is over, and returns the words that nobody has got. */
  readonly clear: () => string;
}

/** The thin end: stores to look at, and calls that wait for the part that does them. */
export function createFiles(
  context: SessionContext,
  outbox: LeavingOutbox,
  giveBack: (text: string) => void,
): RunningFiles {
  const { room, shelf, self, clock, over } = context;
  const uploads = createStore<readonly Upload[]>([]);
  const { heldOf, downloadOf } = createLoadedFiles();
  const part = createDeferred(async () => {
    const { createTransfers } = await import('./transfers');
    return createTransfers(context, { uploads, heldOf }, outbox, giveBack);
  });
  const whenThere = () => arrived(part);

  /** Kept as they are until the part is there, so that they outlive this page, too. */
  let unrecalled: readonly KeptUpload[] = [];

  function take(value: string) {
    const kept = parseUploads(value);
    // Another seat can neither go on with them nor remove them.
    if (kept?.memberId !== self) return;
    const there = part.get();
    if (there !== null) {
      void there.uploads.recall(kept.files);
      return;
    }
    unrecalled = [...unrecalled, ...kept.files];
    keepUnrecalled();
    void whenThere().then((transfers) => {
      const files = unrecalled;
      unrecalled = [];
      return transfers.uploads.recall(files);
    });
  }

  function keepUnrecalled() {
    keepUploads(shelf, { endsAt: clock.toBrowserTime(room.get().expiresAt), memberId: self, files: [...unrecalled] });
  }
  const unfollowEnd = room.ends.subscribe(() => unrecalled.length > 0 && keepUnrecalled());
  over.addEventListener('abort', unfollowEnd);

  shelf.onTaken((name) => {
    if (name !== 'files') return;
    unrecalled = [];
    part.get()?.uploads.drop();
  });

  return {
    part,
    // A public room takes none for as long as it is listed.
    limits: deriveStore([room], () => (room.get().listed ? null : room.get().files)),
    uploads,
    downloadOf,
    choose: async (...parts) => (await whenThere()).choose(...parts),
    send: async (...parts) => (await whenThere()).uploads.send(...parts),
    provide: async (...parts) => (await whenThere()).uploads.provide(...parts),
    pause: (fileId) => part.get()?.uploads.pause(fileId),
    resume: (fileId) => part.get()?.uploads.resume(fileId),
    cancel: async (fileId) => part.get()?.uploads.cancel(fileId),
    giveUpThen: (act) => {
      if (uploads.get().length === 0) act();
      else void Promise.race([part.get()?.uploads.cancelAll(), wait(GIVING_UP_MS_MAX)]).then(act);
    },
    load: (file) => {
      const there = part.get();
      if (there !== null) there.downloads.load(file);
      else void whenThere().then(({ downloads: { load } }) => load(file));
    },
    release: (file) => part.get()?.downloads.release(file),
    recall: () => shelf.adopt('files', take),
    clear: () => {
      unrecalled = [];
      const texts = part.get()?.uploads.clear() ?? [];
      uploads.set([]);
      return joined(texts);
    },
  };
}
