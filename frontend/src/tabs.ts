// Ways to see one picture as tabs, after the pattern of the ARIA Authoring Practices. Without a script they are links.

import { all, find } from "./page";

const KEPT = "parley:reading";

// What a tab remembers for as long as it is open; a browser may refuse.
const chosen = {
  get(): string | null { try { return sessionStorage.getItem(KEPT); } catch { return null; } },
  set(name: string): void { try { sessionStorage.setItem(KEPT, name); } catch { /* then it is forgotten */ } },
};

export function startTabs(changed: (panel: string) => void): void {
  const place = find("[data-readings]"), list = place && find(".tabs", place);
  if (!place || !list) return;
  const tabs = all<HTMLAnchorElement>("a", list);
  const panelOf = (tab: HTMLAnchorElement): HTMLElement | null => find(tab.hash, place);
  const choose = (wanted: HTMLAnchorElement, focus: boolean): void => {
    for (const tab of tabs) {
      const on = tab === wanted;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      panelOf(tab)?.classList.toggle("on", on);
    }
    if (focus) wanted.focus();
    changed(wanted.hash);
  };
  list.setAttribute("role", "tablist");
  tabs.forEach((tab, at) => {
    tab.id = `${tab.hash.slice(1)}-tab`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", tab.hash.slice(1));
    const panel = panelOf(tab);
    panel?.setAttribute("role", "tabpanel");
    panel?.setAttribute("aria-labelledby", tab.id);
    const take = (event: Event, other: HTMLAnchorElement | undefined, focus: boolean): void => {
      if (!other) return;
      event.preventDefault();
      chosen.set(other.hash);
      choose(other, focus);
    };
    tab.addEventListener("click", (event) => take(event, tab, false));
    tab.addEventListener("keydown", (event) => {
      const next: Record<string, number> = {
        ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1,
        " ": at,
      };
      const to = next[event.key];
      if (to !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) take(event, tabs[to], true);
    });
  });
  const named = (hash: string | null): HTMLAnchorElement | undefined => tabs.find((tab) => tab.hash === hash);
  const first = named(location.hash) ?? named(chosen.get()) ?? tabs[0];
  if (first) choose(first, false);
}
