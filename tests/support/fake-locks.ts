interface Waiting {
  readonly grant: () => void;
}

/** Web Locks of one browser, by name: exclusive, in the order of asking, granted and released in turns of their own. */
export class FakeLocks implements Pick<LockManager, 'request'> {
  private readonly queues = new Map<string, Waiting[]>();

  readonly request = (<T>(
    name: string,
    ...rest: [LockGrantedCallback<T>] | [LockOptions, LockGrantedCallback<T>]
  ): Promise<unknown> => {
    const [options, hold] = rest.length === 1 ? [{}, rest[0]] : rest;
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    if (options.ifAvailable === true && queue.length > 0) return Promise.resolve(hold(null));
    return new Promise((resolve, reject) => {
      const run = async () => {
        const value = await hold({ name, mode: 'exclusive' });
        queue.shift();
        resolve(value);
        queue[0]?.grant();
      };
      const waiting = { grant: () => queueMicrotask(() => void run()) };
      options.signal?.addEventListener('abort', () => {
        const index = queue.indexOf(waiting);
        if (index > 0) {
          queue.splice(index, 1);
          reject(new DOMException('aborted', 'AbortError'));
        }
      });
      queue.push(waiting);
      if (queue.length === 1) waiting.grant();
    });
  }) as LockManager['request'];
}
