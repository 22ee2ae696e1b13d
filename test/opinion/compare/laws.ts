/** What holds in every state, whatever the model says. */
import type { Effect, State } from '../../../src/index.js';
import type { Disagreement } from './compare.js';
import type { Facts } from './facts.js';

const broken = (law: string, seen: string): Disagreement => ({ about: `law: ${law}`, project: seen, model: law });

/** The fate of each stanza that the embedder sent: there is exactly one. */
export class Fates {
  readonly #waiting = new Set<string>();
  readonly #done = new Map<string, string>();

  sent(key: string) {
    this.#waiting.add(key);
  }

  /** @returns what is wrong with the fates of this step */
  settle(facts: Facts): Disagreement | null {
    for (const key of facts.acknowledged) {
      const found = this.#settle(key, 'acknowledged');
      if (found !== null) return found;
    }
    for (const told of facts.returned) {
      const found = this.#settle(told.split(' ')[0] ?? '', 'returned');
      if (found !== null) return found;
    }
    return null;
  }

  #settle(key: string, fate: string): Disagreement | null {
    const before = this.#done.get(key);
    this.#done.set(key, fate);
    this.#waiting.delete(key);
    return before === undefined ? null : broken('one fate for each stanza', `${key} ${before}, then ${fate}`);
  }

  /** Takes the stanza out of the account: another session has it now, or a stream that never counted carried it. */
  release(key: string) {
    this.#waiting.delete(key);
  }

  /** A process has forgotten the others. */
  onlyThese(queue: readonly string[]) {
    this.#waiting.clear();
    this.#done.clear();
    for (const key of queue) this.#waiting.add(key);
  }

  /** Every stanza without a fate is in the queue. */
  missing(queue: readonly { readonly key: string | null }[]): Disagreement | null {
    if (this.#waiting.size === queue.length) return null;
    const queued = new Set(queue.map(({ key }) => key));
    const lost = [...this.#waiting].filter((key) => !queued.has(key));
    return lost.length === 0 ? null : broken('no stanza is lost', `no fate: ${lost.join(' ')}`);
  }
}

/** Law 2: what is refused changes nothing. */
export const unchanged = (before: State, after: State, effects: readonly Effect[]): Disagreement | null => {
  const misuse = effects.some((effect) => effect.type === 'report' && effect.report.type === 'misuse');
  if (!misuse) return null;
  if (effects.length > 1) return broken('misuse changes nothing', effects.map(({ type }) => type).join(', '));
  if (before.session === after.session && before.configuration === after.configuration) return null;
  const same = JSON.stringify(before) === JSON.stringify(after);
  return same ? null : broken('misuse changes nothing', 'the state changed');
};

/** The timers that the adapter runs are those that the session names. */
export const timersAgree = (running: Map<string, number>, facts: Facts, state: State): Disagreement | null => {
  for (const fact of facts.timers) {
    const [timer = '', deadline = ''] = fact.split(' ');
    if (deadline === '-') running.delete(timer);
    else running.set(timer, Number(deadline));
  }
  for (const [timer, deadline] of Object.entries(state.session.timers)) {
    if ((running.get(timer) ?? null) === deadline) continue;
    const seen = `${timer}: ${running.get(timer)}, in the session ${deadline}`;
    if (deadline === null) running.delete(timer);
    else running.set(timer, deadline);
    return { ...broken('the adapter runs the timers of the session', seen), soft: true };
  }
  return null;
};

/** A-14, without wrap: what is handled was received. */
export const handledWasReceived = ({ session }: State): Disagreement | null => {
  const ahead = (session.received - session.handled + 2 ** 32) % 2 ** 32;
  return ahead < 2 ** 31
    ? null
    : broken('handled <= received', `handled ${session.handled}, received ${session.received}`);
};
