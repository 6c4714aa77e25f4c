import 'server-only';
import type { Rate } from '@/domain/limits';

/** A rate as scripts take it; a maximum of 0 lifts it. */
export const rateArguments = (rate: Rate, rateLimits: boolean): [number, number] => [
  rateLimits ? rate.max : 0,
  rate.windowMs,
];
