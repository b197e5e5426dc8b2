/** The stylesheet's colours for a canvas, which knows no custom properties: the browser resolves them on a probe. */

export interface ChartColours {
  readonly line: string;
  /** Where the line leads over a time for which there was no value. */
  readonly unseenLine: string;
  readonly gainArea: string;
  readonly lossArea: string;
}

const NUMBERS = /[\d.]+/g;

export function chartColours(container: HTMLElement): ChartColours {
  const probe = document.createElement("i");
  probe.hidden = true;
  container.append(probe);
  const resolved = (role: string): readonly number[] => {
    probe.style.color = `var(--${role})`;
    return (getComputedStyle(probe).color.match(NUMBERS) ?? []).map(Number);
  };
  const colours = {
    line: rgba(resolved("accent"), 1),
    unseenLine: rgba(resolved("accent"), 0.25),
    gainArea: rgba(resolved("gain"), 0.12),
    lossArea: rgba(resolved("loss"), 0.13),
  };
  probe.remove();
  return colours;
}

function rgba(parts: readonly number[], alpha: number): string {
  const [red = 0, green = 0, blue = 0] = parts;
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}
