/**
 * SASL2 (XEP-0388) and BIND2 (XEP-0386) as carriers of stream management: the elements of XEP-0198 that stand inside of
 * theirs (section 9 there), as they are read and written. What they mean is the business of the charts.
 */

import { SM_3 } from '../core/nonzas.js';
import type { Element } from './element.js';
import { escapeXml } from './escape.js';

export const SASL_2 = 'urn:xmpp:sasl:2';
export const BIND_2 = 'urn:xmpp:bind:0';
/** XEP-0352. */
export const CSI = 'urn:xmpp:csi:0';

/** `<authenticate/>`, apart from what concerns SASL itself. */
export interface AuthenticateRequest {
  /** The client's installation, the same each time it logs in. Not to be shown to anybody. */
  readonly userAgentId: string | undefined;
  readonly resume: Element | undefined;
  readonly bind: BindRequest | undefined;
}

export interface BindRequest {
  /** What the resource is to begin with. */
  readonly tag: string | undefined;
  readonly enable: Element | undefined;
  /** The session is to begin inactive (XEP-0352). */
  readonly inactive: boolean;
}

export const readAuthenticate = (authenticate: Element): AuthenticateRequest => {
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

/** The answer to all of a request; each part is XML, and left out when it was not asked for. */
export interface SuccessParts {
  /** Of the SASL mechanism, in base64. */
  readonly additionalData?: string | undefined;
  /** The bare JID; the full one once a resource is bound, anew or by a resumption. */
  readonly jid: string;
  /** `<resumed/>` or `<failed/>`. */
  readonly resumption?: string | undefined;
  /** What is inside of `<bound/>`: `<enabled/>`, `<failed/>` or nothing. */
  readonly bound?: string | undefined;
}

export const printSuccess = ({ additionalData, jid, resumption = '', bound }: SuccessParts): string => {
  const data = additionalData === undefined ? '' : `<additional-data>${additionalData}</additional-data>`;
  const identity = `<authorization-identifier>${escapeXml(jid)}</authorization-identifier>`;
  const binding = bound === undefined ? '' : `<bound xmlns='${BIND_2}'>${bound}</bound>`;
  return `<success xmlns='${SASL_2}'>${data}${identity}${resumption}${binding}</success>`;
};

/** `<success/>`, as far as it answers what was carried. */
export interface AuthenticateAnswer {
  readonly jid: string | undefined;
  /** `<resumed/>` or `<failed/>`. */
  readonly resumption: Element | undefined;
  /** A resource is bound; with `<enabled/>` or `<failed/>` if there is one. */
  readonly bound: { readonly enablement: Element | undefined } | undefined;
}

export const readSuccess = (success: Element): AuthenticateAnswer => {
  const bound = child(success, 'bound', BIND_2);
  return {
    jid: success.getChildText('authorization-identifier', SASL_2) || undefined,
    resumption: child(success, 'resumed', SM_3) ?? child(success, 'failed', SM_3),
    bound: bound && { enablement: child(bound, 'enabled', SM_3) ?? child(bound, 'failed', SM_3) },
  };
};

const child = (parent: Element, name: string, xmlns: string): Element | undefined =>
  parent.getChild(name, xmlns) ?? undefined;
