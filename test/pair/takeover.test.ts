import { describe, expect, it } from 'vitest';
import { policy } from '../../src/index.js';
import { createPair, type Pair } from '../../src/testing.js';

const enabledPair = async (latency = 10): Promise<Pair> => {
  const policies = { client: policy({ hibernationTime: 60 }), server: policy({ hibernationTime: 60 }) };
  const pair = createPair({ policies, latency: () => latency });
  pair.connect();
  await pair.advance(1_000);
  return pair;
};

const names = (pair: Pair, side: 'client' | 'server'): readonly string[] => pair[side].reports.map(({ type }) => type);

const keys = (pair: Pair, side: 'client' | 'server'): readonly string[] => pair[side].delivered.map(({ key }) => key);

describe('a client that comes back', () => {
  it('takes its session over while the server believes that the old stream is alive, and loses no stanza (R-11)', async () => {
    const pair = await enabledPair();
    pair.links[0]?.vanish();
    pair.server.send('s0');
    pair.client.send('c0');
    await pair.advance(100);
    pair.connect();
    pair.server.send('s1');
    await pair.advance(1_000);
    expect(names(pair, 'server')).toContain('superseded');
    expect(names(pair, 'server')).not.toContain('hibernationStart');
    expect([keys(pair, 'client'), keys(pair, 'server')]).toEqual([['s0', 's1'], ['c0']]);
    expect(pair.serverSessions).toBe(1);
  });

  it('resumes however often a link breaks inside <resumed/> or the replay (R-17, server class 11)', async () => {
    const pair = await enabledPair();
    for (let n = 0; n < 5; n++) pair.server.send(`s${n}`);
    pair.links[0]?.cut();
    for (let characters = 150; characters < 420; characters += 10) {
      await pair.advance(100);
      pair.connect();
      pair.links.at(-1)?.cutAfter('down', characters);
      await pair.advance(100);
    }
    pair.connect();
    await pair.advance(5_000);
    expect(keys(pair, 'client')).toEqual(['s0', 's1', 's2', 's3', 's4']);
    expect(pair.server.acknowledged).toEqual(['s0', 's1', 's2', 's3', 's4']);
  });

  it('binds and enables on the same stream when its session is gone, and learns which stanzas arrived (R-8, R-10, R-15, server class 21)', async () => {
    const pair = await enabledPair();
    const [first] = pair.links;
    pair.client.send('arrives');
    await pair.advance(100);
    first?.vanish();
    pair.client.send('vanishes');
    first?.server.destroy();
    await pair.advance(61_000);
    pair.connect();
    await pair.advance(1_000);
    expect(names(pair, 'client').filter((name) => /^(resumption|enabled)/.test(name))).toEqual([
      'enabled',
      'resumptionFailed',
      'enabled',
    ]);
    expect(pair.client.acknowledged).toEqual(['arrives']);
    expect(pair.client.returned).toEqual([{ key: 'vanishes', reason: 'resumptionFailed', written: true }]);
    expect(pair.links).toHaveLength(2);
  });

  it('cannot resume after the stream was closed with </stream:stream> (C-1, A-10, server class 11)', async () => {
    const pair = await enabledPair();
    pair.server.send('s0');
    await pair.advance(15);
    pair.client.close();
    await pair.advance(5_000);
    expect(pair.serverSessions).toBe(0);
    expect(names(pair, 'server')).not.toContain('hibernationStart');
    expect(pair.server.acknowledged).toEqual(['s0']);
  });
});
