import type { Tab } from './driver';

const NAMES = { database: 'kept-keys', store: 'keys', key: 'pairs' };

export interface PublicKeys {
  readonly sign: JsonWebKey;
  readonly agree: JsonWebKey;
}

/** Makes two pairs of P-256 keys in the page, whose private halves cannot be exported, and keeps them in IndexedDB. */
export const makeKeys = (tab: Tab): Promise<PublicKeys> =>
  tab.evaluate(async ({ database, store, key }) => {
    const sign = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const agree = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open(database, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(store);
      opening.onerror = () => reject(new Error('The database does not open.'));
      opening.onsuccess = () => {
        const writing = opening.result.transaction(store, 'readwrite');
        writing.objectStore(store).put({ sign, agree }, key);
        writing.onabort = () => reject(new Error('The keys cannot be kept.'));
        writing.oncomplete = () => {
          opening.result.close();
          resolve();
        };
      };
    });
    return {
      sign: await crypto.subtle.exportKey('jwk', sign.publicKey),
      agree: await crypto.subtle.exportKey('jwk', agree.publicKey),
    };
  }, NAMES);

export interface Proof {
  /** An ECDSA signature over the text. */
  readonly signature: number[];
  /** What both sides of the agreement know. */
  readonly secret: number[];
  /** The name of the error for each private key whose export was tried. */
  readonly refusals: string[];
}

/** Uses the kept keys in the page: signs the text, agrees on a secret with another public key, and tries to export them. */
export const proveKeptKeys = (tab: Tab, text: string, other: JsonWebKey): Promise<Proof> =>
  tab.evaluate(
    async ({ database, store, key, text, other }) => {
      type Pairs = Record<'sign' | 'agree', CryptoKeyPair>;
      const { sign, agree } = await new Promise<Pairs>((resolve, reject) => {
        const opening = indexedDB.open(database, 1);
        opening.onerror = () => reject(new Error('The database does not open.'));
        opening.onsuccess = () => {
          const reading = opening.result.transaction(store).objectStore(store).get(key);
          reading.onerror = () => reject(new Error('The keys cannot be read.'));
          reading.onsuccess = () => {
            opening.result.close();
            // The only value that this database has.
            resolve(reading.result as Pairs);
          };
        };
      });
      const curve = { name: 'ECDH', namedCurve: 'P-256' };
      const theirs = await crypto.subtle.importKey('jwk', other, curve, false, []);
      const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        sign.privateKey,
        new TextEncoder().encode(text),
      );
      const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, agree.privateKey, 256);
      const refusals = [];
      for (const { privateKey } of [sign, agree]) {
        refusals.push(
          await crypto.subtle.exportKey('jwk', privateKey).then(
            () => 'exported',
            (error: unknown) => (error as Error).name,
          ),
        );
      }
      return {
        signature: Array.from(new Uint8Array(signature)),
        secret: Array.from(new Uint8Array(secret)),
        refusals,
      };
    },
    { ...NAMES, text, other },
  );
