/** The options with which a command records the steps of its sessions, or shows the sessions while they run. */
import type { Command } from 'commander';
import { addOptions, type Flags, flag, optional, optionalValue, type Rule } from './options.js';
import { type Address, address, anyText, webPage } from './values.js';

/** The address on which the inspector listens, and at which `smacks inspect` looks for it. */
export const DEFAULT_ADDRESS: Address = { host: '127.0.0.1', port: 5198 };

export const STATELY_PAGE = 'https://stately.ai/inspect';

const traceOptions = {
  trace: optional('<file>', 'append every step of every session to this file, as lines of JSON for replay', anyText),
};

/** `inspect` is true for the default address; `inspectStately` is true for the page of Stately. */
const inspectOptions = {
  inspect: optionalValue('[host:port]', 'show the sessions on a page here (default: 127.0.0.1:5198)', address),
  inspectStanzas: flag('let the page show what stanzas hold, not their names alone'),
  inspectStately: optionalValue(
    '[page]',
    `also show the charts in the inspector of Stately, at this address (default: ${STATELY_PAGE})`,
    webPage,
  ),
};

export const tracingOptions = { ...traceOptions, ...inspectOptions };

export type TracingFlags = Flags<typeof tracingOptions>;

export const addTracingOptions = (command: Command): void => {
  addOptions(command, traceOptions);
  addOptions(command, inspectOptions, 'Inspector:');
};

export const stanzasNeedInspector: Rule<TracingFlags> = ({ inspect, inspectStanzas, inspectStately }) =>
  inspectStanzas && inspect === undefined && inspectStately === undefined
    ? '--inspect-stanzas needs --inspect'
    : undefined;
