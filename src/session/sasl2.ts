/**
 * Stream management inside SASL2 and BIND2 (XEP-0198 section 9), for either end. One request carries all requests, and one
 * `<success/>` answers it: first `<resume/>`; then `<bind/>` with its `<enable/>`, only when there is no `<resume/>` or it failed.
 * This module gives each inner element to the session in that order, like an element that arrives alone.
 */
import { checkElement, checkMethods, checkNames, checkObject, checkText } from '../arguments/check.js';
import type { Nonza } from '../index.js';
import { BIND_2, type BindRequest, type Element, printSuccess, readAuthenticate, readSuccess } from '../xml.js';
import type { ClientSession } from './client-session.js';
import type { LinkHandle } from './running-session.js';
import type { ServerSession } from './server-session.js';

/** A client that has authenticated. */
export interface Proof {
  /** The bare JID. */
  readonly account: string;
  /** The additional data of the SASL mechanism with success, in base64. */
  readonly data: string | undefined;
  /** The `<authenticate/>` element of the client, unchanged. */
  readonly request: Element;
}

export interface InlineOptions {
  readonly session: Pick<ServerSession, 'authenticated' | 'bound' | 'inactive' | 'status'>;
  readonly link: LinkHandle;
  /** Binds a resource. False when this fails: the features then offer bind again, and the answer to that bind gives the reason. */
  bind(request: BindRequest, userAgentId: string | undefined): boolean;
  /** The full JID, after a resource is bound. */
  jid(): string | undefined;
  /** `<stream:features/>` after authentication. */
  features(): string;
  /** @param replies XML for the client, in order: `<success/>`, the features unless it resumed, all that the session wrote meanwhile */
  done(replies: readonly string[]): void;
}

/** A server's answer under way: until the answer is complete, the session writes to it and not to the client. */
export interface InlineAnswer {
  /** The same as `Stream.write`. */
  write(xml: string, nonza: Nonza['name'] | undefined): void;
  /** The text that the session wrote besides the answers; a stream that closes before `done` must still write it. */
  readonly behind: readonly string[];
  /** Carries out the requests of the client. When the connection is gone, it changes nothing. */
  begin(): void;
}

/**
 * Prepares the server's answer to `<authenticate/>`: call `begin` next, and pass what the session writes to `write` until `done` (I-2, I-3).
 *
 * @throws TypeError that names the argument: a field of `proof`, a method of `options`
 */
export const answerInline = (proof: Proof, options: InlineOptions): InlineAnswer => {
  checkObject('proof', proof);
  const { account, data, request } = proof;
  checkText('proof.account', account);
  checkElement('proof.request', request);
  checkMethods('options', options, ['bind', 'jid', 'features', 'done']);
  checkMethods('options.session', options.session, ['authenticated', 'bound', 'inactive']);
  checkMethods('options.link', options.link, ['receive', 'inOrder']);
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
      // `inOrder` runs each step after the store has answered the step before it. A dead link drops all steps (design law 6).
      link.inOrder(() => {
        session.authenticated(account);
        if (resume !== undefined) link.receive(resume);
        link.inOrder(() => {
          bindResource();
          link.inOrder(finish);
        });
      });
    },
  };
};

/** The elements that a client's session puts into the request: `Stream.carry` got them after `authenticating()`. */
export type Carried = { readonly [name in 'enable' | 'resume']?: string | undefined };

/** The `<bind/>` element of the request. */
export const printBind = (carried: Carried): string => {
  checkNames('carried', carried, { enable: true, resume: true });
  return `<bind xmlns='${BIND_2}'>${carried.enable ?? ''}</bind>`;
};

/**
 * Gives the server's answer to a client's session (I-5).
 *
 * @param success the `<success/>` element
 * @param carried the requests sent: only those that the server offers
 * @param owner the bare JID of the account
 * @throws TypeError that names the argument
 */
export const receiveSuccess = (
  success: Element,
  carried: Carried,
  owner: string,
  session: Pick<ClientSession, 'authenticated' | 'bound'>,
  link: Pick<LinkHandle, 'receive' | 'inOrder'>,
): void => {
  checkElement('success', success);
  checkNames('carried', carried, { enable: true, resume: true });
  checkMethods('session', session, ['authenticated', 'bound']);
  checkMethods('link', link, ['receive', 'inOrder']);
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
