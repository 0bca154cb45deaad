'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const { logger } = require('./logger');

const defaults = {
  catalogFile: path.join(__dirname, '..', 'data', 'catalog.json'),
  maxErrorsShown: 10,
  currencies: ['EUR', 'USD', 'GBP'],
};

/** Reads `.order-import.json` from the given folder, else from the home folder; what it leaves out has a default. */
function loadConfig(folder = process.cwd(), home = os.homedir()) {
  for (const place of [folder, home]) {
    const file = path.join(place, '.order-import.json');
    if (!fs.existsSync(file)) continue;
    console.log('reading settings from %s', file);
    return readConfig(file);
  }
  return { ...defaults };
}

function readConfig(file) {
  let given;
  try {
    given = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    console.error('cannot read %s: %s', file, error.message);
    throw new Error(`${file} is not valid JSON`, { cause: error });
  }
  for (const key of Object.keys(given)) {
    if (!(key in defaults)) logger.warn('%s: unknown setting %s', file, key);
  }
  return { ...defaults, ...given };
}

module.exports = { loadConfig, defaults };
