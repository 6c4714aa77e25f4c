import type { Outbox } from '@/session/messages/outbox/outbox';
import type { Leaving } from './uploads';

/** Files leave by the outbox: what it has, it keeps, repeats and removes. */
export const leavingBy = (outbox: Pick<Outbox, 'send' | 'removeFile' | 'messages' | 'subscribe'>): Leaving => ({
  removeFile: outbox.removeFile,
  send: (content) => {
    const id = outbox.send(content);
    const isKept = () => !outbox.messages().some((message) => message.id === id && message.words === null);
    return new Promise((resolve) => {
      const look = () => {
        if (!isKept()) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = outbox.subscribe(look);
      look();
    });
  },
});
