import { describe, expect, it } from 'vitest';
import { toArray } from '../../src/index.js';
import { withoutContent } from '../../src/inspect/hide.js';
import type { RecordLine } from '../../src/inspect/json-lines.js';
import { createWatch } from '../../src/inspect/watch.js';
import { enabledSession, inspectable, send } from '../support/inspected.js';
import { startHost } from '../support/test-host.js';

const onlySession = (watch: ReturnType<typeof createWatch>) => {
  const [session, another] = watch.sessions.values();
  if (session === undefined || another !== undefined) return expect.fail(`there are ${watch.sessions.size} sessions`);
  return session;
};

describe('the watch of sessions', () => {
  it('has the same state as the session: queue, counters and timers', () => {
    const watch = createWatch();
    const session = enabledSession(watch.write, 'romeo', 1);
    for (const stanza of ['<message/>', '<message id="2"/>']) session.tell(send(stanza));
    session.tell({ type: 'peer.stanza', at: Date.now(), epoch: 1 });
    expect(onlySession(watch).state).toEqual({
      ...session.state,
      session: { ...session.state.session, smId: expect.stringMatching(/^a-ve…$/) },
    });
    expect(watch.detail(1, 0)?.counters).toMatchObject({ received: 1, handled: 1, sent: 2, unacked: 2, acked: 0 });
  });

  it('keeps one name for a session that another link resumes, with its queue (R-4, R-6)', async () => {
    const watch = createWatch();
    const host = await startHost({ trace: watch.write });
    const romeo = await host.enabled('romeo', 'a');
    const juliet = await host.enabled('juliet', 'b');
    const named = () => [...watch.sessions.values()].find(({ name }) => name === 'romeo@localhost/a');
    const id = named()?.id;
    romeo.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    juliet.write("<message to='romeo@localhost/a' type='chat'/>");
    await host.reported('stanzaQueued', 'romeo@localhost/a');
    await host.resumed('romeo', romeo.smId, 0);
    expect(watch.sessions.size).toBe(2);
    expect(named()?.id).toBe(id);
    const detail = watch.detail(id ?? 0, 0);
    expect(detail?.configuration).toContain('enabled.acking.awaitingAck');
    expect(detail?.queue).toMatchObject([{ kind: 'message', type: 'chat', written: true }]);
    expect(detail?.log.map(({ number }) => number)).toEqual(detail?.log.map((_step, index) => index + 1));
    expect(detail?.log.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['link.lost', 'store.taken', 'peer.resume']),
    );
    expect(detail?.log.at(-1)?.event).toBe('store.claimed');
  });

  it('tells each change once', () => {
    const watch = createWatch();
    const romeo = enabledSession(watch.write, 'romeo', 1);
    const juliet = enabledSession(watch.write, 'juliet', 2);
    const names = (steps: number) => watch.changedSince(steps).map(({ name }) => name);
    expect(names(0)).toEqual(['romeo', 'juliet']);
    const seen = watch.steps;
    expect(names(seen)).toEqual([]);
    juliet.tell(send('<message/>'));
    expect(names(seen)).toEqual(['juliet']);
    romeo.tell(send('<message/>'));
    expect(names(seen)).toEqual(['romeo', 'juliet']);
    expect(watch.detail(1, 4)?.log).toMatchObject([{ number: 5, event: 'app.send' }]);
  });

  it('keeps the last steps of each session, and the last sessions that ended', () => {
    const watch = createWatch({ maxSteps: 3, maxEnded: 2 });
    const romeo = enabledSession(watch.write, 'romeo', 1);
    for (let count = 0; count < 10; count += 1) romeo.tell({ type: 'peer.stanza', at: Date.now(), epoch: 1 });
    expect(watch.detail(1, 0)?.log.map(({ number }) => number)).toEqual([12, 13, 14]);
    for (let run = 2; run < 7; run += 1) {
      const { tell } = inspectable(watch.write, `guest-${run}`, run);
      tell({ type: 'link.lost', at: 1, epoch: 1 });
      tell({ type: 'link.lost', at: 2, epoch: 1 });
    }
    expect([...watch.sessions.values()].map(({ name }) => name)).toEqual(['romeo', 'guest-5', 'guest-6']);
  });

  it('limits its memory for long names, texts and queues', () => {
    const watch = createWatch();
    const { tell } = enabledSession(watch.write, 'r'.repeat(100_000), 1);
    for (let count = 0; count < 200; count += 1) tell(send(`<message>${'x'.repeat(5_000)}</message>`));
    tell({ type: 'store.failed', at: 1, reason: 'y'.repeat(100_000) });
    expect(JSON.stringify(watch.detail(1, 0)).length).toBeLessThan(1_000_000);
    expect(watch.detail(1, 0)?.queue).toHaveLength(50);
    expect(watch.detail(1, 0)?.name).toHaveLength(301);
  });

  it('leaves out a line of an unknown session, and a line that cannot be replayed', () => {
    const watch = createWatch();
    const lines: RecordLine[] = [];
    enabledSession((line) => lines.push(line), 'romeo', 1);
    const [first, ...others] = lines;
    if (first === undefined) return expect.fail('no lines');
    expect(others.map((line) => watch.write(line))).toEqual([undefined, undefined, undefined]);
    const broken = { ...first, start: { ...first.start, session: {} } } as RecordLine;
    const event = { type: 'app.send', at: 0, stanza: { xml: '<iq/>', kind: 'iq', type: '' } };
    expect(watch.write({ ...broken, event } as RecordLine)).toBeUndefined();
    expect(watch.sessions.size).toBe(0);
  });
});

describe('hidden content', () => {
  it('leaves the name and the length of each stanza, the states and the counters unchanged', () => {
    const [open, hidden] = [createWatch(), createWatch()];
    const session = enabledSession(
      (line) => {
        open.write(line);
        hidden.write(withoutContent(line));
      },
      'romeo',
      1,
    );
    for (const stanza of ['<message><body>secret</body></message>', '<iq/>', '<a', '']) session.tell(send(stanza));
    session.tell({ type: 'link.lost', at: Date.now(), epoch: 1 });
    const [all, less] = [onlySession(open).state, onlySession(hidden).state];
    expect(toArray(less.session.unacked).map(({ xml }) => xml.replaceAll('…', '.'))).toEqual([
      '<message..............................',
      '<iq..',
      '<a',
      '',
    ]);
    const { unacked, ...rest } = all.session;
    expect(less.session).toMatchObject(rest);
    expect(less.session.unacked).toMatchObject({ length: unacked.length, size: unacked.size });
    expect(JSON.stringify(hidden.detail(1, 0))).not.toContain('secret');
  });
});
