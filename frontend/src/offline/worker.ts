/**
 * The service worker: built files come from the browser's own store, and where the server cannot be reached a page of its
 * last known values stands in for the one that was asked for.
 *
 * No page with anybody's data is ever kept, and nothing but a plain look at a page is answered here: what is sent, such as a
 * form, goes to the server or nowhere, and is not sent again. The server puts `self.build` before this script: with another
 * build, or in another language, it is another script, which takes the place of this one with a store of its own.
 */

/** What the browser gives a worker; its own types exclude those of a page. */
interface Later extends Event {
  readonly waitUntil: (work: Promise<unknown>) => void;
}
interface Asked extends Later {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  readonly respondWith: (answer: Promise<Response>) => void;
}
interface WorkerScope {
  readonly build: { readonly name: string; readonly page: string; readonly files: readonly string[] };
  readonly clients: { readonly claim: () => Promise<void> };
  readonly registration: {
    readonly navigationPreload?: { readonly enable: () => Promise<void> };
  };
  readonly skipWaiting: () => Promise<void>;
  readonly addEventListener: ((kind: "install" | "activate", work: (event: Later) => void) => void) &
    ((kind: "fetch", work: (event: Asked) => void) => void);
}

const worker = self as unknown as WorkerScope;
const PREFIX = "tickfolio-";
const STORE = `${PREFIX}${worker.build.name}`;
const BUILT = "/static/build/assets/";
/** What stands before a server says so when there is nothing behind it; one of Tickfolio's own answers has a policy. */
const NO_SERVER: ReadonlySet<number> = new Set([502, 503, 504]);

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith(BUILT)) event.respondWith(file(request));
});

/** The page without a server and all that it needs, or no worker at all. */
async function install(): Promise<void> {
  const store = await caches.open(STORE);
  await Promise.all(
    [worker.build.page, ...worker.build.files].map(async (address) => {
      const answer = await fetch(address, { cache: "reload" });
      // A sign-in page of something that stands before the server is not what was asked for.
      if (!answer.ok || answer.redirected) throw new Error(`Expected ${address}, was answered ${answer.status}.`);
      await store.put(address, answer);
    }),
  );
  await worker.skipWaiting();
}

/** What other builds have left goes. */
async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== STORE).map((name) => caches.delete(name)),
  );
  // The page is asked for while the worker wakes up, not after.
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

async function page(event: Asked): Promise<Response> {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    const isOurs = !NO_SERVER.has(answer.status) || answer.headers.has("content-security-policy");
    return isOurs ? answer : ((await offline()) ?? answer);
  } catch (error) {
    const instead = await offline();
    if (instead === undefined) throw error;
    return instead;
  }
}

async function offline(): Promise<Response | undefined> {
  const store = await caches.open(STORE);
  return store.match(worker.build.page, { ignoreVary: true });
}

/** A built file is named by its content: what is kept of it cannot be old. */
async function file(request: Request): Promise<Response> {
  const store = await caches.open(STORE);
  const kept = await store.match(request, { ignoreVary: true });
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok && answer.status === 200) await store.put(request, answer.clone());
  return answer;
}

// A module for the compiler; the built script has neither imports nor exports, so that every browser takes it as a worker.
export {};
