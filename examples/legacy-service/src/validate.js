'use strict';

const assert = require('assert');

const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const day = /^\d{4}-\d{2}-\d{2}$/;

/** Turns a decimal amount into cents, or null where it is none. Never rounds. */
function toCents(text) {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text);
  return match ? Number(match[1]) * 100 + Number((match[2] || '').padEnd(2, '0')) : null;
}

function isDay(text) {
  if (!day.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Checks one record. Gives `{ order }`, or `{ reasons }` with everything that is wrong with it. */
function validateOrder(record, { catalog, currencies }) {
  assert(catalog instanceof Map, 'catalog must be a Map');
  const { values } = record;
  const quantity = Number(values.quantity);
  const unitPrice = toCents(values.unit_price || '');
  const reasons = [];

  if (!record.complete) reasons.push('the row has not as many fields as the header');
  if (!values.order_id) reasons.push('order_id is missing');
  if (!email.test(values.email || '')) reasons.push(`email is not an address: ${values.email}`);
  if (!catalog.has(values.sku)) reasons.push(`sku is not in the catalogue: ${values.sku}`);
  if (!Number.isInteger(quantity) || quantity < 1) reasons.push(`quantity is not a positive number: ${values.quantity}`);
  if (unitPrice === null) reasons.push(`unit_price is not an amount: ${values.unit_price}`);
  if (!currencies.includes(values.currency)) reasons.push(`currency is not accepted: ${values.currency}`);
  if (!isDay(values.ordered_on || '')) reasons.push(`ordered_on is not a day: ${values.ordered_on}`);

  if (reasons.length > 0) return { reasons };
  return {
    order: {
      id: values.order_id,
      email: values.email.toLowerCase(),
      sku: values.sku,
      quantity,
      totalCents: quantity * unitPrice,
      currency: values.currency,
      orderedOn: values.ordered_on,
    },
  };
}

module.exports = { validateOrder, toCents };
