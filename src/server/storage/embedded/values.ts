import 'server-only';
import type { Bytes } from './bytes';

/** What a key holds. A value that reports itself empty is removed with its key, as Redis does. */
export interface Value {
  readonly type: 'string' | 'hash' | 'list' | 'zset' | 'stream';
  readonly isEmpty: boolean;
}

export class StringValue implements Value {
  readonly type = 'string';
  readonly isEmpty = false;
  bytes: Bytes = '';
}

export class HashValue implements Value {
  readonly type = 'hash';
  readonly fields = new Map<Bytes, Bytes>();
  get isEmpty(): boolean {
    return this.fields.size === 0;
  }
}

export class ListValue implements Value {
  readonly type = 'list';
  readonly items: Bytes[] = [];
  get isEmpty(): boolean {
    return this.items.length === 0;
  }
}
