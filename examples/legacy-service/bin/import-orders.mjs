#!/usr/bin/env node
import path from 'path';
import process from 'process';
import { fileURLToPath } from 'url';
import { parseArgs } from 'util';
import busModule from '../src/bus.js';
import catalogModule from '../src/catalog.js';
import configModule from '../src/config.js';
import importerModule from '../src/importer.js';
import reportModule from '../src/report.js';

const usage = `usage: ${path.basename(fileURLToPath(import.meta.url))} <orders.csv> [--report <file>]`;

async function main(argv) {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { report: { type: 'string' } } });
  if (positionals.length !== 1) {
    console.error(usage);
    return 2;
  }
  const config = configModule.loadConfig();
  const catalog = await catalogModule.loadCatalog(config.catalogFile);
  const report = await importerModule.importOrders(positionals[0], { bus: busModule.createBus(), catalog, config });
  if (values.report) await reportModule.writeReport(path.resolve(values.report), report);
  console.log(JSON.stringify(report));
  return report.rejected.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  return 2;
});
