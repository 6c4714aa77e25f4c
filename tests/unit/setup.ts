import { setMaxListeners } from 'node:events';

// All parts of a session end by one signal: more than the ten at which Node suspects a leak, and never twice that.
setMaxListeners(20);
