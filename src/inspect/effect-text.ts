/** Describes an effect in a few words, without the content of stanzas. */
import type { Effect } from '../index.js';

export const effectText = (effect: Effect): string => {
  switch (effect.type) {
    case 'write':
      return `write <${effect.nonza.name}${'h' in effect.nonza && effect.nonza.h !== undefined ? ` h=${effect.nonza.h}` : ''}/>`;
    case 'transmit':
      return `transmit ${tagOf(effect.xml)}>`;
    case 'replay':
      return `replay ${effect.stanzas.length}`;
    case 'stream.error':
      return `stream.error ${effect.violation.condition}`;
    case 'link.close':
      return effect.graceful ? 'close' : 'destroy';
    case 'deliver':
      return effect.position === null ? 'deliver' : `deliver ${effect.position}`;
    case 'timer.set':
    case 'timer.clear':
      return `${effect.type} ${effect.timer}`;
    case 'report':
      return `report ${effect.report.type}${'stanzas' in effect.report ? ` ${effect.report.stanzas.length}` : ''}`;
    default:
      return effect.type;
  }
};

/** The opening bracket and the name of an element. */
export const tagOf = (xml: string): string => /^<[^\s/>…]*/.exec(xml)?.[0] ?? '';
