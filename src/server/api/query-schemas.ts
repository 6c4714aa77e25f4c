import 'server-only';
import * as z from 'zod/mini';
import { jsonSchemaOf } from './json-schema';

/** A whole number in decimal digits: JavaScript takes much else for a number, such as `0x10`, `1e1` and blanks around it. */
export const decimalSchema = (minimum: number, maximum: number = Number.MAX_SAFE_INTEGER) =>
  z
    .pipe(
      z.transform((text: unknown) => (typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : text)),
      z.int().check(z.minimum(minimum), z.maximum(maximum)),
    )
    // What the document of the API can say of it.
    .register(z.globalRegistry, {
      type: 'integer',
      minimum,
      ...(maximum < Number.MAX_SAFE_INTEGER && { maximum }),
    });

/** One or more of a query's parameter, of which a single one comes as a text. */
export const repeatedSchema = <Item extends z.ZodMiniType>(item: Item, maxItems: number) =>
  z
    .pipe(
      z.transform((items: unknown) => (typeof items === 'string' ? [items] : items)),
      z.array(item).check(z.minLength(1), z.maxLength(maxItems)),
    )
    .register(z.globalRegistry, { type: 'array', items: jsonSchemaOf(item), minItems: 1, maxItems });
