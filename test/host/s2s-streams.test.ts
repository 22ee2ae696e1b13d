import { describe, expect, it } from 'vitest';
import { message } from '../support/raw-client.js';
import { CAPULET, MONTAGUE, startTwoServers, TO_CAPULET, TO_MONTAGUE } from '../support/two-servers.js';

describe('two servers', () => {
  it('exchange messages, each over its own stream with a session that can be resumed (M-9)', async () => {
    const { montague, capulet } = await startTwoServers();
    const romeo = await montague.bound('romeo', 'a');
    const juliet = await capulet.bound('juliet', 'a');
    romeo.write(message(`juliet@${CAPULET}/a`, 'm1'));
    const [received] = await juliet.until(/<message .*?<\/message>/);
    expect(received).toContain(`from="romeo@${MONTAGUE}/a"`);
    expect(received).toContain('xmlns="jabber:client"');
    juliet.write(message(`romeo@${MONTAGUE}/a`, 'm2'));
    await romeo.until(/<message [^>]*id="m2"/);
    expect(await montague.reported('enabled', TO_CAPULET)).toMatchObject({ resumable: true, max: 300 });
    expect(await capulet.reported('enabled', TO_CAPULET)).toMatchObject({ resumable: true, max: 300 });
    expect(await capulet.reported('enabled', TO_MONTAGUE)).toMatchObject({ resumable: true });
    expect(await montague.reported('enabled', TO_MONTAGUE)).toMatchObject({ resumable: true });
  });
});
