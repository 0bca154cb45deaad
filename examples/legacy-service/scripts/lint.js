'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..');
const folders = ['src', 'bin', 'scripts', 'test'];
const files = folders.flatMap((folder) => fs.readdirSync(path.join(root, folder)).map((name) => path.join(folder, name)));
const problems = [];

for (const file of files.filter((name) => /\.m?js$/.test(name))) {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  if (!text.endsWith('\n')) problems.push(`${file}: no line end at the end`);
  text.split('\n').forEach((line, index) => {
    if (/[ \t]$/.test(line)) problems.push(`${file}:${index + 1}: white space at the end of the line`);
    if (/\t/.test(line)) problems.push(`${file}:${index + 1}: a tab`);
  });
  const { status, stderr } = spawnSync(process.execPath, ['--check', file], { cwd: root, encoding: 'utf8' });
  if (status !== 0) problems.push(`${file}: ${stderr.trim()}`);
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
