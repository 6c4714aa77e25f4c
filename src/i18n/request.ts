import { getRequestConfig } from 'next-intl/server';
import { LOCALE } from './locale';
import messages from './words/en.json';

/** One language for now: a second one is a second catalogue beside this one and a choice made here. */
export default getRequestConfig(() => Promise.resolve({ locale: LOCALE, messages, timeZone: 'UTC' }));
