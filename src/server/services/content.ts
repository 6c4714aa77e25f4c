import 'server-only';
import type * as z from 'zod/mini';
import { type RequestFault, RoomError } from '@/domain/errors';

/** One content as both kinds of room see it: only Redis knows which kind this one is. */
export interface ContentFit {
  readonly sealed: boolean;
  readonly plain: boolean;
  /** Throws what is wrong with it in a room of that kind. */
  refuse(kind: 'sealed' | 'plain'): never;
}

function faultsOf(schema: z.ZodMiniType, content: unknown): RequestFault[] {
  const { error } = schema.safeParse(content);
  return error?.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) ?? [];
}

/**
 * Throws when neither kind of room would take the content, with the faults that matter to its sender: somebody who
 * sealed one field means a sealed room, and then the other field is wrong.
 */
export function fitOf(
  content: Record<string, unknown>,
  sealedSchema: z.ZodMiniType,
  plainSchema: z.ZodMiniType,
): ContentFit {
  const fit: ContentFit = {
    sealed: sealedSchema.safeParse(content).success,
    plain: plainSchema.safeParse(content).success,
    refuse: (kind) => {
      throw new RoomError('invalid_request', {
        faults: faultsOf(kind === 'sealed' ? sealedSchema : plainSchema, content),
      });
    },
  };
  if (fit.sealed || fit.plain) return fit;
  const unsealed = new Set(faultsOf(sealedSchema, content).map(({ path }) => path));
  return fit.refuse(unsealed.size < Object.keys(content).length ? 'sealed' : 'plain');
}
