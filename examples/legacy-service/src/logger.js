'use strict';

const { format } = require('util');

const levels = ['debug', 'info', 'warn', 'error', 'silent'];

/** A logger that writes one JSON line per message. Messages take the placeholders that `console.log` takes. */
function createLogger(options = {}) {
  const write = options.write || ((line) => process.stderr.write(line));
  const least = levels.indexOf(options.level || process.env.LOG_LEVEL || 'info');

  function log(level, args) {
    if (levels.indexOf(level) < least) return;
    write(JSON.stringify({ level, message: format(...args) }) + '\n');
  }

  return {
    debug: (...args) => log('debug', args),
    info: (...args) => log('info', args),
    warn: (...args) => log('warn', args),
    error: (...args) => log('error', args),
  };
}

module.exports = { createLogger, logger: createLogger() };
