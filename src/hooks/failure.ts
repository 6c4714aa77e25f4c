// Screens may not reach the wire itself; its failures are what they have to put into words.
export type { Failure } from '@/domain/failure';
