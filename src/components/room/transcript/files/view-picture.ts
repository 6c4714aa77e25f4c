import { createContext } from 'react';

/** Shows the picture of the message of this key as a whole. */
export const ViewPicture = createContext<(key: string) => void>(() => undefined);
