import assert from 'assert/strict';
import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import { test } from 'node:test';
import { fileURLToPath } from 'url';
import busModule from '../src/bus.js';
import { newFiles, watchInbox } from '../src/inbox.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function temporaryFolder(context) {
  const folder = mkdtempSync(path.join(tmpdir(), 'inbox-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('only CSV files that are new are found, by name', async (context) => {
  const folder = temporaryFolder(context);
  for (const name of ['b.csv', 'a.CSV', 'c.txt', 'seen.csv']) writeFileSync(path.join(folder, name), '');
  const found = await newFiles(folder, new Set([path.join(folder, 'seen.csv')]));
  assert.deepEqual(found.map((file) => path.basename(file)), ['a.CSV', 'b.csv']);
});

test('each file is taken once, and one that fails does not stop the others', async (context) => {
  const folder = temporaryFolder(context);
  const stop = new AbortController();
  for (const name of ['1.csv', '2.csv']) writeFileSync(path.join(folder, name), '');
  const taken = [];
  const announced = [];
  const bus = busModule.createBus();
  bus.on('inbox.file', ({ payload }) => announced.push(path.basename(payload.file)));
  const take = async (file) => {
    taken.push(path.basename(file));
    if (taken.length === 2) stop.abort();
    throw new Error('not today');
  };
  await watchInbox(folder, { take, bus, signal: stop.signal, intervalMs: 5 });
  assert.deepEqual(taken, ['1.csv', '2.csv']);
  assert.deepEqual(announced, taken);
});

test('the command prints the report and exits 1 where a row was rejected', () => {
  const args = ['bin/import-orders.mjs', 'data/orders.csv'];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.equal(JSON.parse(stdout.trim().split('\n').at(-1)).accepted, 4);
});

test('the command says how it is used and exits 2 where no file is named', () => {
  const { status, stderr } = spawnSync(process.execPath, ['bin/import-orders.mjs'], { cwd: root, encoding: 'utf8' });
  assert.equal(status, 2);
  assert.match(stderr, /usage: import-orders\.mjs/);
});
