import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { FetchLike, Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { messageOf } from "../schema/errors.ts";
import { messageBytesMax, rawBytesMax, type Wire, type WireListener } from "./wire.ts";

/** The way to a server over Streamable HTTP. Each response is taken in up to a limit; the server cannot call us. */
export function createHttpWire(url: string, headers: Readonly<Record<string, string>>): Wire {
  let listener: WireListener | null = null;
  let said = () => "";
  const fetchBounded = createBoundedFetch({
    unusable: (answer) => listener?.unusable(answer),
    lost: (reason) => listener?.lost(reason),
    heard: (text) => {
      said = text;
    },
  });
  const inner = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { ...headers } },
    fetch: fetchBounded,
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1000,
      maxReconnectionDelay: 1000,
      reconnectionDelayGrowFactor: 1,
    },
  });
  return {
    transport: plainTransport(inner),
    pid: null,
    hear: (given) => {
      listener = given;
    },
    lastSaid: () => said(),
    end: () => inner.close().catch(() => {}),
  };
}

/** The SDK's class does not fit its own interface under exact optional types, so it is spoken to through one that does. */
function plainTransport(inner: StreamableHTTPClientTransport): Transport {
  const transport: Transport = {
    start: async () => {
      inner.onclose = () => transport.onclose?.();
      inner.onerror = (error) => transport.onerror?.(error);
      inner.onmessage = (message) => transport.onmessage?.(message);
      await inner.start();
    },
    send: (message) => inner.send(message),
    close: () => inner.close(),
    setProtocolVersion: (version) => inner.setProtocolVersion(version),
  };
  return transport;
}

interface FetchListener extends WireListener {
  /** The beginning of the body that is being read. */
  heard(text: () => string): void;
}

/** How long after the end of the stream that was to bring an answer the answer may still be on its way inside this process. */
const lateMs = 250;

/** Refuses the stream on which a server would call us: nothing is asked of us, and it could be endless. */
function createBoundedFetch(listener: FetchListener): FetchLike {
  let calls = 0;
  return async (url, init) => {
    if (init?.method === "GET") return new Response(null, { status: 405 });
    if (isCall(init?.body)) calls += 1;
    const number = calls;
    const response = await fetch(url, init).catch((error: unknown) => {
      if (init?.signal?.aborted !== true) listener.lost(`it cannot be reached: ${causeOf(error)}`);
      throw error;
    });
    const answered = describeAnswer(response);
    listener.heard(() => answered);
    if (response.status === 404) listener.lost("it does not know the session (404)");
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    if (!isMessage(headers)) {
      // The SDK refuses it by its type and never reads it; what it says is the evidence.
      const text = await readBeginning(response.body);
      listener.heard(() => `${answered}${text}`);
      return new Response(text, { status, statusText, headers });
    }
    // What becomes of the stream of a call that was answered is nothing to the next one.
    const isCurrent = () => number === calls;
    return new Response(
      boundBody(
        response.body,
        { ...listener, heard: (text) => listener.heard(() => `${answered}${text()}`) },
        isCurrent,
      ),
      { status, statusText, headers },
    );
  };
}

/** What an answer without a readable body leaves as evidence. */
function describeAnswer({ status, statusText, headers, redirected, url }: Response): string {
  const from = redirected ? `redirected to ${url}\n` : "";
  return `${from}HTTP ${status} ${statusText}\ncontent-type: ${headers.get("content-type") ?? "none"}\n\n`;
}

/** True for the types of content in which a server may answer. */
function isMessage(headers: Headers): boolean {
  const type = headers.get("content-type") ?? "";
  return type.includes("application/json") || type.includes("text/event-stream");
}

/** How long a body that is no answer is read. */
const beginningMs = 2_000;

/** The first bytes of a body, as many as come in time and are kept as evidence. Never rejects. */
async function readBeginning(body: ReadableStream<Uint8Array>): Promise<string> {
  const reader = body.getReader();
  const beginning = createBeginning();
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), beginningMs);
  try {
    while (beginning.bytes() < rawBytesMax) {
      const { done, value } = await reader.read();
      if (done) break;
      beginning.push(value);
    }
  } catch {
    // What came before the connection broke is what there is.
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => {});
  }
  return beginning.text();
}

/** `fetch` says only that it failed; its cause says why. */
function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

function isCall(body: unknown): boolean {
  return typeof body === "string" && body.slice(0, 100).includes('"method":"tools/call"');
}

function boundBody(
  body: ReadableStream<Uint8Array>,
  listener: FetchListener,
  isCurrent: () => boolean,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const beginning = createBeginning();
  const tell = (reason: string) => {
    if (isCurrent()) listener.unusable({ reason, raw: beginning.text() });
  };
  let isWanted = true;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const read = await reader.read().catch((error: unknown) => ({ broken: causeOf(error) }));
      if (!isWanted) return;
      if ("broken" in read) {
        if (isCurrent()) listener.lost(`the connection broke: ${read.broken}`);
        return controller.error(new Error(read.broken));
      }
      if (read.done) {
        setTimeout(() => tell("its answer ended before it was there"), lateMs).unref();
        return controller.close();
      }
      beginning.push(read.value);
      listener.heard(beginning.text);
      if (beginning.bytes() <= messageBytesMax) return controller.enqueue(read.value);
      const reason = `its answer has more than ${messageBytesMax} bytes`;
      tell(reason);
      await reader.cancel().catch(() => {});
      controller.error(new Error(reason));
    },
    cancel: (reason) => {
      isWanted = false;
      return reader.cancel(reason);
    },
  });
}

function createBeginning() {
  let kept = Buffer.alloc(0);
  let bytes = 0;
  return {
    push: (chunk: Uint8Array): void => {
      bytes += chunk.length;
      const room = rawBytesMax - kept.length;
      if (room > 0) kept = Buffer.concat([kept, chunk.subarray(0, room)]);
    },
    text: () => kept.toString("utf8"),
    bytes: () => bytes,
  };
}
