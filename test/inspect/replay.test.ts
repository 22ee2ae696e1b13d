import { beforeEach, describe, expect, it } from 'vitest';
import { isLeft, isRight, open, policy, type Role, restore, type State, toRecord, traced } from '../../src/index.js';
import { parseRecordLine, printRecordLine, type RecordLine } from '../../src/inspect/json-lines.js';
import { createReplay, type Disagreement } from '../../src/inspect/replay.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { randomEvent, uptoEnabled } from '../support/random-events.js';
import { startHost } from '../support/test-host.js';

const seed = seedFrom(process.env.SEED);

/** Where the first line that disagrees stands, and how; undefined when none does. */
const disagreement = (texts: readonly string[]): (Disagreement & { readonly line: number }) | undefined => {
  const replay = createReplay();
  for (const [line, text] of texts.entries()) {
    const parsed = parseRecordLine(text);
    if (isLeft(parsed)) return expect.fail(`line ${line}: ${parsed.left}: ${text}`);
    const outcome = replay(parsed.right);
    if (isLeft(outcome)) return { ...outcome.left, line };
  }
  return undefined;
};

/** A record of one session that goes through random events. */
const recordOf = (state: State, random: ReturnType<typeof createRandom>, length: number): readonly string[] => {
  const texts: string[] = [];
  const step = traced((line) => texts.push(printRecordLine({ ...line, session: 'a', run: 1 })));
  let current = state;
  for (const event of uptoEnabled[state.role]) [current] = step(current, event);
  for (let at = 1; at <= length; at += 1) [current] = step(current, randomEvent(current, random, at * 1_000));
  return texts;
};

for (const role of ['client', 'server'] as const satisfies Role[]) {
  describe(`the record of a ${role}, SEED=${seed}`, () => {
    it('replays to the same lines, for any events', () => {
      const random = createRandom(seed);
      for (let session = 0; session < 60; session += 1) {
        const limits = policy({ maxQueueStanzas: 5, deferHandling: session % 2 === 1 });
        expect(disagreement(recordOf(open(role, limits), random, 80)), `session ${session}`).toBeUndefined();
      }
    });

    it('may begin with a restored session', () => {
      const random = createRandom(seed);
      const [enabled] = uptoEnabled[role].reduce<readonly [State]>(
        ([state], event) => [traced(() => {})(state, event)[0]],
        [open(role, policy())],
      );
      const restored = restore(toRecord(enabled), policy(), 5_000);
      if (!isRight(restored)) return expect.fail('not restored');
      const [state] = restored.right;
      expect(state.configuration).toMatch(/^hibernating/);
      expect(disagreement(recordOf(state, random, 50))).toBeUndefined();
    });
  });
}

describe('the record of a host', () => {
  let texts: readonly string[] = [];
  let at = -1;

  beforeEach(async () => {
    // All tests read the record of the first; its host is closed behind that test.
    if (texts.length > 0) return;
    const lines: RecordLine[] = [];
    const host = await startHost({ policy: { hibernationTime: 30 }, trace: (line) => lines.push(line) });
    const juliet = await host.bound('juliet', 'a');
    const romeo = await host.enabled('romeo', 'a');
    const { smId } = romeo;
    for (let cut = 1; cut <= 3; cut += 1) {
      const old = cut === 1 ? romeo : await host.resumed('romeo', smId, 0);
      juliet.write(`<message to='romeo@localhost/a' type='chat' id='${cut}'><body>hello</body></message>`);
      await old.until(new RegExp(`id="${cut}"`));
      old.reset();
      await host.reported('hibernationStart', 'romeo@localhost/a', cut);
    }
    const last = await host.resumed('romeo', smId, 0);
    last.write("<a xmlns='urn:xmpp:sm:3' h='77'/>");
    await last.until(/handled-count-too-high/);
    await host.host.close();
    texts = lines.map(printRecordLine);
    at = lines.findIndex(
      ({ from, taken }) => from.startsWith('enabled') && taken.some(({ clauses }) => clauses.includes('A-8')),
    );
  });

  it('replays over cuts and resumptions, with the lines of several runs mixed', () => {
    expect(new Set(texts.map((text) => JSON.parse(text).run)).size).toBe(5);
    expect(texts.filter((text) => text.includes('"store.claimed"'))).toHaveLength(3);
    expect(disagreement(texts)).toBeUndefined();
  });

  it.each<[string, (line: RecordLine) => unknown]>([
    ['configuration', (line) => ({ ...line, to: line.from })],
    ['effect', (line) => ({ ...line, effects: line.effects.slice(1) })],
    ['counter', (line) => ({ ...line, counters: { ...line.counters, acked: line.counters.acked + 1 } })],
    ['clause', (line) => ({ ...line, taken: line.taken.map((taken) => ({ ...taken, clauses: [] })) })],
    ['event', (line) => ({ ...line, event: { ...line.event, h: 1 } })],
    ['time', (line) => ({ ...line, at: line.at + 1 })],
  ])('disagrees in the very line whose %s was tampered with', (_what, tamper) => {
    const parsed = parseRecordLine(texts[at] ?? '');
    if (isLeft(parsed)) return expect.fail(`line ${at}: ${parsed.left}`);
    expect(disagreement(texts.with(at, JSON.stringify(tamper(parsed.right))))).toMatchObject({ line: at });
  });

  it('differs where a line is missing', () => {
    expect(disagreement(texts.toSpliced(at - 1, 1))).toBeDefined();
  });

  it('cannot be replayed without the beginning of a run', () => {
    expect(disagreement(texts.slice(1))).toMatchObject({ line: expect.any(Number), field: 'start' });
  });

  it('is refused where a line only looks like an event', () => {
    const [first = ''] = texts;
    const line = { ...JSON.parse(first), event: { type: 'store.claimed', at: 0 }, from: 'claiming' };
    expect(disagreement([JSON.stringify(line)])).toMatchObject({ field: 'event' });
  });
});

describe('a line of a record', () => {
  it.each(['', 'text', '{}', 'null', '[]', '{"role":"client"}', '{"session":"a","run":1}'])('cannot be %j', (text) => {
    expect(isLeft(parseRecordLine(text))).toBe(true);
  });

  it('distinguishes the SM-ID of another session from its own, although both begin in the same way', () => {
    const lines: string[] = [];
    const step = traced((line) => lines.push(JSON.stringify(line)));
    let state = open('client', policy());
    for (const event of uptoEnabled.client) [state] = step(state, event);
    [state] = step(state, { type: 'link.lost', at: 0, epoch: 1 });
    [state] = step(state, { type: 'link.opened', at: 0, epoch: 2 });
    [state] = step(state, { type: 'app.authenticated', at: 0, owner: 'user@example.net' });
    [state] = step(state, { type: 'app.resume', at: 0 });
    step(state, { type: 'peer.resumed', at: 0, epoch: 2, previd: 'id-2', h: state.session.acked });
    expect(lines.at(-1)).toContain('"previd":"id…≠"');
  });
});
