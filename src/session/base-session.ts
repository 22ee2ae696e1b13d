/** The methods that sessions of both roles have. `running-session.ts` documents each method. */
import { checkText } from '../arguments/check.js';
import type { Role, State, StreamErrorCondition } from '../index.js';
import { bytesIn } from '../xml/client.js';
import { checkCondition, checkDomain, checkPosition, checkStanza } from './arguments.js';
import type { Environment } from './environment.js';
import type { OutgoingStanza, RunningSession } from './running-session.js';
import { SessionLoop } from './session-loop.js';
import { countersOf, type SessionCounters, type SessionStatus, statusOf } from './status.js';

export abstract class BaseSession<R extends Role, E extends Environment<R>, Data>
  extends SessionLoop<R, E>
  implements RunningSession<Data>
{
  data: Data;

  constructor(environment: E, state: State<R>, data: Data) {
    super(environment, state);
    this.data = data;
  }

  verified(domain: string): void {
    checkDomain(domain);
    this.dispatch({ type: 'app.verified', at: this.clock.now(), owner: domain });
  }

  send(stanza: OutgoingStanza): void {
    checkStanza(stanza);
    const bytes = stanza.bytes ?? bytesIn(stanza.xml);
    const sized = bytes === stanza.xml.length ? stanza : { ...stanza, bytes };
    this.dispatch({ type: 'app.send', at: this.clock.now(), stanza: sized, mayWait: stanza.mayWait });
  }

  writeUncounted(xml: string): void {
    checkText('xml', xml);
    this.dispatch({ type: 'app.writeUncounted', at: this.clock.now(), xml });
  }

  requestAck(): void {
    this.dispatch({ type: 'app.requestAck', at: this.clock.now() });
  }

  active(): void {
    this.dispatch({ type: 'app.active', at: this.clock.now() });
  }

  inactive(): void {
    this.dispatch({ type: 'app.inactive', at: this.clock.now() });
  }

  handled(position: number): void {
    checkPosition(position);
    this.dispatch({ type: 'app.handled', at: this.clock.now(), position });
  }

  close(error?: StreamErrorCondition): void {
    checkCondition('error', error);
    this.dispatch({ type: 'app.close', at: this.clock.now(), ...(error && { error }) });
  }

  get status(): SessionStatus {
    return statusOf((tag) => this.environment.engine.hasTag(this.state, tag));
  }

  get smId(): string | null {
    return this.state.session.smId;
  }

  get owner(): string | null {
    return this.state.session.owner;
  }

  get counters(): SessionCounters {
    return countersOf(this.state);
  }
}
