import { setMaxListeners } from 'node:events';

// All parts of a session end by one signal: two dozen, and no more over time. Node suspects a leak at ten.
setMaxListeners(30);
