import { describe, expect, it } from 'vitest';
import { drive, type Effect, open, policy, type SmEvent, step } from '../../src/index.js';

const negotiate = (xml: string): SmEvent => ({ type: 'app.writeUncounted', at: 0, xml });
const close: SmEvent = { type: 'app.close', at: 0, error: 'system-shutdown' };

const late: SmEvent = { type: 'app.send', at: 0, stanza: { xml: '<message/>', kind: 'message', type: '' } };

const textOf = (effect: Effect): string =>
  effect.type === 'transmit' ? effect.xml : effect.type === 'report' ? effect.report.type : effect.type;

describe('the loop around step', () => {
  it('carries out the effects of an event, in order, in the state after the event', () => {
    const done: string[] = [];
    const driver = drive(open('server', policy()), (effect) => done.push(textOf(effect)));
    driver.send(close);
    expect(done).toEqual(['stream.error', 'link.close', 'ended']);
    expect(driver.state.configuration).toBe('ended.closed');
  });

  it('handles an event that an effect causes after all effects before it', () => {
    const done: string[] = [];
    const driver = drive(open('server', policy()), (effect) => {
      done.push(textOf(effect));
      if (effect.type === 'transmit' && effect.xml === '<a/>') driver.send(close);
      if (effect.type === 'stream.error') driver.send(late);
    });
    driver.send(negotiate('<a/>'));
    expect(done).toEqual(['<a/>', 'stream.error', 'link.close', 'ended', 'returned']);
  });

  it('continues with the next event although an effect threw', () => {
    const driver = drive(open('server', policy()), () => {
      throw new Error('broken');
    });
    expect(() => driver.send(negotiate('<a/>'))).toThrow('broken');
    expect(() => driver.send(close)).toThrow('broken');
    expect(driver.state.configuration).toBe('ended.closed');
  });

  it('uses the step function that it is given', () => {
    const seen: string[] = [];
    const driver = drive(
      open('server', policy()),
      () => {},
      (state, event) => {
        seen.push(event.type);
        return step(state, event);
      },
    );
    driver.send(close);
    expect(seen).toEqual(['app.close']);
  });
});
