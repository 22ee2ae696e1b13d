/** Making elements. Whatever is shown comes in as text or as an element, so nothing from the wire is ever read as HTML. */

export type Child = Node | string;

export const element = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => dressed(document.createElement(name), attributes, children);

export const shape = <K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] =>
  dressed(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

/** @throws Error when the page has no such element, or one of another kind */
export const byId = <E extends Element>(id: string, kind: new () => E): E => {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} #${id}`);
};

/** Changes the text only where it is another: what is looked at, or read aloud, stays quiet. */
export const setText = (node: Node, text: string): void => {
  if (node.textContent !== text) node.textContent = text;
};

const dressed = <E extends Element>(
  made: E,
  attributes: Readonly<Record<string, string>>,
  children: readonly Child[],
): E => {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};
