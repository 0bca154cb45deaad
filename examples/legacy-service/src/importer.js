'use strict';

const { readFile } = require('fs').promises;
const { performance } = require('perf_hooks');
const { parseRecords } = require('./csv');
const { logger } = require('./logger');
const { summarize } = require('./report');
const { validateOrder } = require('./validate');

/**
 * Imports one CSV file. Says on the bus what became of each order (`order.accepted`, `order.rejected`) and of the file
 * (`import.started`, `import.finished`, `import.failed`). Resolves with the report.
 */
async function importOrders(file, { bus, catalog, config }) {
  const started = performance.now();
  bus.emit('import.started', { file });
  console.log('importing %s', file);
  try {
    const text = await readFile(file, 'utf8');
    const { accepted, rejected } = sortOrders(parseRecords(text), { bus, catalog, config });
    const report = summarize({ source: file, text, accepted, rejected });
    bus.emit('import.finished', report);
    console.log('%d accepted, %d rejected in %d ms', accepted.length, rejected.length, performance.now() - started);
    return report;
  } catch (error) {
    bus.emit('import.failed', { file, message: error.message });
    console.error('%s was not imported: %s', file, error.message);
    throw error;
  }
}

function sortOrders(records, { bus, catalog, config }) {
  const seen = new Set();
  const accepted = [];
  const rejected = [];
  for (const record of records) {
    const { order, reasons } = validateOrder(record, { catalog, currencies: config.currencies });
    if (order && !seen.has(order.id)) {
      seen.add(order.id);
      accepted.push(order);
      bus.emit('order.accepted', order);
      continue;
    }
    const rejection = { line: record.line, reasons: reasons || [`order_id was seen before: ${order.id}`] };
    rejected.push(rejection);
    bus.emit('order.rejected', rejection);
    if (rejected.length <= config.maxErrorsShown) {
      console.warn('line %d: %s', rejection.line, rejection.reasons.join('; '));
    }
  }
  if (rejected.length > config.maxErrorsShown) logger.warn('%d more rejections', rejected.length - config.maxErrorsShown);
  return { accepted, rejected };
}

module.exports = { importOrders };
