// What concerns the reader alone: the page is the same for all, and this is put into it afterwards.

import { all, ask, find, make } from "./page";

interface Me { name?: string | null; role?: string; unread?: number; marks?: Record<string, string[]> }

export async function startMe(): Promise<void> {
  const place = find("[data-me]");
  if (!place) return;
  try {
    const article = find("[data-model]")?.dataset.href;
    const answer = await ask(article ? `/me?article=${encodeURIComponent(article)}` : "/me");
    if (!answer.ok) return;
    show(place, (await answer.json()) as Me);
  } catch { /* the plain links stay */ }
}

function show(place: HTMLElement, me: Me): void {
  const link = find<HTMLAnchorElement>("a", place);
  if (!link) return;
  if (!me.name) {
    link.textContent = place.dataset.signIn ?? link.textContent;
    link.href = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
    return;
  }
  link.replaceChildren(make("bdi", me.name));
  if (me.unread) link.append(" ", make("span", String(me.unread), { class: "unread" }));
  if ((me.role === "editor" || me.role === "admin") && place.dataset.queue) {
    const item = make("li");
    item.append(make("a", place.dataset.queue, { href: "/queue/" }));
    place.before(item);
  }
  for (const [id, kinds] of Object.entries(me.marks ?? {})) {
    for (const button of all<HTMLButtonElement>(`[data-comment="${CSS.escape(id)}"] [data-mark]`)) {
      if (kinds.includes(button.value)) button.setAttribute("aria-pressed", "true");
    }
  }
}
