/**
 * SASL2 (XEP-0388) and BIND2 (XEP-0386) carry elements of XEP-0198 inside their own elements (XEP-0198 section 9). This file reads
 * and writes these elements; the charts define their meaning.
 */

import { checkElement, checkNames, checkText } from '../arguments/check.js';
import { SM_3 } from '../core/nonzas.js';
import type { Element } from './element.js';
import { escapeXml } from './escape.js';

export const SASL_2 = 'urn:xmpp:sasl:2';
export const BIND_2 = 'urn:xmpp:bind:0';
/** XEP-0352: client state indication. */
export const CSI = 'urn:xmpp:csi:0';

/** The content of `<authenticate/>`, without the parts for SASL itself. */
export interface AuthenticateRequest {
  /** The id of the client's installation, the same at each login. Do not show it to other users. */
  readonly userAgentId: string | undefined;
  readonly resume: Element | undefined;
  readonly bind: BindRequest | undefined;
}

export interface BindRequest {
  /** The start of the resource name that the client wishes. */
  readonly tag: string | undefined;
  readonly enable: Element | undefined;
  /** True starts the session as inactive (XEP-0352). */
  readonly inactive: boolean;
}

/** Reads the requests that a client's `<authenticate/>` carries (I-2). @throws TypeError when the argument is not an element */
export const readAuthenticate = (authenticate: Element): AuthenticateRequest => {
  checkElement('authenticate', authenticate);
  const bind = child(authenticate, 'bind', BIND_2);
  return {
    userAgentId: child(authenticate, 'user-agent', SASL_2)?.attrs.id || undefined,
    resume: child(authenticate, 'resume', SM_3),
    bind: bind && {
      tag: bind.getChildText('tag', BIND_2) || undefined,
      enable: child(bind, 'enable', SM_3),
      inactive: child(bind, 'inactive', CSI) !== undefined,
    },
  };
};

/** The answer to a whole request. Each part is XML, and absent when the request did not ask for it. */
export interface SuccessParts {
  /** The additional data of the SASL mechanism, in base64. */
  readonly additionalData?: string | undefined;
  /** The bare JID; the full JID when a resource is bound, by a bind or by a resumption. */
  readonly jid: string;
  /** `<resumed/>` or `<failed/>`. */
  readonly resumption?: string | undefined;
  /** The content of `<bound/>`: `<enabled/>`, `<failed/>` or empty. */
  readonly bound?: string | undefined;
}

/** Prints `<success/>` with these parts, in the order of XEP-0388 (I-2, I-3). @throws TypeError that names the part */
export const printSuccess = (parts: SuccessParts): string => {
  checkNames('parts', parts, { additionalData: true, jid: true, resumption: true, bound: true });
  const { additionalData, jid, resumption = '', bound } = parts;
  checkText('parts.jid', jid);
  const data = additionalData === undefined ? '' : `<additional-data>${additionalData}</additional-data>`;
  const identity = `<authorization-identifier>${escapeXml(jid)}</authorization-identifier>`;
  const binding = bound === undefined ? '' : `<bound xmlns='${BIND_2}'>${bound}</bound>`;
  return `<success xmlns='${SASL_2}'>${data}${identity}${resumption}${binding}</success>`;
};

/** The parts of `<success/>` that answer the carried requests. */
export interface AuthenticateAnswer {
  readonly jid: string | undefined;
  /** `<resumed/>` or `<failed/>`. */
  readonly resumption: Element | undefined;
  /** Present when a resource is bound; with `<enabled/>` or `<failed/>` if the answer has it. */
  readonly bound: { readonly enablement: Element | undefined } | undefined;
}

/** Reads the answers that a server's `<success/>` carries (I-5). @throws TypeError when the argument is not an element */
export const readSuccess = (success: Element): AuthenticateAnswer => {
  checkElement('success', success);
  const bound = child(success, 'bound', BIND_2);
  return {
    jid: success.getChildText('authorization-identifier', SASL_2) || undefined,
    resumption: child(success, 'resumed', SM_3) ?? child(success, 'failed', SM_3),
    bound: bound && { enablement: child(bound, 'enabled', SM_3) ?? child(bound, 'failed', SM_3) },
  };
};

const child = (parent: Element, name: string, xmlns: string): Element | undefined =>
  parent.getChild(name, xmlns) ?? undefined;
