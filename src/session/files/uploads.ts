import type { FileApi } from '@/client/file-api';
import type { Content } from '@/domain/content';
import type { FileId } from '@/domain/file';
import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { textFault } from '@/domain/text-rules';
import type { Store } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import { createDelivery } from './delivery';
import { createGivingUp } from './giving-up';
import { createIntake } from './intake';
import { keepItems } from './keeping-uploads';
import type { KeptUpload } from './kept-uploads';
import { fingerprintOf } from './pieces';
import { createRecalled } from './recalled';
import { createRestarts } from './restarts';
import type { Chosen, Upload } from './upload';
import { createUploadItems } from './upload-items';
import { createUploadQueue } from './upload-queue';

/** How a file leaves: as the content of a message, or not at all. */
export interface Leaving {
  /** Resolves once the message is kept, or is stored. */
  readonly send: (content: Content) => Promise<void>;
  /** Removes a file that no message names. Resolves once it is gone, or that takes too long. */
  readonly removeFile: (fileId: FileId) => Promise<void>;
  /** Resolves once no file is being removed, or that takes too long; null where none is. */
  readonly removals: () => Promise<void> | null;
  /** Words whose file does not go out. */
  readonly giveBack: (text: string) => void;
}

export interface Uploads {
  /** False: the text breaks the rules, and nothing is sent. */
  readonly send: (files: readonly Chosen[], text?: string) => Promise<boolean>;
  /** Goes on with a file after a reload; false: it is not the same one. */
  readonly provide: (fileId: FileId, file: Chosen) => Promise<boolean>;
  readonly pause: (fileId: FileId) => void;
  /** Goes on with one that was paused, waits or failed. */
  readonly resume: (fileId: FileId) => void;
  /** Gives a file up: the server forgets what it has of it, and its words go back to whoever wrote them. */
  readonly cancel: (fileId: FileId) => Promise<void>;
  /** The same for all. */
  readonly cancelAll: () => Promise<unknown>;
  readonly recall: (kept: readonly KeptUpload[]) => Promise<void>;
  /** They are in the hands of another page now. */
  readonly drop: () => void;
  /** Forgets all of them, with their content, once the session is over. Returns the words that nobody has got. */
  readonly clear: () => readonly string[];
}

export function createUploads(
  context: SessionContext,
  api: FileApi,
  shown: Store<readonly Upload[]>,
  leaving: Leaving,
): Uploads {
  const { voice, over, room } = context;
  const items = createUploadItems();
  /** Words whose file is being looked at: they stand nowhere else. */
  const coming = new Set<{ readonly text: string }>();
  const { giveUp, cancel, removals } = createGivingUp(context, items, leaving, (fileId) => queue.halt(fileId));
  const queue = createUploadQueue(
    context,
    { api, items, removals },
    (item, card) => void deliver(item, card),
    (item) => void beginAgain(item),
  );
  const { recall, unopened } = createRecalled(context, api, items, leaving, { keep, goOn: queue.goOn });
  const { deliver, pending } = createDelivery(context, items, leaving, keep);
  const { add, provide } = createIntake(context, items, queue);
  const { beginAgain, resume } = createRestarts(items, queue, { add, giveUp });

  function keep() {
    keepItems(context, [...unopened], [...pending(), ...items.get()]);
  }

  items.subscribe(() => {
    // Uploads kept for a room that has ended may have been forgotten already.
    if (over.aborted) return;
    shown.set(items.get());
    keep();
  });

  const unfollowEnd = room.ends.subscribe(keep);
  over.addEventListener('abort', unfollowEnd);

  async function send(files: readonly Chosen[], text?: string) {
    for (const [index, file] of files.entries()) {
      // A file that cannot be read any more is found out, and shown as such, when its turn comes.
      const fingerprint = await fingerprintOf(file.content).catch(() => '');
      await add(file, fingerprint, index === 0 ? text : undefined);
      queue.goOn();
    }
  }

  return {
    send: async (files, text) => {
      if (over.aborted || !voice.canSpeak) return false;
      if (text !== undefined && textFault(text, TEXT_CHARACTERS_MAX) !== null) return false;
      const words = text === undefined ? null : { text };
      if (words !== null) coming.add(words);
      const [first, ...others] = files.filter(({ fault }) => fault === null);
      if (first !== undefined) await send([first], text);
      if (words !== null) coming.delete(words);
      await send(others);
      return true;
    },
    provide,
    pause: queue.pause,
    resume: (fileId) => void resume(fileId),
    cancel,
    // Their words come back in front of each other, so the first one last.
    cancelAll: () => Promise.all([...items.get()].reverse().map(({ fileId }) => cancel(fileId))),
    recall,
    drop: () => {
      unopened.clear();
      for (const { fileId } of items.get()) {
        items.remove(fileId);
        void queue.halt(fileId);
      }
    },
    clear: () => {
      const texts = [...items.get(), ...coming].flatMap(({ text }) => text ?? []);
      unopened.clear();
      coming.clear();
      for (const { fileId } of items.get()) items.remove(fileId);
      return texts;
    },
  };
}
