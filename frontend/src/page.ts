// Small things that every part of the page's script uses. Elements are made, never parsed from text: the pages
// allow no innerHTML (Trusted Types).

export function find<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T | null {
  return root.querySelector<T>(selector);
}

export function all<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

export function make(tag: string, text = "", attributes: Record<string, string> = {}): HTMLElement {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

export function drawn(tag: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (text) made.textContent = text;
  return made;
}

// Fill "%(name)s" in a sentence, as the server does.
export function filled(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/%\((\w+)\)s/g, (whole, name: string) => String(values[name] ?? whole)).replace(/%%/g, "%");
}

// What is kept on this machine alone. A browser may refuse to keep anything: then nothing is kept.
export const kept = {
  get(name: string): string | null {
    try { return localStorage.getItem(`parley:${name}`); } catch { return null; }
  },
  set(name: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(`parley:${name}`);
      else localStorage.setItem(`parley:${name}`, value);
    } catch { /* see above */ }
  },
};

export async function ask(address: string, form?: BodyInit, json = false): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (json) headers["Content-Type"] = "application/json";
  return fetch(address, {
    method: form === undefined ? "GET" : "POST",
    headers,
    credentials: "same-origin",
    redirect: "error",
    ...(form === undefined ? {} : { body: form }),
  });
}

export const wait = (milliseconds: number): Promise<void> =>
  new Promise((done) => { setTimeout(done, milliseconds); });
