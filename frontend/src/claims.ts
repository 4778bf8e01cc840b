// Claims in the text and their cards in the margin light each other; on a phone a card is a sheet at the foot.

import { all, find } from "./page";

const NARROW = matchMedia("(max-width: 68.74rem)");

export function startClaims(): void {
  for (const link of all<HTMLAnchorElement>(".body a.claim")) {
    const card = cardOf(link);
    if (!card) continue;
    const light = (on: boolean) => (): void => { link.classList.toggle("lit", on); card.classList.toggle("lit", on); };
    for (const each of [link, card]) {
      each.addEventListener("pointerenter", light(true));
      each.addEventListener("pointerleave", light(false));
    }
    link.addEventListener("focus", light(true));
    link.addEventListener("blur", light(false));
    link.addEventListener("click", (event) => { event.preventDefault(); open(card, link); });
  }
  for (const card of all<HTMLDetailsElement>("details.card")) {
    card.addEventListener("toggle", () => { if (!card.open) card.classList.remove("sheet"); });
    card.addEventListener("keydown", (event) => { if (event.key === "Escape" && card.open) close(card); });
  }
  const named = location.hash.startsWith("#claim-") ? document.getElementById(location.hash.slice(1)) : null;
  const card = named?.closest("details");
  if (card) { card.open = true; show(card); }
}

function cardOf(link: HTMLAnchorElement): HTMLDetailsElement | null {
  return document.getElementById(link.hash.slice(1))?.closest<HTMLDetailsElement>("details.card") ?? null;
}

let origin: HTMLElement | null = null;

function open(card: HTMLDetailsElement, from: HTMLElement): void {
  origin = from;
  for (const other of all<HTMLDetailsElement>("details.card.sheet")) if (other !== card) close(other, false);
  card.open = true;
  if (NARROW.matches) card.classList.add("sheet");
  else show(card);
  find("summary", card)?.focus({ preventScroll: true });
}

// A card stands below the answer, which stays at the top of the margin while a card is open: with room for a
// sentence that grows, and where the text is too short for the margin to stay, the page goes up to the answer.
const ROOM = 56;

function show(card: HTMLElement): void {
  const margin = card.closest<HTMLElement>(".margin");
  const panel = margin && find(".model", margin);
  if (!margin || !panel || NARROW.matches) return;
  margin.scrollTop += card.getBoundingClientRect().top - margin.getBoundingClientRect().top - panel.offsetHeight - ROOM;
  const above = margin.getBoundingClientRect().top;
  if (above < 0) scrollBy(0, above);
}

function close(card: HTMLDetailsElement, back = true): void {
  card.open = false;
  card.classList.remove("sheet");
  if (back) origin?.focus();
}

// The claim that a key leads to: the next or the one before what has the focus or is in view.
export function step(direction: 1 | -1): void {
  const links = all<HTMLAnchorElement>(".body a.claim");
  const here = links.indexOf(document.activeElement as HTMLAnchorElement);
  const current = here >= 0 ? here : origin ? links.indexOf(origin as HTMLAnchorElement) : -1;
  const next = links[current < 0 ? (direction > 0 ? 0 : links.length - 1) : current + direction];
  if (!next) return;
  origin = next;
  next.focus();
  next.scrollIntoView({ block: "center" });
}

export function challengeAddress(): string | null {
  const link = (document.activeElement?.closest<HTMLAnchorElement>("a.claim") ?? origin) as HTMLAnchorElement | null;
  const card = link?.hash ? cardOf(link) : find<HTMLDetailsElement>("details.card[open]");
  return find<HTMLAnchorElement>(".onward a", card ?? document.createElement("p"))?.href ??
    find<HTMLAnchorElement>("#challenges .button")?.href ?? null;
}
