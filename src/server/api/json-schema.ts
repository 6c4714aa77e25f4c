import 'server-only';
import * as z from 'zod/mini';

/** A schema as it stands inside a document, which names the dialect for all of them. */
export function jsonSchemaOf(schema: z.ZodMiniType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
