// Comments: reports in a dialog, marks in place, drafts kept on this machine, a count of what is new.

import { all, ask, find, kept, make } from "./page";

export function startDebate(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest<HTMLAnchorElement>("a[data-report]");
    if (link && !event.ctrlKey && !event.metaKey && report(link)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
    if (button?.dataset.mark) { event.preventDefault(); void mark(form, button); }
  });
  for (const area of all<HTMLTextAreaElement>("textarea[data-draft]")) draft(area);
  const thread = find("[data-thread]");
  if (thread) watch(thread);
}

// --- reports ---

function report(link: HTMLAnchorElement): boolean {
  const template = find<HTMLTemplateElement>("#report-form");
  if (!template || !HTMLDialogElement.prototype.showModal) return false;
  const piece = template.content.cloneNode(true) as DocumentFragment;
  const dialog = find<HTMLDialogElement>("dialog", piece), form = find<HTMLFormElement>("form", piece);
  if (!dialog || !form) return false;
  if (!link.closest(".challenge")) find("[data-only-challenges]", dialog)?.remove();
  form.action = link.href;
  find("[data-close]", dialog)?.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); void sent(dialog, form, link); });
  document.body.append(dialog);
  dialog.showModal();
  return true;
}

async function sent(dialog: HTMLDialogElement, form: HTMLFormElement, link: HTMLAnchorElement): Promise<void> {
  const said = find(".said", dialog);
  const choice = new FormData(form).get("reason");
  // These two need more than a word: the page asks for it.
  if (choice === "illegal" || choice === "duplicate") { location.assign(`${link.href}?reason=${choice}`); return; }
  try {
    const answer = await ask(form.action, new URLSearchParams(new FormData(form) as unknown as Record<string, string>));
    const told = (await answer.json().catch(() => ({}))) as { message?: string; error?: string };
    if (answer.status === 401) { location.assign(link.href); return; }
    if (said) said.textContent = (answer.ok ? told.message : told.error) ?? String(answer.status);
    if (answer.ok) {
      for (const part of all("fieldset,.field,.note,[type=submit]", dialog)) part.remove();
      const close = find("[data-close]", dialog);
      if (close) { close.textContent = "OK"; close.focus(); }
    }
  } catch {
    form.submit();  // the plain way: the page answers
  }
}

// --- marks ---

async function mark(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const count = find(".count", button);
  try {
    const answer = await ask(form.action, new URLSearchParams({ kind: button.value, set: button.ariaPressed === "true" ? "off" : "on" }));
    if (answer.status === 401) { location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`); return; }
    const told = (await answer.json()) as { count?: number; set?: boolean; error?: string };
    if (!answer.ok) { button.title = told.error ?? ""; return; }
    if (count && told.count !== undefined) count.textContent = told.count ? String(told.count) : "";
    button.setAttribute("aria-pressed", String(told.set ?? true));
  } catch { /* nothing was marked; the reader may press again */ }
}

// --- drafts ---

function draft(area: HTMLTextAreaElement): void {
  const name = `draft:${area.dataset.draft}`;
  const sentName = `${name}:sent`;
  if (kept.get(sentName) && /^#c-|^#posted/.test(location.hash)) { kept.set(name, null); kept.set(sentName, null); }
  if (!area.value) area.value = kept.get(name) ?? "";
  let began = 0;
  area.addEventListener("input", () => {
    began ||= Date.now();
    kept.set(name, area.value || null);
    kept.set(sentName, null);
  });
  area.form?.addEventListener("submit", () => {
    kept.set(sentName, "1");
    let typed = find<HTMLInputElement>("input[name=typed]", area.form ?? document);
    if (!typed) {
      typed = make("input", "", { type: "hidden", name: "typed" }) as HTMLInputElement;
      area.form?.append(typed);
    }
    typed.value = began ? ((Date.now() - began) / 1000).toFixed(1) : "";
  });
}

// --- what is new ---

const EVERY = 60_000;

function watch(thread: HTMLElement): void {
  const line = find("[data-new]", thread), address = thread.dataset.count;
  if (!line || !address) return;
  const before = Number(thread.dataset.shown);
  setInterval(() => {
    if (document.hidden) return;
    ask(address)
      .then(async (answer) => {
        if (!answer.ok) return;
        const told = (await answer.json()) as { comments?: number; challenges?: number };
        const fresh = (told.comments ?? 0) + (told.challenges ?? 0) - before;
        if (fresh <= 0) return;
        const words = (fresh === 1 ? thread.dataset.one : thread.dataset.many) ?? "";
        line.replaceChildren(make("a", words.replace("{n}", String(fresh)), { href: `${location.pathname}${location.search}#comments`, "data-reload": "" }));
        line.hidden = false;
      })
      .catch(() => undefined);
  }, EVERY);
  line.addEventListener("click", (event) => {
    event.preventDefault();
    location.hash = "#comments";
    location.reload();
  });
}
