'use strict';

const assert = require('assert/strict');
const { test } = require('node:test');
const { parseRecords, parseRows } = require('../src/csv');

test('quoted fields keep commas, quotes and line ends', () => {
  const rows = parseRows('a,"b, c","say ""hi""","two\nlines"\r\nd,,e,f\n');
  assert.deepEqual(rows, [
    { line: 1, fields: ['a', 'b, c', 'say "hi"', 'two\nlines'] },
    { line: 3, fields: ['d', '', 'e', 'f'] },
  ]);
});

test('records carry the names of the header and the line they began on', () => {
  const [record] = parseRecords('\uFEFFOrder_ID, Email\n\n 7 , a@b.c\n');
  assert.deepEqual(record, { line: 3, values: { order_id: '7', email: 'a@b.c' }, complete: true });
});

test('a row with too few fields is marked', () => {
  assert.equal(parseRecords('a,b\n1\n')[0].complete, false);
});

test('a quote that is never closed is an error that names the line', () => {
  assert.throws(() => parseRows('a\n"b'), /line 2/);
});

test('no text gives no records', () => {
  assert.deepEqual(parseRecords(''), []);
});
