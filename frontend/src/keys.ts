// Single keys: n and p for claims, c to challenge, 0 for the author's case, ? for the list. They can be switched off.

import { challengeAddress, step } from "./claims";
import { find, kept } from "./page";

export function startKeys(reset: () => void): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = event.target as Element | null;
    if (at?.closest("input:not([type=range],[type=radio],[type=checkbox]),textarea,select,dialog,[contenteditable]")) return;
    if (event.key === "?") { list(); event.preventDefault(); return; }
    if (kept.get("keys") === "off") return;
    const acts: Record<string, () => void> = {
      n: () => step(1),
      p: () => step(-1),
      c: () => { const address = challengeAddress(); if (address) location.assign(address); },
      "0": reset,
    };
    const act = acts[event.key];
    if (act) { act(); event.preventDefault(); }
  });
}

function list(): void {
  let dialog = find<HTMLDialogElement>("dialog.keys");
  if (!dialog) {
    const template = find<HTMLTemplateElement>("#keys");
    if (!template) return;
    document.body.append(template.content.cloneNode(true));
    dialog = find<HTMLDialogElement>("dialog.keys");
    const box = find<HTMLInputElement>("input", dialog ?? document);
    if (box) {
      box.checked = kept.get("keys") !== "off";
      box.addEventListener("change", () => kept.set("keys", box.checked ? null : "off"));
    }
  }
  dialog?.showModal();
}
