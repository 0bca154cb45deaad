'use strict';

const assert = require('assert/strict');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { test } = require('node:test');
const { createBus } = require('../src/bus');
const { loadCatalog } = require('../src/catalog');
const { defaults, loadConfig } = require('../src/config');
const { importOrders } = require('../src/importer');
const { writeReport } = require('../src/report');

const orders = path.join(__dirname, '..', 'data', 'orders.csv');

function temporaryFolder(context) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'orders-'));
  context.after(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}

async function importWith(bus, file) {
  const catalog = await loadCatalog(defaults.catalogFile);
  return importOrders(file, { bus, catalog, config: defaults });
}

test('the sample file is imported, with four rows rejected', async () => {
  const report = await importWith(createBus(), orders);
  assert.equal(report.source, 'orders.csv');
  assert.equal(report.accepted, 4);
  assert.deepEqual(report.rejected.map(({ line }) => line), [4, 5, 7, 8]);
  assert.deepEqual(report.totals_cents, { EUR: 5340, GBP: 2400, USD: 3980 });
});

test('the bus is told of each order and of the file', async () => {
  const bus = createBus();
  const counts = {};
  bus.on('*', ({ type }) => {
    counts[type] = (counts[type] || 0) + 1;
  });
  await importWith(bus, orders);
  assert.deepEqual(counts, { 'import.started': 1, 'order.accepted': 4, 'order.rejected': 4, 'import.finished': 1 });
});

test('a file that is not there is told to the bus and to the caller', async (context) => {
  const bus = createBus();
  const failures = [];
  bus.on('import.failed', ({ payload }) => failures.push(payload.file));
  const file = path.join(temporaryFolder(context), 'none.csv');
  await assert.rejects(importWith(bus, file), { code: 'ENOENT' });
  assert.deepEqual(failures, [file]);
});

test('the report is written whole and leaves no other file', async (context) => {
  const folder = temporaryFolder(context);
  await writeReport(path.join(folder, 'report.json'), { accepted: 1 });
  assert.deepEqual(fs.readdirSync(folder), ['report.json']);
  assert.deepEqual(JSON.parse(fs.readFileSync(path.join(folder, 'report.json'), 'utf8')), { accepted: 1 });
});

test('settings are read from the folder, then from home, and have defaults', (context) => {
  const folder = temporaryFolder(context);
  const home = temporaryFolder(context);
  assert.deepEqual(loadConfig(folder, home), defaults);
  fs.writeFileSync(path.join(home, '.order-import.json'), '{"maxErrorsShown": 3}');
  assert.equal(loadConfig(folder, home).maxErrorsShown, 3);
  fs.writeFileSync(path.join(folder, '.order-import.json'), '{');
  assert.throws(() => loadConfig(folder, home), /not valid JSON/);
});
