/** Names that modules of Node.js 20 export, without those that are deprecated, as lists in words. */
const lists: readonly (readonly [string, string])[] = [
  [
    "assert",
    "AssertionError deepEqual deepStrictEqual doesNotMatch doesNotReject doesNotThrow equal fail ifError match notDeepEqual notDeepStrictEqual notEqual notStrictEqual ok rejects strict strictEqual throws",
  ],
  [
    "assert/strict",
    "AssertionError deepEqual deepStrictEqual doesNotMatch doesNotReject doesNotThrow equal fail ifError match notDeepEqual notDeepStrictEqual notEqual notStrictEqual ok rejects strict strictEqual throws",
  ],
  [
    "async_hooks",
    "AsyncLocalStorage AsyncResource asyncWrapProviders createHook executionAsyncId executionAsyncResource triggerAsyncId",
  ],
  [
    "buffer",
    "Blob Buffer File atob btoa constants isAscii isUtf8 kMaxLength kStringMaxLength resolveObjectURL transcode",
  ],
  ["child_process", "ChildProcess exec execFile execFileSync execSync fork spawn spawnSync"],
  [
    "cluster",
    "Worker disconnect fork isMaster isPrimary isWorker schedulingPolicy settings setupMaster setupPrimary workers",
  ],
  [
    "crypto",
    "Certificate Cipher Cipheriv Decipher Decipheriv DiffieHellman DiffieHellmanGroup Hash Hmac KeyObject Sign Verify X509Certificate checkPrime checkPrimeSync constants createCipheriv createDecipheriv createDiffieHellman createDiffieHellmanGroup createECDH createHash createHmac createPrivateKey createPublicKey createSecretKey createSign createVerify diffieHellman generateKey generateKeyPair generateKeyPairSync generateKeySync generatePrime generatePrimeSync getCipherInfo getCiphers getCurves getDiffieHellman getFips getHashes getRandomValues hash hkdf hkdfSync pbkdf2 pbkdf2Sync privateDecrypt privateEncrypt publicDecrypt publicEncrypt randomBytes randomFill randomFillSync randomInt randomUUID scrypt scryptSync secureHeapUsed setEngine setFips sign timingSafeEqual verify",
  ],
  ["dgram", "Socket createSocket"],
  [
    "dns",
    "Resolver getDefaultResultOrder getServers lookup lookupService promises resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTxt reverse setDefaultResultOrder setServers",
  ],
  [
    "dns/promises",
    "Resolver getDefaultResultOrder getServers lookup lookupService resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTxt reverse setDefaultResultOrder setServers",
  ],
  [
    "events",
    "EventEmitter EventEmitterAsyncResource addAbortListener captureRejectionSymbol captureRejections defaultMaxListeners errorMonitor getEventListeners getMaxListeners init listenerCount on once setMaxListeners usingDomains",
  ],
  [
    "fs",
    "Dir Dirent FileReadStream FileWriteStream ReadStream Stats WriteStream access accessSync appendFile appendFileSync chmod chmodSync chown chownSync close closeSync constants copyFile copyFileSync cp cpSync createReadStream existsSync fchmod fchmodSync fchown fchownSync fdatasync fdatasyncSync fstat fstatSync fsync fsyncSync ftruncate ftruncateSync futimes futimesSync lchmod lchmodSync lchown lchownSync link linkSync lstat lstatSync lutimes lutimesSync mkdir mkdirSync mkdtemp mkdtempSync open openAsBlob openSync opendir opendirSync promises read readFile readFileSync readSync readdir readdirSync readlink readlinkSync readv readvSync realpath realpathSync rename renameSync rm rmSync rmdir rmdirSync stat statSync statfs statfsSync symlink symlinkSync truncate truncateSync unlink unlinkSync unwatchFile utimes utimesSync watch watchFile write writeFile writeFileSync writeSync writev writevSync",
  ],
  [
    "fs/promises",
    "access appendFile chmod chown constants copyFile cp lchmod lchown link lstat lutimes mkdir mkdtemp open opendir readFile readdir readlink realpath rename rm rmdir stat statfs symlink truncate unlink utimes watch writeFile",
  ],
  [
    "http",
    "Agent ClientRequest IncomingMessage OutgoingMessage Server ServerResponse createServer get globalAgent maxHeaderSize request setMaxIdleHTTPParsers validateHeaderName validateHeaderValue",
  ],
  [
    "http2",
    "Http2ServerRequest Http2ServerResponse connect constants createSecureServer createServer getDefaultSettings getPackedSettings getUnpackedSettings performServerHandshake sensitiveHeaders",
  ],
  ["https", "Agent Server createServer get globalAgent request"],
  [
    "module",
    "Module SourceMap builtinModules createRequire findSourceMap globalPaths isBuiltin register runMain syncBuiltinESMExports",
  ],
  [
    "net",
    "BlockList Server Socket SocketAddress Stream connect createConnection createServer getDefaultAutoSelectFamily getDefaultAutoSelectFamilyAttemptTimeout isIP isIPv4 isIPv6 setDefaultAutoSelectFamily setDefaultAutoSelectFamilyAttemptTimeout",
  ],
  [
    "os",
    "arch availableParallelism constants cpus devNull endianness freemem getPriority homedir hostname loadavg machine networkInterfaces platform release setPriority tmpdir totalmem type uptime userInfo version",
  ],
  [
    "path",
    "basename delimiter dirname extname format isAbsolute join matchesGlob normalize parse posix relative resolve sep toNamespacedPath win32",
  ],
  [
    "path/posix",
    "basename delimiter dirname extname format isAbsolute join matchesGlob normalize parse posix relative resolve sep toNamespacedPath win32",
  ],
  [
    "path/win32",
    "basename delimiter dirname extname format isAbsolute join matchesGlob normalize parse posix relative resolve sep toNamespacedPath win32",
  ],
  [
    "perf_hooks",
    "Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming constants createHistogram monitorEventLoopDelay performance",
  ],
  [
    "process",
    "abort allowedNodeEnvironmentFlags arch argv argv0 availableMemory chdir config constrainedMemory cpuUsage cwd debugPort dlopen emitWarning env execArgv execPath exit exitCode features getActiveResourcesInfo getBuiltinModule getegid geteuid getgid getgroups getuid hasUncaughtExceptionCaptureCallback hrtime initgroups kill loadEnvFile memoryUsage moduleLoadList nextTick pid platform ppid release report resourceUsage setSourceMapsEnabled setUncaughtExceptionCaptureCallback setegid seteuid setgid setgroups setuid sourceMapsEnabled stderr stdin stdout title umask uptime version versions",
  ],
  ["querystring", "decode encode escape parse stringify unescape unescapeBuffer"],
  ["readline", "Interface clearLine clearScreenDown createInterface cursorTo emitKeypressEvents moveCursor promises"],
  ["readline/promises", "Interface Readline createInterface"],
  [
    "stream",
    "Duplex PassThrough Readable Stream Transform Writable addAbortSignal compose destroy duplexPair finished getDefaultHighWaterMark isDestroyed isDisturbed isErrored isReadable isWritable pipeline promises setDefaultHighWaterMark",
  ],
  ["stream/consumers", "arrayBuffer blob buffer json text"],
  ["stream/promises", "finished pipeline"],
  ["string_decoder", "StringDecoder"],
  [
    "timers",
    "active clearImmediate clearInterval clearTimeout enroll promises setImmediate setInterval setTimeout unenroll",
  ],
  ["timers/promises", "scheduler setImmediate setInterval setTimeout"],
  [
    "tls",
    "SecureContext Server TLSSocket checkServerIdentity connect convertALPNProtocols createSecureContext createServer getCiphers rootCertificates",
  ],
  ["tty", "ReadStream WriteStream isatty"],
  [
    "url",
    "URLSearchParams Url domainToASCII domainToUnicode fileURLToPath format parse pathToFileURL resolve resolveObject urlToHttpOptions",
  ],
  [
    "util",
    "MIMEParams MIMEType TextDecoder TextEncoder aborted callbackify debug debuglog deprecate format formatWithOptions getSystemErrorMap getSystemErrorName inherits inspect isDeepStrictEqual parseArgs parseEnv promisify stripVTControlCharacters styleText toUSVString transferableAbortController transferableAbortSignal types",
  ],
  [
    "util/types",
    "isAnyArrayBuffer isArgumentsObject isArrayBuffer isArrayBufferView isAsyncFunction isBigInt64Array isBigIntObject isBigUint64Array isBooleanObject isBoxedPrimitive isCryptoKey isDataView isDate isExternal isFloat32Array isFloat64Array isGeneratorFunction isGeneratorObject isInt16Array isInt32Array isInt8Array isKeyObject isMap isMapIterator isModuleNamespaceObject isNativeError isNumberObject isPromise isProxy isRegExp isSet isSetIterator isSharedArrayBuffer isStringObject isSymbolObject isTypedArray isUint16Array isUint32Array isUint8Array isUint8ClampedArray isWeakMap isWeakSet",
  ],
  [
    "v8",
    "DefaultDeserializer DefaultSerializer Deserializer GCProfiler Serializer cachedDataVersionTag deserialize getHeapCodeStatistics getHeapSnapshot getHeapSpaceStatistics getHeapStatistics promiseHooks queryObjects serialize setFlagsFromString setHeapSnapshotNearHeapLimit startupSnapshot stopCoverage takeCoverage writeHeapSnapshot",
  ],
  [
    "vm",
    "Script compileFunction constants createContext createScript isContext measureMemory runInContext runInNewContext runInThisContext",
  ],
  [
    "worker_threads",
    "BroadcastChannel MessageChannel MessagePort Worker getEnvironmentData isMainThread markAsUntransferable moveMessagePortToContext parentPort postMessageToThread receiveMessageOnPort resourceLimits setEnvironmentData threadId workerData",
  ],
  [
    "zlib",
    "BrotliCompress BrotliDecompress Deflate DeflateRaw Gunzip Gzip Inflate InflateRaw Unzip brotliCompress brotliCompressSync brotliDecompress brotliDecompressSync codes constants crc32 createBrotliCompress createBrotliDecompress createDeflate createDeflateRaw createGunzip createGzip createInflate createInflateRaw createUnzip deflate deflateRaw deflateRawSync deflateSync gunzip gunzipSync gzip gzipSync inflate inflateRaw inflateRawSync inflateSync unzip unzipSync",
  ],
];

/**
 * Whether a module of Node.js has an export of that name, for `import { name } from`, which fails at load where there is none. Fixed, so that
 * the result does not depend on the Node.js that runs the codemod; false for what is deprecated or newer than Node.js 20.
 */
export function hasBuiltinExport(module: string, name: string): boolean {
  const list = lists.find(([each]) => each === module)?.[1];
  return list?.split(" ").includes(name) === true;
}
