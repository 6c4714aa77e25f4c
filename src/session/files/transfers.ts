import { createFileApi } from '@/client/file-api';
import type { Store } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import { choose } from './choosing';
import { createDownloads } from './downloads';
import { leavingBy, type LeavingOutbox } from './leaving';
import type { LoadedFiles } from './loaded-files';
import type { Upload } from './upload';
import { createUploads } from './uploads';

export interface TransferStores {
  readonly uploads: Store<readonly Upload[]>;
  readonly heldOf: LoadedFiles['heldOf'];
}

export type Transfers = ReturnType<typeof createTransfers>;

/** All that sends and loads files. It comes by itself, once it is needed: reading and writing do without. */
export function createTransfers(
  context: SessionContext,
  { uploads, heldOf }: TransferStores,
  outbox: LeavingOutbox,
  giveBack: (text: string) => void,
) {
  const api = createFileApi(context.api, context.roomId);
  // Now, because a deployment may have removed it by the first picture. If it does not arrive, that picture asks again.
  context.loadPreviews?.().catch(() => undefined);
  return {
    uploads: createUploads(context, api, uploads, leavingBy(outbox, giveBack)),
    downloads: createDownloads(context, api, heldOf),
    choose: (...parts: ChooseParts) => choose(context, ...parts),
  };
}

type ChooseParts = Parameters<typeof choose> extends [unknown, ...infer Rest] ? Rest : never;
