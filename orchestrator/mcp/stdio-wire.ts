import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { type JSONRPCMessage, JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import type { BoundedLine } from "../io/bounded-lines.ts";
import type { ServerProcess } from "../io/server-process.ts";
import { messageBytesMax, type Wire, type WireListener } from "./wire.ts";

/** The way to a server on its standard input and output. A line that is no message, or too long, is told and otherwise passed over. */
export function createStdioWire(server: ServerProcess): Wire {
  let listener: WireListener | null = null;
  const transport: Transport = {
    start: async () => {},
    send: (message) => server.send(JSON.stringify(message)),
    close: () => server.end(),
  };
  server.listen((line) => {
    const message = readMessage(line);
    if (typeof message !== "string") transport.onmessage?.(message);
    else if (message !== "") listener?.unusable({ reason: message, raw: line.text });
  });
  void server.ended.then((how) => {
    listener?.lost(how);
    transport.onclose?.();
  });
  return {
    transport,
    pid: server.pid,
    hear: (given) => {
      listener = given;
    },
    lastSaid: () => "",
    end: () => server.end(),
  };
}

/** The message in a line, or why there is none; an empty line says nothing. */
function readMessage({ text, isWhole }: BoundedLine): JSONRPCMessage | string {
  if (!isWhole) return `its answer has more than ${messageBytesMax} bytes`;
  if (text.trim() === "") return "";
  try {
    const parsed = JSONRPCMessageSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : "its answer is no message of the protocol";
  } catch {
    return "its answer is no JSON";
  }
}
