/** Functions that recognise and describe elements of stream management and errors. */
import { childOf, type Element } from './element.js';
import { NS } from './namespaces.js';

export type Match = (element: Element) => boolean;

/** Matches an element of stream management. */
export const sm =
  (name: string): Match =>
  (element) =>
    element.ns === NS.sm && element.name === name;

/** Matches an element when any of these matches it, such as `<enabled/>` or `<failed/>`. */
export const anyOf =
  (...matches: readonly Match[]): Match =>
  (element) =>
    matches.some((match) => match(element));

export const STANZAS = ['message', 'presence', 'iq'];

export const isStanza: Match = ({ ns, name }) => ns === NS.client && STANZAS.includes(name);

/** Matches a stanza with these attributes; undefined means that the attribute is absent. */
export const stanza =
  (name: string, attrs: Readonly<Record<string, string | undefined>> = {}): Match =>
  (element) =>
    isStanza(element) &&
    element.name === name &&
    Object.entries(attrs).every(([key, value]) => element.attrs[key] === value);

/** Matches `<stream:error/>`. */
export const streamError: Match = ({ ns, name }) => ns === NS.stream && name === 'error';

/** The condition of a stream error or of an error stanza. */
export const errorCondition = (element: Element): string => {
  const isStreamError = streamError(element);
  const conditions = isStreamError ? element.children : (childOf(element, 'error')?.children ?? []);
  const ns = isStreamError ? NS.streamErrors : NS.stanzaErrors;
  return conditions.find((child) => child.ns === ns && child.name !== 'text')?.name ?? 'no condition';
};

/** The condition that is a direct child of `<failed/>`, as the schema requires. */
export const failedCondition = (failed: Element): string | undefined =>
  failed.children.find((child) => child.ns === NS.stanzaErrors && child.name !== 'text')?.name;

/** Describes an element in a few words, without values that differ from run to run. */
export const summary = (element: Element): string => {
  const { name, ns, attrs } = element;
  if (streamError(element)) return `a stream error ${errorCondition(element)}`;
  if (sm('failed')(element)) {
    const condition = failedCondition(element) ?? nestedCondition(element) ?? 'nothing';
    return `<failed${attrs.h === undefined ? '' : ` h='${attrs.h}'`}/> with ${condition}`;
  }
  if (ns === NS.sm) return `<${name}${attrs.h === undefined ? '' : ` h='${attrs.h}'`}/>`;
  if (isStanza(element)) {
    return attrs.type === 'error'
      ? `an error ${name} ${errorCondition(element)}`
      : `a ${name}${attrs.type === undefined ? '' : ` of type ${attrs.type}`}`;
  }
  return `<${name} xmlns='${ns}'/>`;
};

const nestedCondition = (failed: Element): string | undefined => {
  const [child] = failed.children;
  const inner = child?.children[0]?.name;
  return child && (inner === undefined ? child.name : `${inner} inside <${child.name}/>`);
};
