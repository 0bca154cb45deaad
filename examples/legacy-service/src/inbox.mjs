import { readdir } from 'fs/promises';
import path from 'path';
import { setTimeout as delay } from 'timers/promises';
import loggerModule from './logger.js';

const { logger } = loggerModule;

/** The CSV files of a folder that were not seen before, in the order of their names. */
export async function newFiles(folder, seen) {
  const names = (await readdir(folder)).filter((name) => path.extname(name).toLowerCase() === '.csv');
  return names.sort().map((name) => path.join(folder, name)).filter((file) => !seen.has(file));
}

/**
 * Hands each new CSV file of a folder to `take`, looking again until `signal` is aborted. A file that cannot be taken is not tried again.
 */
export async function watchInbox(folder, { take, bus, signal, intervalMs = 1000 }) {
  const { EOL } = await import('os');
  const seen = new Set();
  while (!signal.aborted) {
    for (const file of await newFiles(folder, seen)) {
      seen.add(file);
      bus.emit('inbox.file', { file });
      await take(file).catch((error) => console.error('%s%s%s', file, EOL, error.message));
    }
    await delay(intervalMs, undefined, { signal }).catch(() => console.log('no longer watching %s', folder));
  }
  logger.debug('%d files seen', seen.size);
}
