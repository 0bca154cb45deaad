'use strict';

const http = require('http');
const { parse } = require('url');
const { logger } = require('./logger');

/** Counts what the bus says and serves it at `GET /status`; `GET /health` says that the process answers. */
function createStatusServer(events) {
  const status = { imports: 0, failed: 0, accepted: 0, rejected: 0, last_file: null };
  events.on('import.started', ({ payload }) => {
    status.last_file = payload.file;
  });
  events.on('import.finished', () => {
    status.imports += 1;
  });
  events.on('import.failed', () => {
    status.failed += 1;
  });
  events.on('order.accepted', () => {
    status.accepted += 1;
  });
  events.on('order.rejected', () => {
    status.rejected += 1;
  });

  return http.createServer((request, response) => {
    const { pathname } = parse(request.url);
    const [code, body] = answer(request.method, pathname, status);
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
    events.emit('status.served', { path: pathname, code });
    if (code >= 400) console.warn('%s %s: %d', request.method, pathname, code);
    else logger.debug('%s %s: %d', request.method, pathname, code);
  });
}

function answer(method, pathname, status) {
  if (method !== 'GET') return [405, { error: 'only GET' }];
  if (pathname === '/status') return [200, status];
  if (pathname === '/health') return [200, { ok: true }];
  return [404, { error: 'there are /status and /health' }];
}

module.exports = { createStatusServer };
