// The editors' queue by keyboard: the page's forms, sent without leaving the page, with the focus kept. Every
// decision is the server's; without this script the same forms work as plain ones.

import { all, ask, filled, find, kept, make, wait } from "./page";

const DEFAULTS: Record<string, string> = {
  next: "j", prev: "k", approve: "a", remove: "r", ask: "e", pick: "p", mute: "m", ban: "b", note: "w",
  undo: "u", select: "x", history: "h",
};
const CLAIM_AFTER = 1500;  // milliseconds for which an item is looked at before it is claimed

interface Told {
  said?: string; error?: string; by?: string; href?: string; revision?: number; undo?: number; mine?: boolean;
  note?: string; counts?: Record<string, number>; seen?: number; next_mute?: number | null;
}

const desk = find("#desk");
const words = find("#queue-words")?.dataset ?? {};
const live = make("p", "", { "aria-live": "polite", role: "status", class: "visually-hidden" });
const toast = make("div", "", { class: "toast" });
let last: { item: HTMLElement; until: number } | null = null;
let choosing: HTMLElement | null = null;  // the item whose removal waits for the number of a clause
let claimed: HTMLElement | null = null;

const items = (): HTMLElement[] => all(".item", desk ?? document);
const open = (): HTMLElement[] => items().filter((item) => !item.classList.contains("done"));
const current = (): HTMLElement | null => document.activeElement?.closest<HTMLElement>(".item") ?? null;
const can = (item: HTMLElement, act: string): boolean => (item.dataset.acts ?? "").split(" ").includes(act);
const say = (text: string): void => { live.textContent = text; };

function keys(): Record<string, string> {
  try { return { ...DEFAULTS, ...(JSON.parse(kept.get("queue-keys") ?? "{}") as Record<string, string>) }; }
  catch { return { ...DEFAULTS }; }
}

// --- moving ---

function go(item: HTMLElement | null | undefined): void {
  if (!item) return;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function step(by: number): void {
  const list = items(), at = list.indexOf(current() as HTMLElement);
  go(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))]);
}

function onward(from: HTMLElement): void {
  const list = items(), at = list.indexOf(from);
  const next = [...list.slice(at + 1), ...list.slice(0, at)].find((item) => !item.classList.contains("done"));
  if (next) { go(next); return; }
  const more = find("#more");
  if (more) { more.hidden = false; find("a", more)?.focus(); }
}

// --- sending ---

async function send(address: string, fields: Record<string, string>): Promise<Told | null> {
  const token = find<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
  try {
    const answer = await ask(address, new URLSearchParams({ csrfmiddlewaretoken: token, ...fields }));
    const told = (await answer.json().catch(() => ({}))) as Told;
    if (told.href) { location.assign(told.href); return null; }
    if (answer.status === 401) { location.reload(); return null; }
    if (!answer.ok) { fault(told.error ?? filled(words.failed ?? "", { status: answer.status })); return null; }
    if (told.counts) count(told.counts);
    return told;
  } catch {
    fault(words.offline ?? "");
    return null;
  }
}

function fault(text: string): void {
  toast.replaceChildren(make("strong", text));
  say(text);
}

function count(counts: Record<string, number>): void {
  for (const link of all("[data-tab]")) {
    const number = find(".count", link), now = counts[link.dataset.tab ?? ""];
    if (number && now !== undefined) number.textContent = String(now);
  }
}

function revise(item: HTMLElement, revision: number): void {
  item.dataset.revision = String(revision);
  for (const field of all<HTMLInputElement>("[name=revision]", item)) field.value = String(revision);
  const box = find<HTMLInputElement>("[name=chosen]", item);
  if (box) box.value = `${item.dataset.comment}:${revision}`;
}

async function decide(item: HTMLElement, act: string, clause = ""): Promise<void> {
  if (!can(item, act)) { say(words.impossible ?? ""); return; }
  const said = find<HTMLInputElement>("[data-words]", item), note = find<HTMLInputElement>("[data-note]", item);
  if (said && !said.value.trim() && (act === "ask" || (item.dataset.answer === "1" && act !== "pick"))) {
    waitForWords(item, said, act, clause);
    return;
  }
  if (item.classList.contains("busy")) return;
  item.classList.add("busy");
  const told = await send(`/queue/${item.dataset.comment}/decide`, {
    act, clause, revision: item.dataset.revision ?? "", words: said?.value ?? "", note: note?.value ?? "",
  });
  item.classList.remove("busy");
  delete item.dataset.pending;
  if (!told) { go(item); return; }
  if (told.revision !== undefined) revise(item, told.revision);
  done(item, told, act);
}

function waitForWords(item: HTMLElement, field: HTMLInputElement, act: string, clause: string): void {
  item.dataset.pending = act;
  item.dataset.clause = clause;
  field.focus();
  say((act === "ask" ? words.ask : words.answer) ?? "");
}

function done(item: HTMLElement, told: Told, act: string): void {
  const settled = act !== "pick" && act !== "unpick" && act !== "ask";
  if (settled) item.classList.add("done");
  say(told.said ?? "");
  toast.replaceChildren(make("span", told.said ?? ""));
  if (told.undo) {
    const button = make("button", words.undo ?? "", { type: "button" });
    button.addEventListener("click", () => { void undo(); });
    toast.append(button);
    const mark = { item, until: Date.now() + told.undo * 1000 };
    last = mark;
    void wait(told.undo * 1000).then(() => { if (last === mark) { last = null; toast.replaceChildren(); } });
  }
  if (settled) onward(item); else go(item);
}

async function undo(): Promise<void> {
  if (!last || Date.now() > last.until) { say(words.late ?? ""); return; }
  const { item } = last;
  last = null;
  const told = await send(`/queue/${item.dataset.comment}/decide`, {
    act: "undo", revision: item.dataset.revision ?? "",
  });
  if (!told) return;
  if (told.revision !== undefined) revise(item, told.revision);
  item.classList.remove("done");
  toast.replaceChildren(make("span", told.said ?? ""));
  say(told.said ?? "");
  go(item);
}

// --- claims: who looks at what ---

async function claim(item: HTMLElement): Promise<void> {
  await wait(CLAIM_AFTER);
  if (current() !== item || claimed === item || item.classList.contains("done")) return;
  if (claimed && !claimed.classList.contains("done")) {
    void send(`/queue/${claimed.dataset.comment}/claim`, { release: "1" });
  }
  claimed = item;
  const told = await send(`/queue/${item.dataset.comment}/claim`, {});
  const place = find("[data-claim]", item);
  if (!told || !place) return;
  place.hidden = told.mine !== false || !told.by;
  if (!place.hidden) {
    place.replaceChildren(make("strong", filled(words.claimed ?? "", { name: told.by ?? "" })));
    say(place.textContent ?? "");
  }
}

// --- what a key does ---

function unfold(item: HTMLElement, part: string, field: string): void {
  const box = find<HTMLDetailsElement>(part, item);
  if (!box) { say(words.impossible ?? ""); return; }
  box.open = true;
  find(field, box)?.focus();
}

function perform(act: string): void {
  if (act === "next") { step(1); return; }
  if (act === "prev") { step(-1); return; }
  if (act === "undo") { void undo(); return; }
  const item = current() ?? open()[0];
  if (!item) return;
  if (item !== current()) go(item);
  const acts: Record<string, () => void> = {
    approve: () => void decide(item, can(item, "restore") ? "restore" : "approve"),
    remove: () => { if (can(item, "uphold")) void decide(item, "uphold"); else choose(item); },
    ask: () => void decide(item, "ask"),
    pick: () => void decide(item, can(item, "unpick") ? "unpick" : "pick"),
    mute: () => unfold(item, "[data-mute]", "select"),
    ban: () => unfold(item, "[data-ban]", "[name=typed]"),
    note: () => unfold(item, "[data-note-box]", "[name=text]"),
    select: () => find<HTMLInputElement>("[name=chosen]", item)?.click(),
    history: () => find("[data-history] summary", item)?.click(),
  };
  acts[act]?.();
}

function choose(item: HTMLElement): void {
  if (!can(item, "remove")) { say(words.impossible ?? ""); return; }
  choosing = item;
  say(words.clause ?? "");
  toast.replaceChildren(make("span", words.clause ?? ""));
}

function chosen(event: KeyboardEvent): boolean {
  if (!choosing) return false;
  const item = choosing;
  choosing = null;
  toast.replaceChildren();
  if (/^[0-9]$/.test(event.key)) void decide(item, "remove", event.key === "0" ? "10" : event.key);
  else say(words.cancelled ?? "");
  return true;
}

function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = event.target as HTMLElement | null;
  const item = at?.closest<HTMLElement>(".item") ?? null;
  if (at?.closest("dialog")) return;
  if (at?.closest("input:not([type=checkbox]),textarea,select")) {
    if (event.key === "Escape") { if (item) delete item.dataset.pending; go(item); }
    if (event.key === "Enter" && item?.dataset.pending && at.matches("[data-words]")) {
      event.preventDefault();
      void decide(item, item.dataset.pending, item.dataset.clause ?? "");
    }
    return;
  }
  if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
  if (chosen(event)) { event.preventDefault(); return; }
  if (event.key === "?") { help(); event.preventDefault(); return; }
  if (kept.get("queue-off") === "1") return;
  const act = Object.entries(keys()).find(([, key]) => key === event.key)?.[0];
  if (act) { perform(act); event.preventDefault(); }
}

// --- the list of keys: another key for each, or none at all ---

function help(): void {
  const template = find<HTMLTemplateElement>("#queue-help");
  if (!template) return;
  document.body.append(template.content.cloneNode(true));
  const dialog = find<HTMLDialogElement>("dialog.keys"), back = document.activeElement as HTMLElement | null;
  if (!dialog) return;
  const now = keys(), fields = all<HTMLInputElement>("input[data-key]", dialog);
  for (const field of fields) {
    field.value = now[field.dataset.key ?? ""] ?? "";
    field.addEventListener("input", () => {
      field.value = field.value.slice(-1);
      const taken = fields.some((other) => other !== field && other.value === field.value && field.value !== "");
      field.setCustomValidity(taken || /[0-9?]/.test(field.value) ? (words.taken ?? "?") : "");
      field.reportValidity();
      if (fields.every((each) => each.validity.valid)) {
        kept.set("queue-keys", JSON.stringify(Object.fromEntries(fields.map((each) => [each.dataset.key, each.value]))));
      }
    });
  }
  const off = find<HTMLInputElement>("input[data-off]", dialog);
  if (off) {
    off.checked = kept.get("queue-off") === "1";
    off.addEventListener("change", () => kept.set("queue-off", off.checked ? "1" : null));
  }
  find("[data-reset]", dialog)?.addEventListener("click", () => {
    kept.set("queue-keys", null);
    for (const field of fields) { field.value = DEFAULTS[field.dataset.key ?? ""] ?? ""; field.setCustomValidity(""); }
  });
  dialog.addEventListener("close", () => { dialog.remove(); back?.focus(); });
  dialog.showModal();
}

// --- forms pressed with a mouse or by Enter ---

async function submitted(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement, item = form.closest<HTMLElement>(".item");
  const button = event.submitter as HTMLButtonElement | null;
  if (!item) return;
  const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  if (form.matches("[data-decide]") && button) {
    event.preventDefault();
    await decide(item, button.value, fields.clause ?? "");
  } else if (form.matches("[data-note-form]")) {
    event.preventDefault();
    const told = await send(form.getAttribute("action") ?? "", fields);
    if (!told) return;
    find("[data-notes]", item)?.append(make("li", told.note ?? ""));
    form.reset();
    const box = form.closest("details");
    if (box) box.open = false;
    say(told.said ?? "");
    go(item);
  } else if (form.matches("[data-claim-form]")) {
    event.preventDefault();
    const told = await send(form.getAttribute("action") ?? "", {});
    if (told) say(told.mine ? (words.yours ?? "") : filled(words.claimed ?? "", { name: told.by ?? "" }));
    go(item);
  } else if (form.matches("[data-sanction]")) {
    event.preventDefault();
    const told = await send(form.getAttribute("action") ?? "", fields);
    if (!told) return;
    sanctioned(form, told, "everything" in fields);
    go(item);
  }
}

function sanctioned(form: HTMLFormElement, told: Told, everything: boolean): void {
  const action = form.getAttribute("action") ?? "", person = action.slice(0, action.lastIndexOf("/") + 1);
  for (const each of all<HTMLFormElement>("form[data-sanction]")) {
    if (!(each.getAttribute("action") ?? "").startsWith(person)) continue;
    const seen = find<HTMLInputElement>("[name=seen]", each);
    if (seen && told.seen !== undefined) seen.value = String(told.seen);
    if (everything) each.closest(".item")?.classList.add("done");
  }
  form.reset();
  const box = form.closest("details");
  if (box) box.open = false;
  toast.replaceChildren(make("span", told.said ?? ""));
  say(told.said ?? "");
}

if (desk) {
  (find("main") ?? document.body).append(live, toast);  // inside a landmark, as all that is read
  document.addEventListener("keydown", pressed);
  desk.addEventListener("submit", (event) => { void submitted(event); });
  desk.addEventListener("focusin", () => { const item = current(); if (item) void claim(item); });
  find("#keys-hint")?.removeAttribute("hidden");
  find("#keys-hint button")?.addEventListener("click", help);
  if (!document.activeElement || document.activeElement === document.body) go(open()[0]);
}
