/** What a stream offers (RFC 6120 section 4.3.2), before and after authentication. */
import { SM_2, SM_3 } from '../../index.js';
import { BIND_2, CSI, SASL_2 } from '../../xml.js';
import { mechanismsOn, SASL, type Security } from './login.js';
import { TLS } from './stage.js';

export interface LoginFeatures {
  readonly security: Security;
  /** The stream can be upgraded to TLS. */
  readonly startTls: boolean;
  /** Sessions can be resumed. */
  readonly canResume: boolean;
}

/** Before authentication. */
export const loginFeatures = ({ security, startTls, canResume }: LoginFeatures): string => {
  const inlineMechanisms = mechanismsOn(security, SASL_2);
  const starttls = startTls ? `<starttls xmlns='${TLS}'/>` : '';
  const sasl = `<mechanisms xmlns='${SASL}'>${named(mechanismsOn(security, SASL))}</mechanisms>`;
  const sasl2 = `<authentication xmlns='${SASL_2}'>${named(inlineMechanisms)}${inline(canResume)}</authentication>`;
  return features(`${starttls}${sasl}${inlineMechanisms.length > 0 ? sasl2 : ''}`);
};

export interface SessionFeatures {
  /** A resource is bound. */
  readonly bound: boolean;
  /** Stream management is on. */
  readonly enabled: boolean;
  readonly acceptSm2: boolean;
}

/** After authentication (F-1). */
export const sessionFeatures = ({ bound, enabled, acceptSm2 }: SessionFeatures): string => {
  const versions = enabled ? [] : [SM_3, ...(acceptSm2 ? [SM_2] : [])];
  const sm = versions.map((xmlns) => `<sm xmlns='${xmlns}'/>`).join('');
  return features(`${bound ? '' : BINDING}<csi xmlns='${CSI}'/>${sm}`);
};

const features = (offers: string): string => `<stream:features>${offers}</stream:features>`;

const named = (mechanisms: readonly string[]): string =>
  mechanisms.map((mechanism) => `<mechanism>${mechanism}</mechanism>`).join('');

/** I-1. */
const inline = (canResume: boolean): string => {
  const bind = `<bind xmlns='${BIND_2}'><inline><feature var='${SM_3}'/><feature var='${CSI}'/></inline></bind>`;
  return `<inline>${canResume ? `<sm xmlns='${SM_3}'/>` : ''}${bind}</inline>`;
};

const BINDING =
  "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>";
