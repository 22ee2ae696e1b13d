/**
 * Chapter 8: streams between servers (M-9). They differ from a client's stream in one point: no resource is bound.
 *
 * The receiving server verifies the domain of the initiating server. Then the initiating server may send `<enable/>` or `<resume/>` at once.
 * When a request is refused, the initiating server may send the other one on the same stream. A stream carries stanzas in one direction
 * only, so two servers have two streams, each with a session of its own.
 *
 * The embedder verifies the domain. After that the other chapters apply.
 */
import { asking, granting, negotiating, takesEnable, takesResume } from './enablement.js';
import { claiming, resuming } from './resumption.js';
import type { ChartState, LeafState } from './vocabulary.js';

/** The initiating entity before stream management: the other server has verified our domain. */
export const clientVerified: LeafState = negotiating(
  'The other server has verified our domain. We may send <enable/> once.',
  ['M-9', 'E-1', 'E-8'],
  asking,
  ['canEnable'],
);

/** The initiating entity with a session to resume: the other server has verified our domain on a new connection. */
export const clientVerifiedAgain = {
  description: 'The other server has verified our domain on a new connection.',
  meta: { clauses: ['M-9', 'R-12'] },
  initial: 'ready',
  states: {
    ready: {
      description:
        'We may send <resume/>. We give the session up when the other server no longer offers stream management.',
      meta: { clauses: ['R-3'] },
      tags: ['canResume'],
      on: {
        'app.resume': { target: 'resuming', actions: ['writeResume'], meta: { clauses: ['R-1', 'R-3'] } },
        'app.decline': {
          target: '#client.unmanaged',
          actions: ['reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession'],
          meta: { clauses: ['A-12'] },
        },
        'app.writeUncounted': { actions: ['transmitUncounted'] },
        'peer.stanza': { actions: ['deliverUncounted'] },
      },
    },
    resuming: resuming('#client.disabled.verified'),
  },
} satisfies ChartState;

/** The receiving entity before stream management: we have verified the domain of the other server. */
export const serverVerified = {
  description: 'We have verified the domain of the other server. No resource is bound.',
  meta: { clauses: ['M-9'] },
  initial: 'ready',
  states: {
    ready: {
      description:
        'The other server may enable stream management, or resume a session of its domain. It may not resume a session after stanzas of a refused <enable/> have counted.',
      meta: { clauses: ['E-4', 'R-3', 'R-10'] },
      on: {
        'peer.enable': takesEnable('granting'),
        'peer.resume': [
          { guard: 'hasCounted', actions: ['refuseUnexpected'], meta: { clauses: ['R-14', 'X-1'] } },
          ...takesResume('claiming'),
        ],
      },
    },
    granting: granting('ready'),
    claiming: claiming('ready'),
  },
} satisfies ChartState;
