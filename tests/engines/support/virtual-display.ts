import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findXvfb } from '../../../scripts/needs.mjs';
import { SCREEN } from './driver';

const START_MS = 30_000;

export interface VirtualDisplay {
  /** For the variable DISPLAY. */
  readonly name: string;
  stop(): Promise<void>;
}

/** Starts an X server without a screen, on a display that it chooses among the free ones. */
export async function startVirtualDisplay(): Promise<VirtualDisplay> {
  const program = findXvfb();
  if (program === undefined) throw new Error('Xvfb is not installed.');
  const screen = `${SCREEN.width}x${SCREEN.height + 200}x24`;
  const server = spawn(program, ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = once(server, 'close');
  const end = () => void server.kill();
  process.once('exit', end);
  let complaint = '';
  server.stderr?.on('data', (bytes) => (complaint += String(bytes)));
  const stop = async () => {
    process.off('exit', end);
    end();
    await ended;
  };
  const number = await new Promise<string>((resolve, reject) => {
    const fail = () => reject(new Error(`Xvfb did not start:\n${complaint}`));
    const timer = setTimeout(fail, START_MS);
    server.once('error', fail);
    server.once('close', fail);
    let written = '';
    server.stdio[3]?.on('data', (bytes) => {
      written += String(bytes);
      if (!written.includes('\n')) return;
      clearTimeout(timer);
      resolve(written.trim());
    });
  });
  return { name: `:${number}`, stop };
}
