import { createFileApi } from '@/client/file-api';
import type { FileId } from '@/domain/file';
import type { Store } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import { choose } from './choosing';
import type { Download } from './download';
import { createDownloads } from './downloads';
import type { Upload } from './upload';
import { createUploads, type Leaving } from './uploads';

export interface TransferStores {
  readonly uploads: Store<readonly Upload[]>;
  readonly downloadOf: (fileId: FileId) => Store<Download>;
}

export type Transfers = ReturnType<typeof createTransfers>;

/** All that sends and loads files. It comes by itself, once it is needed: reading and writing do without. */
export function createTransfers(context: SessionContext, { uploads, downloadOf }: TransferStores, leaving: Leaving) {
  const api = createFileApi(context.api, context.roomId);
  // Now, because a deployment may have removed it by the first picture. If it does not arrive, that picture asks again.
  context.loadPreviews?.().catch(() => undefined);
  return {
    uploads: createUploads(context, api, uploads, leaving),
    downloads: createDownloads(context, api, downloadOf),
    choose: (...parts: ChooseParts) => choose(context, ...parts),
  };
}

type ChooseParts = Parameters<typeof choose> extends [unknown, ...infer Rest] ? Rest : never;
