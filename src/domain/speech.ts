import * as z from 'zod/mini';
import type { Sealed } from './sealed';

/** A text that is sent as it is. Only the voice of a plain room makes one. */
export const plainSchema = z.string().brand<'Plain'>();
export type Plain = z.infer<typeof plainSchema>;

/** Words of a person that may be sent: never a bare string, so no text is sent unsealed by mistake. */
export type Speech = Sealed | Plain;
