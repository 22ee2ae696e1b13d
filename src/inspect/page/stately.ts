/** Passes the sessions to Stately's inspector, a foreign page in a frame. Only that page gets the sessions. */
import { byId } from './dom.js';

const { page }: { page: string } = await (await fetch('/stately.json')).json();
const { origin } = new URL(page);
const frame = byId('page', HTMLIFrameElement);
let messages: EventSource | undefined;

// Stately's page sends this message each time it loads, without any sessions: so the stream starts with all sessions.
addEventListener('message', ({ source, origin: from, data }: MessageEvent) => {
  if (source !== frame.contentWindow || from !== origin || data?.type !== '@statelyai.connected') return;
  messages?.close();
  messages = new EventSource('/stately/messages');
  messages.onmessage = (message) => {
    for (const one of JSON.parse(message.data)) frame.contentWindow?.postMessage(one, origin);
  };
});

frame.src = page;
