import 'server-only';
import type * as z from 'zod/mini';
import { type RequestFault, RoomError } from '@/domain/errors';

/** One content as both kinds of room see it: only the script knows which kind this one is. */
export interface ContentFit {
  readonly sealed: boolean;
  readonly open: boolean;
  /** Throws what is wrong with it in a room of that kind. */
  refuse(kind: 'sealed' | 'open'): never;
}

function faultsOf(schema: z.ZodMiniType, content: unknown): RequestFault[] {
  const { error } = schema.safeParse(content);
  return error?.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) ?? [];
}

/**
 * Throws when neither kind of room would take the content, with the faults that matter to its sender:
 * who sealed one field means a sealed room, though the other is then what is wrong.
 */
export function fitOf(
  content: Record<string, string>,
  sealedSchema: z.ZodMiniType,
  openSchema: z.ZodMiniType,
): ContentFit {
  const fit: ContentFit = {
    sealed: sealedSchema.safeParse(content).success,
    open: openSchema.safeParse(content).success,
    refuse: (kind) => {
      throw new RoomError('invalid_request', {
        faults: faultsOf(kind === 'sealed' ? sealedSchema : openSchema, content),
      });
    },
  };
  if (fit.sealed || fit.open) return fit;
  const unsealed = new Set(faultsOf(sealedSchema, content).map(({ path }) => path));
  return fit.refuse(unsealed.size < Object.keys(content).length ? 'sealed' : 'open');
}

/** Throws what the script found: that this room is of the kind that does not take the content. */
export function refuseMisfit([status, sealed]: readonly unknown[], fit: ContentFit): void {
  if (status === 'invalid_request') fit.refuse(sealed === '1' ? 'sealed' : 'open');
}
