/** One message in the wire format of Upstash Realtime, or the document of a refusal, not checked yet. */
export interface WireMessage {
  readonly code?: unknown;
  readonly type?: unknown;
  readonly error?: unknown;
  readonly id?: unknown;
  readonly event?: unknown;
  readonly data?: unknown;
}

/** Returns the message, or null when `raw` is not one. */
export function parseWireMessage(raw: string): WireMessage | null {
  try {
    const message: unknown = JSON.parse(raw);
    return typeof message === 'object' ? message : null;
  } catch {
    return null;
  }
}
