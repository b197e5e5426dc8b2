// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { askWhetherLost } from "../../src/pages/lost";

const ID = "0b9c";

function asked(status: number, body: object, isSignedOut = false) {
  const told = { gone: vi.fn(), reload: vi.fn(), watchPortfolios: vi.fn() };
  const fetched = vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  vi.stubGlobal("fetch", fetched);
  const { gone, reload, watchPortfolios } = told;
  const answer = askWhetherLost(ID, { store: { isSignedOut, watchPortfolios }, gone, reload });
  return { ...told, fetched, answer };
}

afterEach(() => vi.unstubAllGlobals());

test("a portfolio that the server has for the person is watched again", async () => {
  const { answer, watchPortfolios, gone, reload, fetched } = asked(200, {});
  await answer;
  expect(fetched).toHaveBeenCalledWith(`/portfolios/${ID}/today.json`, expect.anything());
  expect(watchPortfolios).toHaveBeenCalledWith([ID]);
  expect([gone.mock.calls, reload.mock.calls]).toEqual([[], []]);
});

test("one that is not there for the person is gone, and who is signed out sees that page", async () => {
  const lost = asked(404, { code: "not_found" });
  await lost.answer;
  expect([lost.gone.mock.calls.length, lost.reload.mock.calls.length]).toEqual([1, 0]);
  const out = asked(401, { code: "sign_in_required" });
  await out.answer;
  expect([out.gone.mock.calls.length, out.reload.mock.calls.length]).toEqual([0, 1]);
});

test("a server that fails says nothing of it, and who has signed out asks nobody", async () => {
  const failed = asked(503, { code: "busy" });
  await failed.answer;
  expect([failed.gone.mock.calls, failed.reload.mock.calls, failed.watchPortfolios.mock.calls]).toEqual([[], [], []]);
  const out = asked(404, { code: "not_found" }, true);
  await out.answer;
  expect(out.fetched).not.toHaveBeenCalled();
});
