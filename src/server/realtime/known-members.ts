import 'server-only';
import type { MemberId } from '@/domain/room';

/** The members that credentials belong to, by the credential’s hash, so a renewed stream asks Redis nothing. */
export class KnownMembers {
  readonly #members = new Map<string, MemberId>();
  readonly #hashes = new Map<string, string>();

  memberOf(tokenHash: string): MemberId | undefined {
    return this.#members.get(tokenHash);
  }

  remember(tokenHash: string, memberId: MemberId): void {
    this.forget(memberId);
    this.#members.set(tokenHash, memberId);
    this.#hashes.set(memberId, tokenHash);
  }

  /** The credential holds under another member id from now on. */
  move(from: MemberId, to: MemberId): void {
    const tokenHash = this.#hashes.get(from);
    if (tokenHash !== undefined) this.remember(tokenHash, to);
    this.#hashes.delete(from);
  }

  forget(memberId: string): void {
    const tokenHash = this.#hashes.get(memberId);
    if (tokenHash === undefined) return;
    this.#hashes.delete(memberId);
    this.#members.delete(tokenHash);
  }

  clear(): void {
    this.#members.clear();
    this.#hashes.clear();
  }
}
