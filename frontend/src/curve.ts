// Cumulative curves of the lead picture, moved: the same rules as parley.site.render.curve, which draws them first.

import { all, find } from "./page";
import { domain, grid, INSIDE, LEFT, one, placed, type Row } from "./dots";

export function curve(
  dots: readonly number[], low: number, high: number, top: number, floor: number, level: number,
): [string, number, number] {
  const y = floor - level * (floor - top), count = dots.length;
  if (count === 0) return ["", LEFT, y];
  const places = dots.map((dot) => placed(dot, low, high));
  const heights = dots.map((_, at) => floor - (at + 0.5) / count * (floor - top));
  const inner = places.slice(1).map((x, at) => `L${one(x)} ${one(heights[at + 1] ?? 0)}`).join("");
  const path = `M${one(LEFT)} ${one(floor)}H${one(places[0] ?? LEFT)}V${one(heights[0] ?? floor)}${inner}V${one(top)}H${one(LEFT + INSIDE)}`;
  const rank = Math.min(Math.max(level * count - 0.5, 0), count - 1);
  const left = Math.min(Math.floor(rank), Math.max(count - 2, 0)), right = Math.min(left + 1, count - 1);
  const from = places[left] ?? LEFT, to = places[right] ?? LEFT;
  return [path, from + (to - from) * (rank - left), y];
}

export function drawCurves(picture: SVGSVGElement, rows: readonly Row[], letters: readonly string[], more: readonly number[]): void {
  const [low, high] = domain([...more, ...rows.flatMap((row) => row.dots)]);
  const top = Number(picture.dataset.top), floor = picture.viewBox.baseVal.height - 24;
  grid(picture, low, high, top, floor);
  const tags = all<SVGTextElement>(".tag", picture);
  all<SVGGElement>(".row", picture).forEach((group, index) => {
    const row = rows[index], tag = tags[index];
    if (!row || !tag) return;
    const [path, x, y] = curve(row.dots, low, high, top, floor, 1 - (index + 1) / (rows.length + 1));
    group.classList.toggle("advised", row.advised);
    find(".moved", group)?.setAttribute("d", path);
    tag.setAttribute("x", one(x));
    tag.setAttribute("y", one(y + 5));
    tag.textContent = path ? letters[index] ?? "" : "";
  });
}
