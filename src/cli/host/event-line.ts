import type { Report } from '../../index.js';

/** A report of a session as a line for people: names and numbers, no stanza and no SM-ID. */
export const eventLine = (event: { readonly session: string; readonly report: Report }, at: Date): string => {
  const { type, ...facts } = event.report;
  const words = Object.entries(facts).map(([key, value]) => `${key}=${key === 'until' ? timeOf(value) : brief(value)}`);
  return [at.toISOString(), event.session, type, ...words].join(' ');
};

const brief = (value: unknown): string => {
  if (Array.isArray(value)) return String(value.length);
  if (typeof value !== 'object' || value === null) return String(value);
  const text = 'text' in value && value.text !== '' ? ` ${JSON.stringify(value.text)}` : '';
  if ('condition' in value) return `${value.condition}${text}`;
  if ('kind' in value) return `${value.kind}${text}`;
  return '...';
};

const timeOf = (until: unknown): string => new Date(Number(until)).toISOString();
