import { createInspector } from '@statelyai/inspect';
import { describe, expect, it } from 'vitest';
import { withoutContent } from '../../src/inspect/hide.js';
import type { RecordLine } from '../../src/inspect/json-lines.js';
import { persistedSnapshot } from '../../src/inspect/snapshot.js';
import { createStatelyFeed, type StatelyInspect } from '../../src/inspect/stately.js';
import { createWatch } from '../../src/inspect/watch.js';
import { serverMachine } from '../../src/machines.js';
import { enabledSession, send } from '../support/inspected.js';

interface Message {
  readonly type: string;
  readonly name?: string;
  readonly sessionId: string;
  readonly definition?: string;
  readonly event?: { readonly type: string };
  readonly snapshot?: unknown;
}

const setUp = () => {
  const watch = createWatch();
  const feed = createStatelyFeed({ createInspector } as StatelyInspect, watch);
  const write = (whole: RecordLine): void => {
    const line = withoutContent(whole);
    const id = watch.write(line);
    if (id !== undefined) feed.stepped(id, line.event);
  };
  return { watch, write, take: () => feed.take() as readonly Message[] };
};

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the feed of Stately's inspector", () => {
  it('shows a session as an actor with the whole machine', () => {
    const { write, take } = setUp();
    enabledSession(write, 'romeo@localhost/a', 1);
    const [actor] = take();
    expect(actor).toMatchObject({ type: '@xstate.actor', name: 'romeo@localhost/a', sessionId: '1' });
    expect(JSON.parse(actor?.definition ?? '')).toEqual(
      plain({ ...serverMachine.config, context: { type: 'context' } }),
    );
  });

  it('sends every event, and the newest snapshot of each session', () => {
    const { watch, write, take } = setUp();
    const romeo = enabledSession(write, 'romeo', 1);
    const juliet = enabledSession(write, 'juliet', 2);
    take();
    romeo.tell(send('<message/>'));
    romeo.tell({ type: 'peer.stanza', at: 1, epoch: 1 });
    juliet.tell({ type: 'link.lost', at: 2, epoch: 1 });
    const messages = take();
    expect(messages.map(({ type, sessionId, event }) => [type, sessionId, event?.type])).toEqual([
      ['@xstate.event', '1', 'app.send'],
      ['@xstate.event', '1', 'peer.stanza'],
      ['@xstate.event', '2', 'link.lost'],
      ['@xstate.snapshot', '1', 'peer.stanza'],
      ['@xstate.snapshot', '2', 'link.lost'],
    ]);
    for (const { sessionId, snapshot } of messages.slice(3)) {
      const state = watch.sessions.get(Number(sessionId))?.state;
      expect(plain(snapshot)).toEqual(state && plain(persistedSnapshot(state)));
    }
    expect(take()).toEqual([]);
  });

  it('contains no SM-ID and no content of stanzas', () => {
    const { write, take } = setUp();
    const { tell } = enabledSession(write, 'romeo', 1);
    tell(send('<message><body>wherefore</body></message>'));
    tell({ type: 'link.lost', at: 2, epoch: 1 });
    const text = JSON.stringify(take());
    expect(text).toContain('app.send');
    expect(text).not.toMatch(/wherefore|secret/);
  });

  it('limits its memory while no page reads it', () => {
    const { write, take } = setUp();
    const { tell } = enabledSession(write, 'romeo', 1);
    for (let count = 0; count < 3_000; count += 1) tell({ type: 'peer.stanza', at: count, epoch: 1 });
    expect(take().length).toBeLessThanOrEqual(1_002);
  });
});
