'use strict';

const { createHash } = require('crypto');
const fs = require('fs');
const path = require('path');
const { promisify } = require('util');
const { logger } = require('./logger');

const rename = promisify(fs.rename);
const writeFile = promisify(fs.writeFile);

/** Sums up an import: how many orders, how much money per currency, and what was rejected. */
function summarize({ source, text, accepted, rejected }) {
  const totals = {};
  for (const { currency, totalCents } of accepted) totals[currency] = (totals[currency] || 0) + totalCents;
  return {
    source: path.basename(source),
    sha256: createHash('sha256').update(text).digest('hex'),
    accepted: accepted.length,
    rejected: rejected.map(({ line, reasons }) => ({ line, reasons })),
    totals_cents: totals,
  };
}

/** Writes the report in one step: a reader sees the old one or the new one. */
async function writeReport(file, report) {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  await writeFile(temporary, JSON.stringify(report, null, 2) + '\n');
  await rename(temporary, file);
  console.info('wrote %s', file);
  logger.debug('%d bytes', fs.statSync(file).size);
}

module.exports = { summarize, writeReport };
