import { beforeEach, describe, expect, test, vi } from "vitest";

const ORIGIN = "https://folio.example";
const FILE = "/static/build/assets/shell-Ab12Cd34.js";
const POLICY = { "content-security-policy": "default-src 'none'" };

type Work = (event: unknown) => void;

/** A store of answers as a browser's is, by address. */
class Stores {
  readonly held = new Map<string, Map<string, Response>>();

  async open(name: string): Promise<object> {
    const store = this.held.get(name) ?? new Map<string, Response>();
    this.held.set(name, store);
    const key = (asked: Request | string): string =>
      new URL(typeof asked === "string" ? asked : asked.url, ORIGIN).pathname;
    return {
      put: async (asked: Request | string, answer: Response) => store.set(key(asked), answer),
      match: async (asked: Request | string) => store.get(key(asked))?.clone(),
    };
  }

  async keys(): Promise<string[]> {
    return [...this.held.keys()];
  }

  async delete(name: string): Promise<boolean> {
    return this.held.delete(name);
  }
}

const heard = new Map<string, Work>();
const server = vi.fn<(asked: Request | string) => Promise<Response>>();
let stores = new Stores();

beforeEach(async () => {
  heard.clear();
  stores = new Stores();
  server.mockReset();
  server.mockImplementation(async (asked) => answer(`of ${typeof asked === "string" ? asked : asked.url}`));
  vi.stubGlobal("caches", stores);
  vi.stubGlobal("fetch", server);
  vi.stubGlobal("location", new URL(ORIGIN));
  vi.stubGlobal("self", {
    build: { name: "new-en", page: "/offline/en/", files: [FILE] },
    clients: { claim: async () => undefined },
    registration: {},
    skipWaiting: async () => undefined,
    addEventListener: (kind: string, work: Work) => heard.set(kind, work),
  });
  vi.resetModules();
  await import("../../src/offline/worker");
});

function answer(text: string, init: ResponseInit = {}): Response {
  return new Response(text, init);
}

async function lives(kind: "install" | "activate"): Promise<void> {
  let work: Promise<unknown> = Promise.resolve();
  heard.get(kind)?.({ waitUntil: (given: Promise<unknown>) => (work = given) });
  await work;
}

/** What the worker answers; null where it leaves the request to the browser. */
async function asked(
  path: string,
  { method = "GET", mode = "navigate", preload = undefined as Response | undefined } = {},
) {
  let given: Promise<Response> | null = null;
  const request = { url: new URL(path, ORIGIN).href, method, mode };
  heard.get("fetch")?.({
    request,
    preloadResponse: Promise.resolve(preload),
    respondWith: (promise: Promise<Response>) => (given = promise),
  });
  return given === null ? null : await (given as Promise<Response>);
}

describe("the service worker", () => {
  test("leaves what is sent and what is no page to the browser, so that nothing is sent twice", async () => {
    expect(await asked("/portfolios/new/", { method: "POST" })).toBeNull();
    expect(await asked("/market-hours.json", { mode: "cors" })).toBeNull();
    expect(await asked("/healthz", { mode: "cors" })).toBeNull();
    expect(await asked("https://elsewhere.example/")).toBeNull();
    expect(server).not.toHaveBeenCalled();
  });

  test("passes a page on from the server and keeps nothing of it", async () => {
    await lives("install");
    const page = await asked("/portfolios/1/", { preload: answer("mine") });
    expect(await page?.text()).toBe("mine");
    expect(await (await asked("/"))?.text()).toBe(`of ${ORIGIN}/`);
    expect([...(stores.held.get("tickfolio-new-en")?.keys() ?? [])].sort()).toEqual(["/offline/en/", FILE]);
  });

  test("shows the page of last known values where nothing answers, and where only a proxy does", async () => {
    await lives("install");
    server.mockRejectedValue(new TypeError("offline"));
    expect(await (await asked("/portfolios/1/"))?.text()).toBe("of /offline/en/");
    server.mockResolvedValue(answer("Bad Gateway", { status: 502 }));
    expect(await (await asked("/"))?.text()).toBe("of /offline/en/");
    server.mockResolvedValue(answer("Busy for a moment", { status: 503, headers: POLICY }));
    expect(await (await asked("/"))?.text()).toBe("Busy for a moment");
  });

  test("fails as without a worker where it has no page to show", async () => {
    server.mockRejectedValue(new TypeError("offline"));
    await expect(asked("/")).rejects.toThrow("offline");
  });

  test("asks for a built file once", async () => {
    expect(await (await asked(FILE, { mode: "cors" }))?.text()).toBe(`of ${ORIGIN}${FILE}`);
    server.mockRejectedValue(new TypeError("offline"));
    expect(await (await asked(FILE, { mode: "cors" }))?.text()).toBe(`of ${ORIGIN}${FILE}`);
  });

  test("is not installed with half of its files, nor with a sign-in page in their place", async () => {
    server.mockImplementation(async (of) => answer("", { status: of === FILE ? 404 : 200 }));
    await expect(lives("install")).rejects.toThrow(FILE);
    server.mockImplementation(async () => Object.defineProperty(answer("Sign in"), "redirected", { value: true }));
    await expect(lives("install")).rejects.toThrow("/offline/en/");
  });

  test("takes away what another build has left, and nothing of others", async () => {
    await stores.open("tickfolio-old-en");
    await stores.open("somebody-else");
    await lives("install");
    await lives("activate");
    expect(await stores.keys()).toEqual(["somebody-else", "tickfolio-new-en"]);
  });
});
