'use strict';

const assert = require('assert/strict');
const { test } = require('node:test');
const { createBus } = require('../src/bus');

test('both forms of an event reach the listener as one', () => {
  const bus = createBus();
  const heard = [];
  bus.on('order.accepted', (event) => heard.push(event));
  bus.emit('order.accepted', { id: '1' });
  bus.emit({ type: 'order.accepted', payload: { id: '2' } });
  assert.deepEqual(heard, [
    { type: 'order.accepted', payload: { id: '1' } },
    { type: 'order.accepted', payload: { id: '2' } },
  ]);
});

test('a listener that was taken off hears nothing more', () => {
  const bus = createBus();
  let heard = 0;
  const stop = bus.on('a', () => {
    heard += 1;
  });
  assert.equal(bus.emit('a'), true);
  stop();
  assert.equal(bus.emit('a'), false);
  assert.equal(heard, 1);
});

test('a star hears everything', () => {
  const bus = createBus();
  const types = [];
  bus.on('*', ({ type }) => types.push(type));
  bus.emit('a', 1);
  bus.emit({ type: 'b' });
  assert.deepEqual(types, ['a', 'b']);
});

test('an event without a type is refused', () => {
  assert.throws(() => createBus().emit({ payload: 1 }), TypeError);
});
