/** The inspector of sessions that a test runs, and what is found on its page. */
import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { type Inspector, openInspector } from '../../src/cli/inspect/live.js';
import type { TracingFlags } from '../../src/cli/tracing-options.js';
import type { HostOptions } from '../../src/host/host.js';
import type { SmEvent } from '../../src/index.js';
import { enabledSession, send } from '../support/inspected.js';
import { startHost } from '../support/test-host.js';

export const LOOPBACK = { host: '127.0.0.1', port: 0 };

export const inspector = async (flags: Partial<TracingFlags> = {}): Promise<Inspector> => {
  const opened = await openInspector({ inspect: LOOPBACK, ...flags });
  onTestFinished(() => opened.close());
  return opened;
};

/** A host, and the inspector that shows it. */
export const inspectedHost = async (options: Partial<HostOptions> = {}, flags: Partial<TracingFlags> = {}) => {
  const opened = await inspector(flags);
  return { ...(await startHost({ ...options, trace: opened.write })), url: opened.url };
};

export const row = (page: Page, name: string) => page.locator('.row', { hasText: name });
export const lit = (page: Page, state: string) => page.locator(`.state.active[data-state="${state}"]`);
export const fact = (page: Page, name: string) => page.locator(`[data-fact="${name}"]`);
export const logged = (page: Page, event: string) =>
  page.locator('#log li', { has: page.locator(`b:text-is("${event}")`) });

export const message = (id: string, body: string): string =>
  `<message to='romeo@localhost/a' type='chat' id='${id}'><body>${body}</body></message>`;

/** Of a stanza that came, or one that is sent, or an ack. */
export const chatter = (number: number): SmEvent => {
  const at = Date.now();
  const kinds: readonly SmEvent[] = [
    { type: 'peer.stanza', at, epoch: 1 },
    { type: 'app.requestAck', at },
    { type: 'peer.r', at, epoch: 1 },
  ];
  return kinds[number % kinds.length] ?? { type: 'app.requestAck', at };
};

/** Every third one hibernates. @returns where they are shown */
export const severalSessions = async (count: number, more = 1): Promise<string> => {
  const { write, url } = await inspector();
  for (let number = 0; number < count; number += 1) {
    const { tell } = enabledSession(write, `user-${number}`, number);
    for (let step = 0; step < number % more; step += 1) tell(chatter(step + 2));
    for (let stanza = 0; stanza < number % 5; stanza += 1) tell(send('<message/>'.padEnd(80 + stanza)));
    if (number % 3 === 0) tell({ type: 'link.lost', at: Date.now(), epoch: 1 });
  }
  return url;
};

/** The first message of a stream, as it is sent. */
export const bytesOf = async (url: string): Promise<string> => {
  const response = await fetch(url);
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (!/data: .*\n\n/.test(text)) {
    const part = await reader?.read();
    if (part?.value === undefined) return expect.fail(`${url} ends after ${text}`);
    text += part.value;
  }
  await reader?.cancel();
  return text;
};
