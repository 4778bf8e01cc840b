// Moving assumptions: an estimate at once from the sweep, then the exact answer from the server.

import { all, ask, filled, find, make, wait } from "./page";
import { chance, number, percent } from "./numbers";
import { drawCurves } from "./curve";
import { draw, type Row } from "./dots";
import { Runs } from "./runs";
import { estimate, unpack, type Sweep } from "./sweep";

interface Data {
  letters: string[]; names: string[]; dots: number[][]; recommended: number; favoured: number; rival: number; competes: boolean[];
  words: Record<string, string>; runWords: Record<string, string>;
  runs: number[][]; shown?: number[][]; higher: boolean;  // the author's runs, and those that the page came with
}
interface Answer {
  status: string; sentence?: string; brief?: string; message?: string; poll?: string; pause?: number; error?: string; detail?: string;
  effect?: { advice?: string; chip?: string }; picture?: Record<string, number[]>; runs?: Record<string, number[]>;
}

const PAUSE = 150, LONGEST = 90_000;  // milliseconds

export function startModel(): { reset: () => void; rest: () => void } | null {
  const panel = find("[data-model]");
  const text = panel?.dataset.draw;
  if (!panel || !text) return null;
  const model = new Model(panel, JSON.parse(text) as Data);
  return { reset: () => model.reset(), rest: () => model.rest() };
}

class Model {
  readonly #controls = new Map<string, HTMLElement>();
  readonly #sweeps = new Map<string, Promise<Sweep | null>>();
  readonly #medians: (number | undefined)[];
  readonly #runs: Runs | null;
  #number = 0;  // of the newest question: older answers are dropped
  #timer = 0;

  constructor(readonly panel: HTMLElement, readonly data: Data) {
    this.#medians = data.dots.map((row) => row.length ? ((row[(row.length - 1) >> 1] ?? 0) + (row[row.length >> 1] ?? 0)) / 2 : undefined);
    const place = find("[data-runs]", panel);
    this.#runs = place ? new Runs(place, data, data.runWords) : null;
    this.#runs?.take(data.shown ?? data.runs, data.dots.flat());
    for (const control of all("[data-name]")) {
      this.#controls.set(control.dataset.name ?? "", control);
      this.#listen(control);
    }
    addEventListener("popstate", () => this.#restore());
    const state = find("[data-state]", panel)?.dataset.state ?? "";
    if (panel.dataset.s && state !== "solved") this.#ask(false);  // the page came without its answer
  }

  // Another way to see the outcomes was chosen.
  rest(): void { this.#runs?.pause(); }

  reset(): void {
    for (const control of this.#controls.values()) this.#put(control, control.dataset.author ?? "");
    this.#ask(true);
  }

  // --- what the reader does ---

  #listen(control: HTMLElement): void {
    const slider = find<HTMLInputElement>("input[type=range]", control);
    const box = find<HTMLInputElement>("input[type=number]", control);
    const list = find<HTMLSelectElement>("select", control);
    const moved = (value: string): void => { this.#put(control, value); this.#move(control); };
    const fetched = (): void => { void this.#sweep(control); };
    slider?.addEventListener("pointerdown", fetched);
    control.addEventListener("focusin", fetched);
    slider?.addEventListener("input", () => moved(this.#rounded(slider)));
    box?.addEventListener("change", () => { if (box.value && box.checkValidity()) moved(box.value); else box.reportValidity(); });
    list?.addEventListener("change", () => moved(list.value));
    for (const button of all<HTMLButtonElement>(".step", control)) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        if (!box) return;
        const step = Number(box.dataset.step) * (button.value.endsWith(":-1") ? -1 : 1);
        const value = Math.min(Math.max(Number(box.value) + step, Number(box.min)), Number(box.max));
        moved(String(Number(value.toPrecision(12))));
      });
    }
    control.addEventListener("click", (event) => {
      if (!(event.target instanceof Element) || !event.target.closest(".reset")) return;
      event.preventDefault();
      moved(control.dataset.author ?? "");
      (slider ?? list)?.focus();
    });
    control.closest("form")?.addEventListener("submit", (event) => { event.preventDefault(); this.#ask(true); });
  }

  // A slider lets go on the steps that the buttons take, so that its values can be said.
  #rounded(slider: HTMLInputElement): string {
    const box = find<HTMLInputElement>("input[type=number]", slider.parentElement ?? document);
    const step = Number(box?.dataset.step) || 0.01;
    const value = Math.round(Number(slider.value) / step) * step;
    return String(Number(Math.min(Math.max(value, Number(slider.min)), Number(slider.max)).toPrecision(12)));
  }

  #put(control: HTMLElement, value: string): void {
    const author = control.dataset.author ?? "";
    const changed = find("select", control) ? value !== author : Number(value) !== Number(author);
    for (const field of all<HTMLInputElement | HTMLSelectElement>("input,select", control)) field.value = value;
    control.classList.toggle("changed", changed);
    const said = this.#said(control, value);
    const output = find(".said", control);
    if (output) output.textContent = said;
    find("input[type=range]", control)?.setAttribute("aria-valuetext", said);
    const link = find(".reset", control);
    if (link) link.hidden = !changed;
    else if (changed) find(".set", control)?.append(make("a", this.panel.dataset.reset ?? "", { class: "reset", href: this.panel.dataset.href ?? "" }));
  }

  #said(control: HTMLElement, value: string): string {
    const form = control.dataset.form, unit = control.dataset.unit;
    if (form === "chance") return chance(Number(value));
    if (form === "share") return percent(Number(value));
    return form === "option" ? value : number(Number(value)) + (unit ? ` ${unit}` : "");
  }

  #changes(): [string, string][] {
    const found: [string, string][] = [];
    for (const [name, control] of this.#controls) {
      if (!control.classList.contains("changed")) continue;
      const field = find<HTMLInputElement | HTMLSelectElement>("select,input[type=number]", control);
      if (field) found.push([name, field.value]);
    }
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  get #setting(): string {
    return this.#changes().map(([name, value]) => `${name}=${value}`).join(";");
  }

  #move(control: HTMLElement): void {
    const asked = ++this.#number;
    this.#wait();
    const changes = this.#changes();
    if (changes.length === 0 || (changes.length === 1 && control.classList.contains("changed"))) {
      void this.#estimate(control, asked);
    } else {
      this.#state("queued");
      find("[data-picture]", this.panel)?.setAttribute("data-old", "");
    }
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(true), PAUSE);
  }

  // The address names the reader's numbers, so that it can be shared and the way back leads back.
  #address(setting: string): void {
    const here = new URL(location.href);
    if (setting === (here.searchParams.get("s") ?? "")) return;
    here.search = setting ? `?s=${encodeURIComponent(setting).replace(/%3D/g, "=").replace(/%3B/g, ";")}` : "";
    history.pushState(null, "", here);
    this.panel.dataset.s = setting;
    for (const link of all<HTMLAnchorElement>("a[data-challenge]")) {
      const there = new URL(link.href);
      if (setting) there.searchParams.set("s", setting); else there.searchParams.delete("s");
      link.href = there.href;
    }
  }

  #restore(): void {
    const given = new Map<string, string>();
    for (const pair of (new URL(location.href).searchParams.get("s") ?? "").split(";")) {
      const [name, value] = pair.split("=");
      if (name && value !== undefined) given.set(name, value);
    }
    for (const [name, control] of this.#controls) this.#put(control, given.get(name) ?? control.dataset.author ?? "");
    this.#ask(false);
  }

  // --- the estimate ---

  #sweep(control: HTMLElement): Promise<Sweep | null> {
    const address = control.dataset.sweep ?? "";
    let found = this.#sweeps.get(address);
    if (!found) {
      found = address
        ? fetch(address, { credentials: "same-origin" })
          .then(async (answer) => (answer.ok ? unpack(await answer.arrayBuffer()) : null))
          .catch(() => null)
        : Promise.resolve(null);
      this.#sweeps.set(address, found);
    }
    return found;
  }

  async #estimate(control: HTMLElement, asked: number): Promise<void> {
    const sweep = await this.#sweep(control);
    if (asked !== this.#number) return;
    if (!sweep) { this.#state("queued"); return; }
    const value = Number(find<HTMLInputElement>("input[type=number]", control)?.value);
    const state = estimate(sweep, value);
    const { recommended, rival, words, letters, names } = this.data;
    const up = state.better[rival] ?? null, down = state.worse[rival] ?? null;
    if (up === null || down === null) { this.#state("queued"); return; }
    const better = Math.round(100 * up), worse = Math.round(100 * down);
    let advice = recommended;
    const share = sweep.against === null ? state.best[recommended] ?? 1 : up + (1 - up - down) / 2;
    if (share < 0.5) {
      const shares = state.best.map((share, at) => (at === recommended || !this.data.competes[at] ? -1 : share ?? -1));
      advice = shares.indexOf(Math.max(...shares));
    }
    const sentence = filled(words.sentence ?? "", {
      a: letters[recommended] ?? "", policy: names[recommended] ?? "", b: letters[rival] ?? "", rival: names[rival] ?? "",
      up: better, down: worse, same: Math.max(100 - better - worse, 0),
    });
    const [first, second] = worse > better ? [rival, recommended] : [recommended, rival];
    const brief = filled(words.brief ?? "", { a: letters[first] ?? "", b: letters[second] ?? "", up: Math.max(better, worse) });
    this.#show("estimate", advice, sentence, brief, state.dots);
    find("input[type=range]", control)?.setAttribute("aria-valuetext",
      `${this.#said(control, String(value))}, ${this.#said(control, control.dataset.author ?? "")} ${words.author}, ${sentence}`);
  }

  // --- the exact answer ---

  #ask(record: boolean): void {
    clearTimeout(this.#timer);
    const setting = this.#setting;
    if (record) this.#address(setting);
    const asked = ++this.#number;
    if (!setting) {
      this.#show("author", this.data.favoured, this.panel.dataset.ownSentence ?? "", this.panel.dataset.ownBrief ?? "", this.data.dots, this.data.runs);
      this.#speak(this.panel.dataset.ownSentence ?? "");
      return;
    }
    this.#wait();
    const address = this.panel.dataset.solve;
    if (address) void this.#solve(address, setting, asked);
  }

  async #solve(address: string, setting: string, asked: number): Promise<void> {
    try {
      let answer = await ask(address, JSON.stringify({ s: setting }), true);
      const until = Date.now() + LONGEST;
      for (let pause = 100; asked === this.#number; pause = Math.min(pause * 1.5, 3000)) {
        const told = (await answer.json()) as Answer;
        if (asked !== this.#number) return;
        if (answer.status === 200 && told.status === "solved") { this.#solved(told); return; }
        if (answer.status !== 202 && answer.status !== 429) { this.#refused(told); return; }
        this.#state("queued");
        if (Date.now() > until) return;
        const later = Number(answer.headers.get("Retry-After")) * 1000 || Math.max(told.pause ?? 0, pause);
        await wait(later);
        if (asked !== this.#number) return;
        answer = answer.status === 429 || !told.poll
          ? await ask(address, JSON.stringify({ s: setting }), true)
          : await ask(told.poll);
      }
    } catch {
      if (asked === this.#number) this.#state("queued");  // no connection: the estimate stays, marked as what it is
    }
  }

  #solved(told: Answer): void {
    const { names } = this.data;
    const advice = Math.max(names.indexOf(told.effect?.advice ?? names[this.data.recommended] ?? ""), 0);
    const sentence = [told.message, told.sentence].filter(Boolean).join(" ");
    this.#show("solved", advice, sentence, told.brief ?? "", names.map((name) => told.picture?.[name] ?? []), names.map((name) => told.runs?.[name] ?? []));
    this.#speak(sentence);
  }

  #refused(told: Answer): void {
    this.#state("refused");
    const why = told.error ?? told.detail ?? "";
    const sentence = find("[data-sentence]", this.panel);
    if (sentence && why) sentence.textContent = why;
    this.#speak(why);
  }

  // --- what is seen and heard ---

  #state(state: string): void {
    const mark = find("[data-state]", this.panel);
    if (mark) { mark.dataset.state = state; mark.textContent = this.data.words[state] ?? state; }
  }

  // No single run is known of a reader's numbers before they are solved.
  #wait(): void { this.#runs?.show(null, this.data.favoured, this.data.dots.flat()); }

  #show(
    state: string, advice: number, sentence: string, brief: string, dots: readonly number[][], runs: readonly number[][] | null = null,
  ): void {
    const { letters, names } = this.data;
    this.#state(state);
    for (const place of all("[data-advice]")) {
      place.replaceChildren(make("span", letters[advice] ?? "", { class: "letter" }), ` ${names[advice] ?? ""}`);
    }
    const other = find("[data-author-advice]", this.panel);
    if (other) other.hidden = advice === this.data.recommended;
    const doubt = find("[data-doubt]", this.panel);  // by other criteria: known of the author's case alone
    if (doubt) doubt.hidden = state !== "author";
    const line = find("[data-sentence]", this.panel), foot = find("[data-brief]");
    if (line) line.textContent = sentence;
    if (foot) foot.textContent = brief;
    const picture = find<SVGSVGElement>(".dots", this.panel);
    find("[data-picture]", this.panel)?.removeAttribute("data-old");
    if (!picture) return;
    const rows: Row[] = dots.map((row, at) => ({
      dots: row, advised: at === advice, before: state === "author" ? undefined : this.#medians[at],
    }));
    const own = this.data.dots.flat(), curves = find<SVGSVGElement>(".curve", this.panel);
    draw(picture, rows, own);
    if (curves) drawCurves(curves, rows, letters, own);
    for (const each of curves ? [picture, curves] : [picture]) {
      const words = find("desc", each);
      if (words) words.textContent = sentence;
    }
    this.#runs?.show(runs, advice, own);
  }

  #speak(sentence: string): void {
    const live = find("[data-live]", this.panel);
    if (live) live.textContent = sentence;
  }
}
