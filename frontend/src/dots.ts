// The lead picture, moved: the same rules as parley.site.render.dots, which draws it first.

import { all, drawn, find } from "./page";
import { number } from "./numbers";

export interface Row { dots: readonly number[]; advised: boolean; before?: number | undefined }

export const LEFT = 10, INSIDE = 320;
const WIDTH = 340, LABEL = 20, PILE = 36, GAP = 8, LARGEST = 7, SMALLEST = 3;

export function domain(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  let low = Infinity, high = -Infinity;
  for (const value of values) { low = Math.min(low, value); high = Math.max(high, value); }
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

export function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * ([1, 2, 5, 10].find((each) => ten * each >= rough * 0.999) ?? 10);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at <= Math.floor(high / step + 1e-9); at++) found.push(at * step);
  return found;
}

export const placed = (value: number, low: number, high: number): number => LEFT + (value - low) / (high - low) * INSIDE;

export function one(value: number): string {
  const tenths = Math.floor(value * 10 + 0.5);
  return tenths % 10 === 0 ? String(tenths / 10) : (tenths / 10).toFixed(1);
}

export function pile(dots: readonly number[], low: number, high: number): [string, number] {
  for (let size = LARGEST; ; size -= 0.5) {
    const columns = Math.floor(INSIDE / size), pitch = INSIDE / columns;
    const heights = new Map<number, number>();
    const places: [number, number][] = [];
    let most = 1;
    for (const dot of dots) {
      const at = Math.min(Math.max(Math.floor((dot - low) / (high - low) * columns), 0), columns - 1);
      const up = heights.get(at) ?? 0;
      places.push([at, up]);
      heights.set(at, up + 1);
      most = Math.max(most, up + 1);
    }
    if (most * size > PILE && size > SMALLEST) continue;
    const rise = Math.min(size, PILE / most);
    return [places.map(([at, up]) => `M${one(LEFT + (at + 0.5) * pitch)}-${one((up + 0.5) * rise)}h0`).join(""), size];
  }
}

export function grid(picture: SVGSVGElement, low: number, high: number, top: number, floor: number): void {
  find<SVGGElement>(".grid", picture)?.replaceChildren(...ticks(low, high).flatMap((value) => {
    const x = one(placed(value, low, high));
    const anchor = Number(x) < 20 ? "start" : Number(x) > WIDTH - 20 ? "end" : "middle";
    return [
      drawn("line", { x1: x, x2: x, y1: top, y2: floor }),
      drawn("text", { x, y: floor + 15, "text-anchor": anchor }, number(value)),
    ];
  }));
}

export function draw(picture: SVGSVGElement, rows: readonly Row[], more: readonly number[]): void {
  const [low, high] = domain([...more, ...rows.flatMap((row) => row.dots)]);
  grid(picture, low, high, LABEL + 2, (LABEL + PILE + GAP) * rows.length);
  all<SVGGElement>(".row", picture).forEach((group, index) => {
    const row = rows[index];
    if (!row) return;
    const [path, size] = pile(row.dots, low, high);
    group.classList.toggle("advised", row.advised);
    const dot = find(".dot", group), hole = find(".hole", group);
    dot?.setAttribute("d", path);
    hole?.setAttribute("d", path);
    dot?.setAttribute("stroke-width", String(Math.round(size * 90) / 100));
    hole?.setAttribute("stroke-width", String(Math.round(Math.max(size * 0.9 - 2.4, 0.5) * 100) / 100));
    find(".before", group)?.remove();
    if (row.before !== undefined) group.append(drawn("path", { class: "before", d: `M${one(placed(row.before, low, high))} 0v-${PILE}` }));
  });
}
