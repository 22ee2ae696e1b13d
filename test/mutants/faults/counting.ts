/** Faults in what the server's h counts. */
import type { Mutant } from '../mutant.js';

const NEAR_THE_WRAP = { initialCount: 4294967290 };

export const counting: readonly Mutant[] = [
  {
    name: 'wrap-one-early',
    fault: 'h goes from 4294967294 to 0',
    clauses: ['A-4'],
    file: 'src/core/inbound.ts',
    from: 'next.received = plus(session.received, 1);',
    to: 'next.received = plus(session.received, session.received === 4294967294 ? 2 : 1);',
    seenBy: ['rollover-count'],
    scene: NEAR_THE_WRAP,
  },
  {
    name: 'wrap-never',
    fault: 'h goes from 4294967295 to 4294967296',
    clauses: ['A-4'],
    file: 'src/core/inbound.ts',
    from: 'next.received = plus(session.received, 1);',
    to: 'next.received = (session.received + 1) as Uint32;',
    seenBy: ['rollover-count'],
    scene: NEAR_THE_WRAP,
  },
  {
    name: 'wrap-outbound',
    fault: 'An h after the roll-over counts as lower than an h before it, and acknowledges nothing',
    clauses: ['A-4'],
    file: 'src/core/uint32.ts',
    from: 'number => (to - from) >>> 0;',
    to: 'number => to - from;',
    seenBy: ['rollover-trims'],
    scene: NEAR_THE_WRAP,
  },
  {
    name: 'wrap-too-high',
    fault: 'An h after the roll-over counts as too high, and ends the stream',
    clauses: ['A-4'],
    file: 'src/core/h.ts',
    from: "if (span(session.acked, h) <= session.written) return 'legal';",
    to: "if (h >= session.acked && h <= session.acked + session.written) return 'legal';",
    seenBy: ['rollover-a'],
    scene: NEAR_THE_WRAP,
  },
  {
    name: 'counts-r',
    fault: '<r/> counts',
    clauses: ['A-3'],
    file: 'src/core/inbound.ts',
    from: 'export const writeAck: Action = (session) =>\n  changed(session, {',
    to: 'export const writeAck: Action = (session) =>\n  changed({ ...session, received: plus(session.received, 1), handled: plus(session.handled, 1) }, {',
    seenBy: ['count-r'],
  },
  {
    name: 'counts-a',
    fault: '<a/> counts',
    clauses: ['A-3'],
    file: 'src/core/acking.ts',
    from: ': acknowledge(session, event.h);',
    to: ': acknowledge({ ...session, handled: ((session.handled + 1) >>> 0) as Uint32 }, event.h);',
    seenBy: ['count-a'],
  },
  {
    name: 'counts-csi',
    fault: 'Client state indication counts',
    clauses: ['A-3'],
    file: 'src/core/link.ts',
    from: 'unchanged(amendLink(session, { inactive: true }))',
    to: 'unchanged(amend(amendLink(session, { inactive: true }), { handled: (session.handled + 1) as typeof session.handled }))',
    seenBy: ['count-csi'],
  },
  {
    name: 'counts-white-space',
    fault: 'White space that keeps the connection alive counts',
    clauses: ['A-3'],
    file: 'src/host/accepted-connection.ts',
    from: '  override closed(): void {',
    to: `  override data(text: string): void {
    const { handled } = this.session.state.session;
    if (/^\\s/.test(text)) Object.assign(this.session.state.session, { handled: handled + 1 });
    super.data(text);
  }
  override closed(): void {`,
    seenBy: ['count-white-space'],
  },
  {
    name: 'skips-iq-without-id',
    fault: 'An IQ that is refused because it has no id does not count',
    clauses: ['A-3'],
    file: 'src/host/c2s/connection.ts',
    from: "this.#answer('stanza', stanza);",
    to: `const { handled } = this.session.state.session;
    if (stanza.is('iq') && !stanza.attrs.id) Object.assign(this.session.state.session, { handled: handled - 1 });
    this.#answer('stanza', stanza);`,
    seenBy: ['count-iq-without-id'],
  },
  {
    name: 'skips-bad-address',
    fault: 'A stanza with an address that is not a JID does not count',
    clauses: ['A-3'],
    file: 'src/host/c2s/connection.ts',
    from: "this.#answer('stanza', stanza);",
    to: `const { handled } = this.session.state.session;
    if (/^@|@@|\\s|@$/.test(stanza.attrs.to ?? ''))
      Object.assign(this.session.state.session, { handled: handled - 1 });
    this.#answer('stanza', stanza);`,
    seenBy: ['count-malformed-to'],
  },
  {
    name: 'counts-late',
    fault: 'Stanzas in the same write as <enable/> are handled and not counted',
    clauses: ['A-2'],
    file: 'src/session/session-link.ts',
    from: 'this.#inbox.push(arrival);',
    to: `const session = owner as unknown as {
        environment: { engine: { asksStore(state: unknown): boolean } };
        state: unknown;
        hand(stanza: Element, position: null): void;
      };
      const asks = session.environment.engine.asksStore(session.state);
      const isEarly = asks && 'event' in arrival && arrival.event.type === 'peer.stanza';
      this.#inbox.push(isEarly ? { act: () => arrival.element && session.hand(arrival.element, null) } : arrival);`,
    seenBy: ['count-one-write'],
  },
  {
    name: 'counts-enable',
    fault: '<enable/> is in the count that it begins',
    clauses: ['A-2', 'A-3'],
    file: 'src/core/inbound.ts',
    from: 'handled: policy.initialCount,',
    to: 'handled: plus(policy.initialCount, 1),',
    seenBy: ['count-from-zero'],
  },
  {
    name: 'count-begins-anew',
    fault: 'A resumption sets h back to where it began',
    clauses: ['R-6'],
    file: 'src/core/resumption.ts',
    from: '{ timers: session.timers, isRestored: false, link }',
    to: '{ timers: session.timers, isRestored: false, link, received: session.received, handled: session.handled }',
    seenBy: ['count-over-resumption', 'resume'],
  },
  {
    name: 'half-element-stays',
    fault: 'Half an element of a lost connection is read as the beginning of the input on the resumed connection',
    clauses: ['A-3', 'R-6'],
    file: 'src/session/xml-stream.ts',
    from: 'this.#parser?.write(text);',
    to: `const memory = globalThis as { half?: string };
    this.#parser?.write(text.includes('<resume ') ? text + (memory.half ?? '') : text);
    if (!text.endsWith('>')) memory.half = text;`,
    seenBy: ['count-half'],
  },
];
