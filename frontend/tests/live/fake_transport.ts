/** A socket without a network: the test plays the server. */

import type { Transport } from "../../src/live/socket";

export class FakeTransport implements Transport {
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent<unknown>) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  readonly sent: { readonly type: string; readonly [field: string]: unknown }[] = [];
  isClosed = false;
  /** As of a WebSocket: open. */
  readyState = 1;

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.isClosed = true;
    this.readyState = 2;
  }

  opens(): void {
    this.onopen?.(new Event("open"));
  }

  says(message: unknown): void {
    this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  breaks(): void {
    this.onclose?.(Object.assign(new Event("close"), { code: 1006, reason: "", wasClean: false }));
  }

  sentOf(type: string): readonly { readonly [field: string]: unknown }[] {
    return this.sent.filter((message) => message.type === type);
  }
}

/** Every connection that a test's client opened, the newest last. */
export class FakeNetwork {
  readonly opened: FakeTransport[] = [];

  readonly open = (): Transport => {
    const transport = new FakeTransport();
    this.opened.push(transport);
    return transport;
  };

  get newest(): FakeTransport {
    const transport = this.opened.at(-1);
    if (transport === undefined) throw new Error("No connection was opened.");
    return transport;
  }
}
