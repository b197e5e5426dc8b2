import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { backoffMs, type Link, LiveSocket } from "../../src/live/socket";
import { FakeNetwork } from "./fake_transport";

let network: FakeNetwork;
let phases: string[];
let link: Link;
let socket: LiveSocket;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  network = new FakeNetwork();
  phases = [];
  socket = new LiveSocket({
    open: network.open,
    onOpen: () => socket.send({ type: "hello" }),
    onText: () => {},
    onLink: (next) => {
      link = next;
      phases.push(next.phase);
    },
    random: () => 0.5,
  });
  socket.start();
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

test("the greeting goes out as soon as the socket is open", () => {
  network.newest.opens();
  expect(network.newest.sent).toEqual([{ type: "hello" }]);
  expect(phases).toEqual(["connecting", "open"]);
});

test("nothing is sent into a socket that is closing", () => {
  network.newest.opens();
  network.newest.readyState = 2;
  socket.send({ type: "ack" });
  expect(network.newest.sent).toEqual([{ type: "hello" }]);
});

test("after 4 s of silence the link is silent, and a word makes it open again", () => {
  network.newest.opens();
  network.newest.says({});
  vi.advanceTimersByTime(3_900);
  expect(link.phase).toBe("open");
  vi.advanceTimersByTime(350);
  expect(link).toEqual({ phase: "silent", heardAt: 1_000_000, retryAt: null });
  network.newest.says({});
  expect(link.phase).toBe("open");
});

test("after 12 s of silence the socket is dropped without waiting for its close", () => {
  network.newest.opens();
  network.newest.says({});
  const first = network.newest;
  vi.advanceTimersByTime(12_000);
  expect([first.isClosed, link.phase]).toEqual([true, "waiting"]);
  vi.advanceTimersByTime(150);
  expect([network.opened.length, link.phase]).toEqual([2, "connecting"]);
  first.says({});
  expect(link.heardAt).toBe(1_000_000);
});

test("a socket that never opens is dropped after 12 s too", () => {
  vi.advanceTimersByTime(12_150);
  expect(network.opened.length).toBe(2);
});

test("the waits grow with full jitter from 0.3 s to 15 s", () => {
  expect([0, 1, 2, 5, 6, 40].map((attempt) => backoffMs(attempt, 1))).toEqual([300, 600, 1_200, 9_600, 15_000, 15_000]);
  expect(backoffMs(3, 0)).toBe(0);
});

test("a message sets the waits back to the shortest", () => {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    network.newest.breaks();
    vi.advanceTimersByTime(15_000);
  }
  network.newest.opens();
  network.newest.says({});
  network.newest.breaks();
  expect(link.retryAt).toBe(Date.now() + 150);
});

test("a goodbye with a time is waited for", () => {
  network.newest.opens();
  socket.dismissed(4_000);
  network.newest.breaks();
  vi.advanceTimersByTime(4_100);
  expect(network.opened.length).toBe(1);
  vi.advanceTimersByTime(100);
  expect(network.opened.length).toBe(2);
});

test("the wait that a goodbye names keeps its jitter, so that not all pages come back at once", () => {
  const waits = [0, 0.5, 1].map((random) => {
    let retryAt: number | null = null;
    const page = new LiveSocket({
      open: network.open,
      onOpen: () => {},
      onText: () => {},
      onLink: (next) => {
        retryAt = next.retryAt;
      },
      random: () => random,
    });
    page.start();
    network.newest.opens();
    page.dismissed(1_000);
    network.newest.breaks();
    const wait = Number(retryAt) - Date.now();
    page.stop();
    return wait;
  });
  expect(waits).toEqual([1_000, 1_150, 1_300]);
});

test("a system clock that is set back does not hide a dead socket", () => {
  network.newest.opens();
  network.newest.says({});
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(5_500);
  expect(link.phase).toBe("silent");
  vi.advanceTimersByTime(6_500);
  expect(link.phase).toBe("waiting");
});

test("a sleep in which the steady clock stood still counts as silence", () => {
  network.newest.opens();
  network.newest.says({});
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(250);
  expect(link.phase).toBe("waiting");
});

test("a goodbye without a time is final until someone asks", () => {
  network.newest.opens();
  socket.dismissed(null);
  network.newest.breaks();
  vi.advanceTimersByTime(60_000);
  expect([network.opened.length, link.phase]).toEqual([1, "ended"]);
  socket.tryNow();
  expect(network.opened.length).toBe(2);
});

test("asking for an attempt while the link is silent drops its socket and opens another", () => {
  network.newest.opens();
  network.newest.says({});
  vi.advanceTimersByTime(5_500);
  const first = network.newest;
  socket.tryNow();
  expect([first.isClosed, network.opened.length, link.phase]).toEqual([true, 2, "connecting"]);
  first.says({});
  expect(link.phase).toBe("connecting");
  network.newest.opens();
  network.newest.says({});
  vi.advanceTimersByTime(1_000);
  expect([network.opened.length, link.phase]).toEqual([2, "open"]);
});

test("asking for an attempt while one hangs gives that up, and leaves a young one and an open socket alone", () => {
  socket.tryNow();
  expect(network.opened.length).toBe(1);
  vi.advanceTimersByTime(1_500);
  socket.tryNow();
  expect([network.opened[0]?.isClosed, network.opened.length]).toEqual([true, 2]);
  network.newest.opens();
  vi.advanceTimersByTime(3_000);
  socket.tryNow();
  expect(network.opened.length).toBe(2);
});

test("asking for an attempt skips the wait and never opens a second socket beside one", () => {
  network.newest.breaks();
  socket.tryNow();
  socket.tryNow();
  expect(network.opened.length).toBe(2);
  vi.advanceTimersByTime(1_000);
  expect(network.opened.length).toBe(2);
});
