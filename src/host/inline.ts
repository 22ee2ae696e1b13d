/**
 * What a client asks for inside its SASL2 request, and the one `<success/>` that answers all of it (XEP-0198 section 9): first
 * `<resume/>`; `<bind/>` with its `<enable/>` only when that has failed or was not asked for.
 */
import type { LinkHandle, RunningSession } from '../adapters/session.js';
import { hasEnded, type Nonza } from '../index.js';
import { type BindRequest, printSuccess, readAuthenticate } from '../xml/index.js';
import type { Succeeded } from './login.js';

export interface InlineOptions {
  readonly session: RunningSession;
  readonly link: LinkHandle;
  /** Binds a resource. False when there can be none: the features that follow offer it once more, to be refused with a reason. */
  bind(request: BindRequest, userAgentId: string | undefined): boolean;
  /** @param replies what goes to the client, in order: `<success/>`, features unless it has resumed, whatever was written meanwhile */
  done(replies: readonly string[]): void;
  /** The full JID, once there is one. */
  jid(): string | undefined;
  features(): string;
}

/** An answer under way. */
export interface InlineAnswer {
  /** Takes what the session writes until all is said. */
  write(xml: string, nonza: Nonza['name'] | undefined): void;
  /** What was written beside the answers. */
  readonly behind: readonly string[];
  /** Does what the client asked for, behind its proof, and then says it. */
  begin(): void;
}

export const answerInline = ({ account, data, request }: Succeeded, options: InlineOptions): InlineAnswer => {
  const { session, link } = options;
  const { resume, bind, userAgentId } = readAuthenticate(request);
  const behind: string[] = [];
  let resumption: string | undefined;
  let bound: string | undefined;
  let resumed = false;

  const bindResource = (): void => {
    if (bind === undefined || resumed || !options.bind(bind, userAgentId)) return;
    bound = '';
    session.tell({ type: 'app.bound' });
    if (bind.inactive) session.tell({ type: 'app.inactive' });
    if (bind.enable !== undefined) link.receive(bind.enable);
  };

  const finish = (): void => {
    if (hasEnded(session.state)) return;
    const success = printSuccess({ jid: options.jid() ?? account, additionalData: data, resumption, bound });
    // I-2: a resumed stream goes on at once.
    options.done([success, ...(resumed ? [] : [options.features()]), ...behind]);
  };

  return {
    behind,
    write(xml, nonza) {
      if (nonza === undefined || !ANSWERS.includes(nonza)) behind.push(xml);
      else if (bound !== undefined) bound += xml;
      else {
        resumption = xml;
        resumed = nonza === 'resumed';
      }
    },
    begin() {
      session.tell({ type: 'app.authenticated', owner: account });
      if (resume !== undefined) link.receive(resume);
      // Each behind the store's answer to what comes before it.
      link.inOrder(() => {
        bindResource();
        link.inOrder(finish);
      });
    },
  };
};

const ANSWERS: readonly Nonza['name'][] = ['enabled', 'failed', 'resumed'];
