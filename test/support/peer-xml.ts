/** What a peer's event looks like on the wire, and what the strict parser and the codec make of such text. */
import { type PeerEvent, SM_3 } from '../../src/index.js';
import { CLIENT, createStreamParser, encodeNonza, peerEvent, STREAMS } from '../../src/xml.js';

const HEADER = `<?xml version='1.0'?><stream:stream xmlns='${CLIENT}' xmlns:stream='${STREAMS}' version='1.0'>`;

/** The text that makes this event. */
export const toXml = (event: PeerEvent): string => {
  switch (event.type) {
    case 'peer.enable': {
      const { type: _type, at: _at, epoch: _epoch, xmlns, ...rest } = event;
      return encodeNonza({ name: 'enable', ...rest }, xmlns);
    }
    case 'peer.enabled': {
      const { type: _type, at: _at, epoch: _epoch, ...rest } = event;
      return encodeNonza({ name: 'enabled', ...rest }, SM_3);
    }
    case 'peer.resume': {
      const { previd, h, xmlns } = event;
      return encodeNonza({ name: 'resume', previd, h }, xmlns);
    }
    case 'peer.resumed':
      return encodeNonza({ name: 'resumed', previd: event.previd, ...(event.h !== undefined && { h: event.h }) }, SM_3);
    case 'peer.failed': {
      const { type: _type, at: _at, epoch: _epoch, ...rest } = event;
      return encodeNonza({ name: 'failed', ...rest }, SM_3);
    }
    case 'peer.r':
      return encodeNonza({ name: 'r' }, SM_3);
    case 'peer.a':
      return encodeNonza({ name: 'a', ...(event.h !== undefined && { h: event.h }) }, SM_3);
    case 'peer.stanza':
      return "<message to='romeo@example.net'><body>Wherefore art thou?</body></message>";
    case 'peer.malformed':
      return `<enable xmlns='${SM_3}' resume='perhaps'/>`;
    case 'peer.violation':
      return '<!-- no comment -->';
    case 'peer.error':
      return `<stream:error><${event.condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;
    case 'peer.closed':
      return '</stream:stream>';
  }
};

/** What a session is told when this text arrives, in order. */
export const fromXml = (xml: string, at: number, epoch: number): readonly PeerEvent[] => {
  const events: PeerEvent[] = [];
  const parser = createStreamParser(
    {},
    {
      streamOpen() {},
      element(element) {
        const event = peerEvent(element, { contentNamespace: CLIENT, acceptSm2: true }, at, epoch);
        if (event !== undefined) events.push(event);
      },
      streamClose: () => events.push({ type: 'peer.closed', at, epoch }),
      violation: (violation) => events.push({ type: 'peer.violation', at, epoch, violation }),
    },
  );
  parser.write(HEADER);
  parser.write(xml);
  return events;
};
