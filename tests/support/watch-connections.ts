import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { onTestFinished } from "vitest";

/** Where this process opened connections to since the watch began: names and addresses, each once. Ends with the test. */
export function watchConnections(): () => readonly string[] {
  const seen = new Set<string>();
  const look = (message: unknown) => {
    const socket = typeof message === "object" && message !== null ? Reflect.get(message, "socket") : undefined;
    if (!(socket instanceof Socket)) return;
    socket.on("lookup", (_error, _address, _family, host) => seen.add(host));
    socket.on("connectionAttempt", (address) => seen.add(address));
  };
  subscribe("net.client.socket", look);
  onTestFinished(() => {
    unsubscribe("net.client.socket", look);
  });
  return () => [...seen];
}
