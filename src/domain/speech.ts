import * as z from 'zod/mini';
import type { Sealed } from './sealed';

/** A text that goes out as it is, which only the voice of a room that is not sealed makes. */
export const plainSchema = z.string().brand<'Plain'>();
export type Plain = z.infer<typeof plainSchema>;

/** What the wire takes from a person: never a bare string, so that no text is sent in the open by mistake. */
export type Speech = Sealed | Plain;
