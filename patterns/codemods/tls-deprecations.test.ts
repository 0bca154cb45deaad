import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { tlsDeprecations } from "./tls-deprecations.ts";

const after = (text: string, path?: string) => afterText(tlsDeprecations, text, path);

test.each([
  [
    "const crypto = require('crypto');\ncrypto.createCredentials({ a });\n",
    "require('node:tls').createSecureContext({ a });\n",
  ],
  [
    "const tls = require('tls');\nconst { createCredentials: c } = require('crypto');\nc(tls.a);\n",
    "const tls = require('tls');\ntls.createSecureContext(tls.a);\n",
  ],
  [
    "import crypto from 'crypto';\nx instanceof crypto.Credentials;\ncrypto.b;\n",
    "import crypto from 'crypto';\nimport tls from 'node:tls';\nx instanceof tls.SecureContext;\ncrypto.b;\n",
  ],
  [
    "const { connect } = require('node:_tls_wrap'); connect({ secureProtocol: 'TLSv1_1_method' });",
    "const { connect } = require('node:tls'); connect({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' });",
  ],
  ["const { TLSSocket } = require('_tls_wrap');", "const { TLSSocket } = require('tls');"],
  ["const w = require('node:_tls_wrap'); w.connect(a);", "const w = require('node:tls'); w.connect(a);"],
  ["import { createSecureContext as c } from '_tls_common';", "import { createSecureContext as c } from 'tls';"],
  ["import * as c from '_tls_common'; new c.SecureContext();", "import * as c from 'tls'; new c.SecureContext();"],
  [
    "const tls = require('tls'); tls.connect(1, { secureProtocol: 'TLSv1_2_method', a });",
    "const tls = require('tls'); tls.connect(1, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', a });",
  ],
  [
    'import https from "https"; new https.Agent({ "secureProtocol": "TLSv1_method" });',
    'import https from "https"; new https.Agent({ minVersion: "TLSv1", maxVersion: "TLSv1" });',
  ],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test.each([
  "const crypto = require('crypto-js'); crypto.createCredentials();",
  "f({ secureProtocol: 'TLSv1_2_method' });",
  "const tls = require('tls'); const options = { secureProtocol: 'TLSv1_2_method' }; tls.connect(options);",
  "function f(tls) { tls.createSecurePair(); }",
  "require('./_tls_wrap').connect();",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test.each([
  ["require('tls').createSecurePair(a);", /^skipped: tls.createSecurePair stays: DEP0064: /],
  ["import { parseCertString } from 'tls'; parseCertString(a);", /^skipped: tls.parseCertString stays: DEP0076: /],
  ["const w = require('_tls_wrap'); f(w);", /^skipped: _tls_wrap stays: it is used as a whole/],
  ["require('_tls_common').translatePeerCertificate(a);", /tls has no equal of translatePeerCertificate/],
  ["require('tls').connect({ secureProtocol: 'SSLv23_method' });", /it names no single version/],
  ["require('tls').connect({ ...a, secureProtocol: 'TLSv1_2_method' });", /may hold versions as well/],
  ["require('tls').createServer({ ecdhCurve: false });", /ECDH cannot be disabled any more/],
  ["let crypto = require('crypto'); crypto = a; crypto.createCredentials();", /crypto is assigned to/],
  ["export { createCredentials } from 'crypto';", /it is exported to other files/],
])("%s is refused", (text, reason) => {
  expect(after(text)).toMatch(reason);
});
