/** What Web Crypto throws for a ciphertext that was altered, and for bytes that are no key. */
const REFUSALS: readonly unknown[] = ['OperationError', 'DataError'];

/**
 * Null when Web Crypto refuses what came from others. Any other error, such as a key used for something that it is not for, is a
 * fault of ours and is thrown.
 */
export async function nullWhenRefused<Value>(attempt: Promise<Value>): Promise<Value | null> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof DOMException && REFUSALS.includes(error.name)) return null;
    throw error;
  }
}
