/** A page that has no module of its own but a form whose work may take a while. */

import { startAppShell } from "./app_shell";
import { startFormsIn } from "./forms";
import { LongJob } from "./long_job";

startAppShell();
startJobs();

function startJobs(): void {
  if (document.getElementById("job") === null) return;
  new LongJob((main) => {
    startFormsIn(main);
    startJobs();
  }).start();
}
