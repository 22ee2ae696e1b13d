/**
 * Stream management inside SASL2 and BIND2 (XEP-0198 section 9), for either end. One request asks for everything, one
 * `<success/>` answers it: first `<resume/>`; `<bind/>` with its `<enable/>` only when that has failed or was not asked for.
 * What is inside is told to the session as if it had come by itself, in that order.
 */
import type { Nonza } from '../index.js';
import { BIND_2, type BindRequest, type Element, printSuccess, readAuthenticate, readSuccess } from '../xml.js';
import type { ClientSession } from './client-session.js';
import type { LinkHandle } from './running-session.js';
import type { ServerSession } from './server-session.js';

/** A client that has proved who it is. */
export interface Proof {
  /** The bare JID. */
  readonly account: string;
  /** What the SASL mechanism has to tell in the end, in base64. */
  readonly data: string | undefined;
  /** `<authenticate/>`, as it came. */
  readonly request: Element;
}

export interface InlineOptions {
  readonly session: Pick<ServerSession, 'authenticated' | 'bound' | 'inactive' | 'status'>;
  readonly link: LinkHandle;
  /** Binds a resource. False when there can be none: the features that follow offer it once more, to be refused with a reason. */
  bind(request: BindRequest, userAgentId: string | undefined): boolean;
  /** The full JID, once there is one. */
  jid(): string | undefined;
  /** `<stream:features/>` behind authentication. */
  features(): string;
  /** @param replies what goes to the client, in order: `<success/>`, features unless it has resumed, whatever was written meanwhile */
  done(replies: readonly string[]): void;
}

/** A server's answer under way: until it is complete, what the session writes goes here and not to the client. */
export interface InlineAnswer {
  /** As `Stream.write`. */
  write(xml: string, nonza: Nonza['name'] | undefined): void;
  /** What was written beside the answers; a stream that is closed before `done` still has to write it. */
  readonly behind: readonly string[];
  /** Does what the client asked for. */
  begin(): void;
}

export const answerInline = ({ account, data, request }: Proof, options: InlineOptions): InlineAnswer => {
  const { session, link } = options;
  const { resume, bind, userAgentId } = readAuthenticate(request);
  const behind: string[] = [];
  let resumption: string | undefined;
  let bound: string | undefined;
  let resumed = false;

  const bindResource = (): void => {
    if (bind === undefined || resumed || !options.bind(bind, userAgentId)) return;
    bound = '';
    session.bound();
    if (bind.inactive) session.inactive();
    if (bind.enable !== undefined) link.receive(bind.enable);
  };

  const finish = (): void => {
    if (session.status === 'ended' || session.status === 'superseded') return;
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
      session.authenticated(account);
      if (resume !== undefined) link.receive(resume);
      // Each behind the store's answer to what comes before it.
      link.inOrder(() => {
        bindResource();
        link.inOrder(finish);
      });
    },
  };
};

/** What a client's session wants inside of the request, as `Stream.carry` got it upon `authenticating()`. */
export type Carried = { readonly [name in 'enable' | 'resume']?: string | undefined };

/** `<bind/>` as it stands in the request. */
export const printBind = ({ enable = '' }: Carried): string => `<bind xmlns='${BIND_2}'>${enable}</bind>`;

/** Tells a client's session what came back. @param carried what was really asked for: what the server has not offered was not */
export const receiveSuccess = (
  success: Element,
  carried: Carried,
  owner: string,
  session: Pick<ClientSession, 'authenticated' | 'bound'>,
  link: Pick<LinkHandle, 'receive' | 'inOrder'>,
): void => {
  const { resumption, bound } = readSuccess(success);
  session.authenticated(owner, { resuming: carried.resume !== undefined && resumption !== undefined });
  if (resumption !== undefined) link.receive(resumption);
  if (bound === undefined) return;
  link.inOrder(() => {
    session.bound({ enabling: carried.enable !== undefined && bound.enablement !== undefined });
    if (bound.enablement !== undefined) link.receive(bound.enablement);
  });
};

const ANSWERS: readonly Nonza['name'][] = ['enabled', 'failed', 'resumed'];
