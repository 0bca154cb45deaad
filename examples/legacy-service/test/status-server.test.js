'use strict';

const assert = require('assert/strict');
const { once } = require('events');
const { test } = require('node:test');
const { createBus } = require('../src/bus');
const { createLogger } = require('../src/logger');
const { createStatusServer } = require('../src/status-server');

async function serve(context, bus) {
  const server = createStatusServer(bus).listen(0, '127.0.0.1');
  context.after(() => server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  return (path, options) => fetch(url + path, { ...options, headers: { connection: 'close' } });
}

test('the status counts what the bus said', async (context) => {
  const bus = createBus();
  const get = await serve(context, bus);
  bus.emit('import.started', { file: 'a.csv' });
  bus.emit('order.accepted', {});
  bus.emit({ type: 'order.rejected', payload: {} });
  bus.emit('import.finished', {});
  const expected = { imports: 1, failed: 0, accepted: 1, rejected: 1, last_file: 'a.csv' };
  assert.deepEqual(await (await get('/status')).json(), expected);
});

test('other paths and methods are refused, and each answer is told to the bus', async (context) => {
  const bus = createBus();
  const codes = [];
  bus.on('status.served', ({ payload }) => codes.push(payload.code));
  const get = await serve(context, bus);
  assert.equal((await get('/health')).status, 200);
  assert.equal((await get('/secret')).status, 404);
  assert.equal((await get('/status', { method: 'POST' })).status, 405);
  assert.deepEqual(codes, [200, 404, 405]);
});

test('the logger writes a line of JSON from its level up', () => {
  const lines = [];
  const logger = createLogger({ level: 'warn', write: (line) => lines.push(JSON.parse(line)) });
  logger.info('not this');
  logger.error('line %d: %s', 3, 'bad');
  assert.deepEqual(lines, [{ level: 'error', message: 'line 3: bad' }]);
});
