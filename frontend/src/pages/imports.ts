/** The pages of imports: a file can be dropped where it is chosen, and is judged by its size before it travels. */

import { byId, within } from "../lib/dom";
import { phrase } from "../lib/words";
import { startAppShell } from "./app_shell";
import { startFormsIn } from "./forms";
import { LongJob } from "./long_job";

startImports();
startAppShell();

function startImports(): void {
  const drop = document.getElementById("drop");
  if (drop !== null) startUpload(drop, byId("upload", HTMLFormElement));
  new LongJob((main) => {
    startImports();
    startFormsIn(main);
  }).start();
}

function startUpload(area: HTMLElement, form: HTMLFormElement): void {
  const input = within(form, "input[type=file]", HTMLInputElement);
  let depth = 0;
  const lit = (change: number): void => {
    depth = Math.max(0, depth + change);
    area.classList.toggle("drop-over", depth > 0);
  };
  area.addEventListener("dragenter", (event) => {
    if (holdsFiles(event)) lit(1);
  });
  area.addEventListener("dragleave", (event) => {
    if (holdsFiles(event)) lit(-1);
  });
  area.addEventListener("dragover", (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  area.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    lit(0);
    taken(event.dataTransfer?.files);
  });
  // A file that misses the area would replace the page.
  for (const kind of ["dragover", "drop"] as const) {
    addEventListener(kind, (event) => {
      if (holdsFiles(event)) event.preventDefault();
    });
  }
  input.addEventListener("change", () => judge());
  form.addEventListener("submit", (event) => {
    if (!judge()) event.preventDefault();
    else {
      const file = phrase("the file");
      say(phrase("Reading {name} …", { name: input.files?.[0]?.name ?? file }));
    }
  });

  function taken(files: FileList | undefined): void {
    if (files === undefined || files.length === 0) return;
    if (files.length > 1) {
      fault(phrase("Expected one file, were {count}. Hand in one after another.", { count: files.length }));
      return;
    }
    input.files = files;
    if (judge()) form.requestSubmit();
  }

  /** Whether the chosen file, if any, may be sent; the server says the rest. */
  function judge(): boolean {
    const file = input.files?.[0];
    const isArchive = file?.name.toLowerCase().endsWith(".zip") === true;
    const most = Number(form.dataset[isArchive ? "mostZip" : "most"]);
    const isTooLarge = file !== undefined && file.size > most;
    const instead = isArchive
      ? phrase("Unpack it and hand in the JSON that is in it; only the attached files stay out then.")
      : phrase("Split it.");
    fault(
      isTooLarge
        ? phrase("Expected a file of at most {most} MiB, was one of {size} MiB. {instead}", {
            most: most / 1024 / 1024,
            size: Math.ceil(file.size / 1024 / 1024),
            instead,
          })
        : "",
    );
    if (!isTooLarge && file !== undefined) say(phrase("{name} is chosen.", { name: file.name }));
    return !isTooLarge;
  }

  function fault(text: string): void {
    const place = byId("file-fault", HTMLElement);
    within(place, "span", HTMLElement).textContent = text;
    place.hidden = text === "";
    input.toggleAttribute("aria-invalid", text !== "");
    // A form that was stopped may be sent again once the file is another one.
    delete form.dataset["sent"];
  }

  function say(text: string): void {
    byId("drop-spoken", HTMLElement).textContent = text;
  }
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
