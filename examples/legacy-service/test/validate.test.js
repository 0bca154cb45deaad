'use strict';

const assert = require('assert/strict');
const { test } = require('node:test');
const { toCents, validateOrder } = require('../src/validate');

const good = {
  order_id: '1',
  email: 'Ada@Example.com',
  sku: 'TEA-100',
  quantity: '3',
  unit_price: '4.5',
  currency: 'EUR',
  ordered_on: '2024-02-29',
};
const rules = { catalog: new Map([['TEA-100', 'tea']]), currencies: ['EUR'] };
const check = (changes) => validateOrder({ line: 2, complete: true, values: { ...good, ...changes } }, rules);

test('a good row becomes an order with its total in cents', () => {
  assert.deepEqual(check({}).order, {
    id: '1',
    email: 'ada@example.com',
    sku: 'TEA-100',
    quantity: 3,
    totalCents: 1350,
    currency: 'EUR',
    orderedOn: '2024-02-29',
  });
});

test('everything that is wrong is said at once', () => {
  const { reasons } = check({ email: 'nobody', quantity: '0', unit_price: '-1', currency: 'XXX' });
  assert.equal(reasons.length, 4);
});

test('a day that the calendar does not have is refused', () => {
  assert.match(check({ ordered_on: '2023-02-29' }).reasons[0], /ordered_on/);
});

test('a product that the catalogue does not have is refused', () => {
  assert.match(check({ sku: 'MUG-1' }).reasons[0], /MUG-1/);
});

test('amounts become cents without rounding', () => {
  assert.equal(toCents('19.99'), 1999);
  assert.equal(toCents('0.1'), 10);
  assert.equal(toCents('1.005'), null);
  assert.equal(toCents('1e3'), null);
});
