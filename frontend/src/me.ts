// What concerns the reader alone: the page is the same for all, and this is put into it afterwards.

import { all, ask, find, make } from "./page";

interface Own { id: number; href: string; state_words: string; reasons?: string[] }
interface Me {
  name?: string | null; role?: string | null; unread?: number; marks?: Record<string, string[]>; unseen?: Own[];
}

export async function startMe(): Promise<void> {
  const place = find("[data-me]");
  if (!place) return;
  try {
    const slug = find("[data-thread]")?.dataset.thread;
    const answer = await ask(slug ? `/me?a=${encodeURIComponent(slug)}` : "/me");
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
  own(me.unseen ?? []);
}

// One's own comments that others do not see: where they stand, beside the thread.
function own(comments: readonly Own[]): void {
  const list = find("[data-own]");
  if (!list || comments.length === 0) return;
  list.hidden = false;
  for (const each of comments) {
    const item = make("li");
    item.append(make("a", `#${each.id}`, { href: each.href }), ` ${[each.state_words, ...(each.reasons ?? [])].join(" · ")}`);
    find("ul", list)?.append(item);
  }
}
