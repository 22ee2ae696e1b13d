/**
 * Chapter 8: streams between servers (M-9). All that differs from a client's stream is that nothing is bound.
 *
 * A server that is verified may enable a session or resume one at once, and when either is refused it may try the other on
 * the same stream. Such a stream carries stanzas one way only; two servers that talk have two, each with a session of its own:
 * the one who opened it is the initiating entity.
 *
 * Elsewhere: how a server is verified (the embedder), and all that happens from there on.
 */
import { asking, granting, negotiating, negotiation, unmanaged } from './enablement.js';
import { claiming, returning } from './resumption.js';
import type { State, Transition } from './vocabulary.js';

/** The initiating entity before stream management. */
export const unmanagedOrVerified: State = {
  ...unmanaged,
  states: {
    ...unmanaged.states,
    verified: negotiating(
      'A server has verified us: stream management can be asked for, once.',
      ['M-9', 'E-1', 'E-8'],
      asking,
    ),
  },
};

/** The initiating entity between two links. */
export const returningOrVerified: State = {
  ...returning,
  states: {
    ...returning.states,
    verified: {
      description: 'A server has verified us on a new connection.',
      meta: { clauses: ['M-9', 'R-12'] },
      initial: 'ready',
      states: {
        ready: {
          description: 'The session may be asked for, or given up where stream management is offered no more.',
          meta: { clauses: ['R-3'] },
          on: {
            'app.resume': { target: 'resuming', actions: ['writeResume'], meta: { clauses: ['R-1', 'R-3'] } },
            'app.decline': {
              target: '#client.refused',
              actions: ['reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession'],
              meta: { clauses: ['A-12'] },
            },
            'app.writeUncounted': { actions: ['negotiate'] },
            'peer.stanza': { actions: ['deliverUncounted'] },
          },
        },
        resuming: leadingBack(returning.states.resuming, '#client.disabled.authenticated', '#client.disabled.verified'),
      },
    },
  },
};

/** The receiving entity before stream management. */
export const negotiationOrVerified: State = {
  ...negotiation,
  states: {
    ...negotiation.states,
    verified: {
      description: 'A server whose domain is verified, which binds nothing.',
      meta: { clauses: ['M-9'] },
      initial: 'ready',
      states: {
        ready: {
          description: 'Stream management may be enabled, or a former session of this domain resumed.',
          meta: { clauses: ['E-4', 'R-3', 'R-10'] },
          on: {
            'peer.enable': [
              {
                guard: 'wantsResumption',
                target: 'granting',
                actions: ['takeVersion', 'beginInbound', 'askToSave'],
                meta: { clauses: ['A-2', 'E-5', 'R-2'] },
              },
              {
                target: '#server.enabled',
                actions: ['takeVersion', 'beginInbound', 'grantAcks', 'beginOutbound'],
                meta: { clauses: ['A-1', 'A-2', 'E-4', 'E-5'] },
              },
            ],
            'peer.resume': [
              {
                guard: 'resumptionIsOff',
                actions: ['takeVersion', 'refuseNotImplemented'],
                meta: { clauses: ['R-9', 'X-1'] },
              },
              { target: 'claiming', actions: ['takeVersion', 'askToClaim'], meta: { clauses: ['R-7', 'R-12'] } },
            ],
          },
        },
        granting: leadingBack(granting, '#server.disabled.bound', 'ready'),
        claiming: leadingBack(claiming, '#server.disabled.authenticated', 'ready'),
      },
    },
  },
};

/** The same state, but what leads to `there` leads to `here`. */
function leadingBack(state: State, there: string, here: string): State {
  const turned = (transition: Transition): Transition =>
    transition.target === there ? { ...transition, target: here } : transition;
  const on = Object.entries(state.on ?? {}).map(([event, found]) => [
    event,
    Array.isArray(found) ? found.map(turned) : turned(found),
  ]);
  return { ...state, on: Object.fromEntries(on) };
}
