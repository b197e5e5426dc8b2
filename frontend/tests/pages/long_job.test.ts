// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { BROWSER, LongJob } from "../../src/pages/long_job";

const ANY = "/jobs/00000000-0000-0000-0000-000000000000/";
const PANEL = `<section id="job" data-address="${ANY}" hidden><h2 id="job-name"></h2><progress id="job-bar" max="100"></progress>
  <span id="job-text"></span><form id="job-cancel"><button>Cancel</button></form><p id="job-spoken"></p></section>`;
const FORM = `<form action="/import/1/book/" data-job="Booking …" data-stopped="/import/1/?stopped"><input name="digest" value="d"></form>`;

describe("a form whose work takes a while", () => {
  let asked: { address: string; options: RequestInit }[];
  let opened: string[];
  let told: (object | null)[];
  let waits: number[];
  let replaced: number;
  let answer: (response: Response) => void;
  let lose: () => void;
  let job: LongJob;

  function opens(panel = PANEL): void {
    document.body.innerHTML = `<main id="main">${panel}${FORM}</main>`;
    [asked, opened, told, waits, replaced] = [[], [], [], [], 0];
    const work = new Promise<Response>((resolve, reject) => {
      answer = resolve;
      lose = () => reject(new TypeError("gone"));
    });
    job = new LongJob(
      () => {
        replaced += 1;
      },
      {
        fetch: (address, options) => {
          asked.push({ address, options });
          if (address === "/import/1/book/") return work;
          const next = told.length > 1 ? told.shift() : told[0];
          return next === null || next === undefined
            ? Promise.reject(new TypeError("offline"))
            : Promise.resolve(Response.json(next));
        },
        open: (address) => opened.push(address),
        wait: (milliseconds) => {
          waits.push(milliseconds);
          return new Promise((done) => setTimeout(done, 0));
        },
        key: () => "k",
      },
    );
    job.start();
  }

  const byId = (id: string): HTMLElement => document.getElementById(id) ?? document.body;
  const form = (): HTMLFormElement =>
    document.querySelector<HTMLFormElement>("form[data-job]") ?? new HTMLFormElement();
  const beats = async (count = 6): Promise<void> => {
    for (let beat = 0; beat < count; beat += 1) await new Promise((done) => setTimeout(done, 0));
  };
  const running = (percent: number, text = "Writing: 5 of 10 rows"): object => ({
    state: "running",
    name: "Booking a.csv",
    text,
    percent,
  });

  beforeEach(() => opens());

  test("what is over at once is never shown", async () => {
    form().requestSubmit();
    answer(Response.json({ location: "/import/1/" }));
    await beats();
    expect(opened).toEqual(["/import/1/"]);
    expect(waits).toEqual([400]);
    expect(byId("job").hidden).toBe(true);
    const body = asked[0]?.options.body as FormData;
    expect([...body]).toEqual([
      ["digest", "d"],
      ["job", "k"],
    ]);
    expect(asked).toHaveLength(1);
  });

  test("what goes on says how far it is, and says it aloud once a quarter", async () => {
    told = [{ state: "gone" }, running(10), running(12), running(60, "Writing: 6 of 10 rows")];
    form().requestSubmit();
    form().requestSubmit();
    await beats(1);
    expect(byId("job").hidden).toBe(false);
    expect(byId("job-name").textContent).toBe("Booking …");
    expect(byId("job-bar").hasAttribute("value")).toBe(false);
    await beats(12);
    expect((byId("job-bar") as HTMLProgressElement).value).toBe(60);
    expect(byId("job-text").textContent).toBe("Writing: 6 of 10 rows");
    expect(byId("job-spoken").textContent).toBe("Booking a.csv. Writing: 6 of 10 rows");
    expect(asked.filter(({ options }) => options.method === "POST")).toHaveLength(1);
    expect(asked[1]?.address).toBe("/jobs/k/");
    answer(Response.json({ location: "/import/1/" }));
    await beats();
    expect(opened).toEqual(["/import/1/"]);
  });

  test("where a form does not say what tells of work that is gone, its page does", async () => {
    form().removeAttribute("data-stopped");
    told = [{ state: "gone" }];
    form().requestSubmit();
    lose();
    await beats();
    expect(opened).toEqual([`${location.pathname}?stopped`]);
  });

  test("it is cancelled, and leads where the server says", async () => {
    told = [running(10)];
    form().requestSubmit();
    await beats();
    byId("job-cancel").dispatchEvent(new Event("submit", { cancelable: true }));
    await beats();
    expect(asked.some(({ address }) => address === "/jobs/k/cancel/")).toBe(true);
    expect(byId("job-text").textContent).toBe("Cancelling …");
    expect(document.querySelector<HTMLButtonElement>("#job-cancel button")?.disabled).toBe(true);
    answer(Response.json({ location: "/import/" }));
    await beats();
    expect(opened).toEqual(["/import/"]);
  });

  test("a cancellation that does not arrive can be tried again", async () => {
    told = [running(10), null];
    form().requestSubmit();
    await beats(1);
    await job.cancel();
    expect(document.querySelector<HTMLButtonElement>("#job-cancel button")?.disabled).toBe(false);
    answer(Response.json({ location: "/" }));
  });

  test("what could not be done is said by the server's own page", async () => {
    form().requestSubmit();
    const page = `<title>Refused</title><main id="main"><p class="error-summary">Nothing is booked</p>${PANEL}</main>`;
    answer(new Response(page, { headers: { "content-type": "text/html" }, status: 409 }));
    await beats();
    expect(byId("main").textContent).toContain("Nothing is booked");
    expect(document.title).toBe("Refused");
    expect(replaced).toBe(1);
    expect(opened).toEqual([]);
  });

  test("what stands beside the main part is sent by what is started anew with that, and not by what was before", async () => {
    const beside = document.createElement("form");
    beside.dataset["job"] = "Undoing …";
    document.body.append(beside);
    job.start();
    form().requestSubmit();
    answer(new Response(`<main id="main">${PANEL}</main>`, { headers: { "content-type": "text/html" } }));
    await beats();
    const sent = new SubmitEvent("submit", { cancelable: true });
    beside.dispatchEvent(sent);
    expect(sent.defaultPrevented).toBe(false);
  });

  test("who is signed out meanwhile is led to where they sign in", async () => {
    form().requestSubmit();
    const away = new Response("<main id='main'></main>", { headers: { "content-type": "text/html" } });
    Object.defineProperty(away, "redirected", { value: true });
    Object.defineProperty(away, "url", { value: "/sign-in/" });
    answer(away);
    await beats();
    expect(opened).toEqual(["/sign-in/"]);
  });

  test("an answer that a proxy did not wait for is had from the job", async () => {
    told = [running(10), { state: "done", location: "/import/1/" }];
    form().requestSubmit();
    answer(new Response("timed out", { status: 504 }));
    await beats(10);
    expect(opened).toEqual(["/import/1/"]);
  });

  test("a server that was stopped took the job along, and the page says so", async () => {
    told = [running(10), null, { state: "gone" }];
    form().requestSubmit();
    await beats(1);
    lose();
    await beats(10);
    expect(opened).toEqual(["/import/1/?stopped"]);
    expect(byId("job-text").textContent).toBe("The server cannot be reached right now. Waiting for it …");
  });

  test("what already runs when the page is opened is followed to its end", async () => {
    opens(PANEL.replace(" hidden", ' data-running="r"'));
    told = [running(40), { state: "cancelled", location: "/import/" }];
    await beats(8);
    expect(asked[0]?.address).toBe("/jobs/r/");
    expect(opened).toEqual(["/import/"]);
  });

  test("what failed elsewhere says why", async () => {
    opens(PANEL.replace(" hidden", ' data-running="r"'));
    told = [{ state: "failed", name: "Booking a.csv", text: "Book again.", percent: 40 }];
    await beats();
    expect(byId("job-text").textContent).toBe("Book again.");
    expect(byId("job-spoken").textContent).toBe("Book again.");
    expect(byId("job-cancel").hidden && byId("job-bar").hidden).toBe(true);
    expect(opened).toEqual([]);
  });

  test("keys are random UUIDs", () => {
    expect(BROWSER.key()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(BROWSER.key()).not.toBe(BROWSER.key());
  });
});
