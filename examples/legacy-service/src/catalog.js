'use strict';

const { readFile } = require('fs/promises');
const path = require('path');
const { logger } = require('./logger');

/** Reads the catalogue: a JSON object of product names by SKU. */
async function loadCatalog(file) {
  const text = await readFile(file, 'utf8');
  const products = new Map(Object.entries(JSON.parse(text)));
  if (products.size === 0) {
    console.warn('%s lists no product, so every order will be rejected', path.basename(file));
  }
  logger.debug('%d products in %s', products.size, file);
  return products;
}

module.exports = { loadCatalog };
