'use strict';

/** Splits CSV text (RFC 4180) into rows of fields. Throws for a quote that is never closed. */
function parseRows(text) {
  const rows = [];
  let row = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let rowLine = 1;

  const endRow = () => {
    row.push(field);
    if (row.length > 1 || row[0] !== '') rows.push({ line: rowLine, fields: row });
    row = [];
    field = '';
    rowLine = line + 1;
  };

  for (let index = text.charCodeAt(0) === 0xfeff ? 1 : 0; index < text.length; index += 1) {
    const char = text[index];
    if (quoted) {
      if (char === '"' && text[index + 1] === '"') {
        field += '"';
        index += 1;
      } else if (char === '"') quoted = false;
      else field += char;
    } else if (char === '"' && field === '') quoted = true;
    else if (char === ',') {
      row.push(field);
      field = '';
    } else if (char === '\n') endRow();
    else if (char !== '\r') field += char;
    if (char === '\n') line += 1;
  }
  if (quoted) throw new Error(`line ${rowLine}: a quote is not closed`);
  endRow();
  return rows;
}

/** Parses CSV text with a header into records, each with the line it began on. */
function parseRecords(text) {
  const [header, ...rows] = parseRows(text);
  if (!header) return [];
  const names = header.fields.map((name) => name.trim().toLowerCase());
  return rows.map(({ line, fields }) => {
    const values = {};
    names.forEach((name, index) => {
      values[name] = (fields[index] === undefined ? '' : fields[index]).trim();
    });
    return { line, values, complete: fields.length === names.length };
  });
}

module.exports = { parseRows, parseRecords };
