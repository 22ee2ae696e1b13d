/**
 * Chapter 8: streams between servers (M-9). They differ from a client's stream in one point: no resource is bound.
 *
 * A server whose domain is verified may enable a session or resume one at once. When either request is refused, it may send the other
 * on the same stream. A stream carries stanzas one way only, so two servers that talk to each other have two streams, each with a
 * session of its own; the server that opened a stream is its initiating entity.
 *
 * The embedder verifies a server. After that the other chapters hold.
 */
import { asking, granting, negotiating, takesEnable, takesResume } from './enablement.js';
import { claiming, resuming } from './resumption.js';
import type { ChartState, LeafState } from './vocabulary.js';

/** The initiating entity, disabled: the other server has verified us. */
export const clientVerified: LeafState = negotiating(
  'The other server has verified us: stream management can be asked for, once.',
  ['M-9', 'E-1', 'E-8'],
  asking,
  ['canEnable'],
);

/** The initiating entity between two links: the other server has verified us again. */
export const clientVerifiedAgain = {
  description: 'The other server has verified us on a new connection.',
  meta: { clauses: ['M-9', 'R-12'] },
  initial: 'ready',
  states: {
    ready: {
      description:
        'The session may be asked for, or given up when the other server offers no stream management any more.',
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

/** The receiving entity, disabled: we have verified the other server. */
export const serverVerified = {
  description: "The other server's domain is verified. No resource is bound.",
  meta: { clauses: ['M-9'] },
  initial: 'ready',
  states: {
    ready: {
      description: 'Stream management may be enabled, or a former session of this domain resumed.',
      meta: { clauses: ['E-4', 'R-3', 'R-10'] },
      on: { 'peer.enable': takesEnable('granting'), 'peer.resume': takesResume('claiming') },
    },
    granting: granting('ready'),
    claiming: claiming('ready'),
  },
} satisfies ChartState;
