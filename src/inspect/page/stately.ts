/** Hands the sessions to Stately's inspector, which is a page of somebody else in a frame: it and nobody else gets them. */
import { byId } from './dom.js';

const { page }: { page: string } = await (await fetch('/stately.json')).json();
const { origin } = new URL(page);
const frame = byId('page', HTMLIFrameElement);
let messages: EventSource | undefined;

// It says this each time it is loaded, and knows nothing then: the stream begins with all sessions.
addEventListener('message', ({ source, origin: from, data }: MessageEvent) => {
  if (source !== frame.contentWindow || from !== origin || data?.type !== '@statelyai.connected') return;
  messages?.close();
  messages = new EventSource('/stately/messages');
  messages.onmessage = (message) => {
    for (const one of JSON.parse(message.data)) frame.contentWindow?.postMessage(one, origin);
  };
});

frame.src = page;
