import 'server-only';
import type * as z from 'zod/mini';
import { type RequestFault, RoomError } from '@/domain/errors';

/** What came in, as both kinds of room would take it: only the script knows which kind this one is. */
export interface ContentFit {
  sealed: RequestFault[];
  open: RequestFault[];
}

function faultsOf(schema: z.ZodMiniType, content: unknown): RequestFault[] {
  const parsed = schema.safeParse(content);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
}

/**
 * Throws when neither kind of room would take the content, with the faults that matter to its sender:
 * who sealed one field means a sealed room, though the other is then what is wrong.
 */
export function fitOf(content: Record<string, string>, sealedSchema: z.ZodMiniType, openSchema: z.ZodMiniType): ContentFit {
  const fit = { sealed: faultsOf(sealedSchema, content), open: faultsOf(openSchema, content) };
  if (fit.sealed.length === 0 || fit.open.length === 0) return fit;
  const someSealed = new Set(fit.sealed.map(({ path }) => path)).size < Object.keys(content).length;
  throw new RoomError('invalid_request', { faults: someSealed ? fit.sealed : fit.open });
}

/** Throws what the script found: that this room is of the kind that does not take the content. */
export function refuseMisfit([status, sealed]: readonly unknown[], fit: ContentFit): void {
  if (status !== 'invalid_request') return;
  throw new RoomError('invalid_request', { faults: sealed === '1' ? fit.sealed : fit.open });
}
