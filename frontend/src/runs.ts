// A hundred runs, one at a time: the same rules as parley.site.render.runs, which draws them first.

import { all, filled, find } from "./page";
import { domain, grid, INSIDE, LEFT, one, placed } from "./dots";

export interface Pair { letters: readonly string[]; recommended: number; rival: number; higher: boolean; competes: readonly boolean[] }

const STEP = 34, UNDER = 24, LEAST = 3, WORDS = 17, THICKEST = 8, PACE = 400, MANY = 100;

export class Runs {
  #runs: readonly (readonly number[])[] = [];
  #order: number[] = [];
  #bounds: [number, number] = [0, 1];
  #at = 0;
  #timer = 0;
  readonly #picture: SVGSVGElement | null;
  readonly #play: HTMLElement | null;
  readonly #words: HTMLElement | null;
  readonly #run: HTMLElement | null;

  constructor(readonly panel: HTMLElement, readonly pair: Pair, readonly words: Record<string, string>) {
    this.#picture = find<SVGSVGElement>("svg", panel);
    this.#play = find("[data-play]", panel);
    this.#words = find("[data-run-words]", panel);
    this.#run = find("[data-run]", panel);
    const player = find("[data-player]", panel);
    find("[data-back]", panel)?.addEventListener("click", () => this.#step(-1));
    find("[data-forward]", panel)?.addEventListener("click", () => this.#step(1));
    this.#play?.addEventListener("click", () => { if (this.#timer) this.pause(); else this.#start(); });
    player?.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.#step(by);
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.pause(); });
  }

  pause(): void {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#run?.setAttribute("aria-live", "polite");
    if (this.#play) this.#play.textContent = this.words.play ?? "";
  }

  // Show the runs of an exact answer, or say that there are none: an estimate knows no single run.
  show(runs: readonly (readonly number[])[] | null, advice: number, more: readonly number[]): void {
    this.pause();
    this.#at = 0;
    const count = runs?.[0]?.length ?? 0;
    this.#runs = runs && count && runs.every((row) => row.length === count) ? runs : this.pair.letters.map(() => []);
    this.panel.toggleAttribute("data-waits", !this.#runs[0]?.length);
    this.#draw(advice, more, runs ? "none" : "waits");
    this.#here();
  }

  // Take the runs that the page came with, as they are drawn.
  take(runs: readonly (readonly number[])[], more: readonly number[]): void {
    if (this.panel.hasAttribute("data-waits")) return;
    this.#runs = runs;
    this.#bounds = domain([...more, ...runs.flat()]);
    this.#order = this.#ordered(this.#gains());
    this.#here();
  }

  // --- one at a time ---

  #start(): void {
    const count = this.#runs[0]?.length ?? 0;
    if (!count || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.#run?.removeAttribute("aria-live");  // nobody could listen to that
    if (this.#play) this.#play.textContent = this.words.pause ?? "";
    if (this.#at >= count - 1) { this.#at = 0; this.#here(); }
    this.#timer = window.setInterval(() => {
      this.#at++;
      this.#here();
      if (this.#at >= count - 1) this.pause();
    }, PACE);
  }

  #step(by: number): void {
    this.pause();
    const count = this.#runs[0]?.length ?? 0;
    if (!count) return;
    this.#at = (this.#at + by + count) % count;
    this.#here();
  }

  #here(): void {
    const count = this.#runs[0]?.length ?? 0, at = this.#at;
    if (this.#run) this.#run.textContent = count ? `${filled(this.words.run ?? "", { n: at + 1, count })}. ${this.#best(at)}` : "";
    const [low, high] = this.#bounds;
    const picture = this.#picture;
    if (!picture) return;
    all(".row .now", picture).forEach((mark, policy) => {
      const value = this.#runs[policy]?.[at];
      mark.setAttribute("d", value === undefined ? "" : `M${one(placed(value, low, high))} 17.5v14`);
    });
    const column = find(".pairs .now", picture), rank = this.#order.indexOf(at);
    const [top, floor] = this.#space(picture);
    column?.setAttribute("d", rank < 0 ? "" : `M${one(LEFT + (rank + 0.5) * INSIDE / count)} ${one(top)}V${one(floor)}`);
  }

  #best(at: number): string {
    const { letters, competes, higher } = this.pair;
    const values = this.#runs.map((row, policy) => (competes[policy] ? (row[at] ?? 0) * (higher ? 1 : -1) : -Infinity));
    const most = Math.max(...values);
    const who = letters.filter((_, policy) => values[policy] === most);
    return filled(this.words[who.length > 1 ? "tied" : "best"] ?? "", { who: who.join(", ") });
  }

  // --- the whole ---

  #gains(): number[] {
    const { recommended, rival, higher } = this.pair, theirs = this.#runs[rival] ?? [];
    return (this.#runs[recommended] ?? []).map((value, at) => (value - (theirs[at] ?? 0)) * (higher ? 1 : -1));
  }

  #ordered(gains: readonly number[]): number[] {
    return gains.map((_, at) => at).sort((a, b) => (gains[b] ?? 0) - (gains[a] ?? 0));
  }

  #space(picture: SVGSVGElement): [number, number] {
    return [STEP * this.pair.letters.length + UNDER, picture.viewBox.baseVal.height - WORDS];
  }

  #draw(advice: number, more: readonly number[], silence: string): void {
    const picture = this.#picture;
    if (!picture) return;
    const { letters, recommended, rival } = this.pair, runs = this.#runs;
    this.#bounds = domain([...more, ...runs.flat()]);
    const [low, high] = this.#bounds;
    grid(picture, low, high, 18, STEP * letters.length);
    all<SVGGElement>(".row", picture).forEach((group, policy) => {
      group.classList.toggle("advised", policy === advice);
      find(".each", group)?.setAttribute("d", (runs[policy] ?? []).map((value) => `M${one(placed(value, low, high))} 20v9`).join(""));
    });
    const gains = this.#gains(), count = gains.length;
    const up = gains.filter((gain) => gain > 0).length, down = gains.filter((gain) => gain < 0).length;
    const a = letters[recommended] ?? "", b = letters[rival] ?? "";
    this.#columns(picture, gains, count ? [filled(this.words.up ?? "", { a, up }), filled(this.words.down ?? "", { a, down })] : ["", ""]);
    let said = this.words[silence] ?? "";
    this.panel.toggleAttribute("data-few", count > 0 && count < MANY);
    if (count) {
      said = filled(this.words.count ?? "", { up, count, a, b, down, same: count - up - down });
      if (count < MANY) said += ` ${this.words.few ?? ""}`;
    }
    if (this.#words) this.#words.textContent = said;
    const described = find("desc", picture);
    if (described) described.textContent = said;
  }

  #columns(picture: SVGSVGElement, gains: readonly number[], labels: [string, string]): void {
    const [top, floor] = this.#space(picture);
    this.#order = this.#ordered(gains);
    const most = Math.max(0, ...gains), least = Math.max(0, ...gains.map((gain) => -gain));
    const part = most + least ? most / (most + least) : 0.5;
    const zero = top + Math.min(Math.max((floor - top) * part, LEAST), floor - top - LEAST);
    const scale = Math.min(most ? (zero - top - 1) / most : Infinity, least ? (floor - zero - 1) / least : Infinity);
    const pitch = INSIDE / Math.max(gains.length, 1);
    const paths: Record<string, string> = { up: "", down: "", same: "" };
    this.#order.forEach((run, rank) => {
      const x = one(LEFT + (rank + 0.5) * pitch), gain = gains[run] ?? 0;
      if (gain) paths[gain > 0 ? "up" : "down"] += `M${x} ${one(zero)}V${one(zero - gain * scale - Math.sign(gain))}`;
      else paths.same += `M${x} ${one(zero - 2)}v4`;
    });
    for (const [kind, path] of Object.entries(paths)) {
      const place = find(`.pairs .${kind}`, picture);
      place?.setAttribute("d", path);
      place?.setAttribute("stroke-width", String(Number(Math.min(0.75 * pitch, THICKEST).toPrecision(3))));
    }
    const ground = find(".zero", picture), better = find(".better", picture), worse = find(".worse", picture);
    ground?.setAttribute("y1", one(zero));
    ground?.setAttribute("y2", one(zero));
    if (better) better.textContent = labels[0];
    if (worse) worse.textContent = labels[1];
  }
}
