/**
 * Makes elements. All content comes in as text or as an element, so the browser never reads text from the wire as HTML.
 */

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

/** @throws Error when the page has no such element, or the element is of another kind */
export const byId = <E extends Element>(id: string, kind: new () => E): E => {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} #${id}`);
};

/** Sets the text only when it differs, so that a selection or a screen reader is not disturbed. */
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
