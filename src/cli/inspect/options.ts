/** The options with which a command shows its sessions while they run. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Address, address } from '../values.js';

export interface InspectFlags {
  /** True for the default address. */
  readonly inspect?: Address | true;
  readonly inspectStanzas?: boolean;
  /** The page that is to be fed through `@statelyai/inspect`; true for Stately's own. */
  readonly inspectStately?: string | true;
}

/** Where the inspector listens, and is looked for, when nothing else is said. */
export const DEFAULT_ADDRESS: Address = { host: '127.0.0.1', port: 5198 };

export const STATELY_PAGE = 'https://stately.ai/inspect';

export function addInspectOptions(command: Command): Command {
  for (const option of [
    new Option('--inspect [host:port]', 'show the sessions on a page here (default: 127.0.0.1:5198)').argParser(
      address,
    ),
    new Option('--inspect-stanzas', 'let the page show what stanzas hold, not their names alone'),
    new Option(
      '--inspect-stately [page]',
      `also show the charts in the inspector of Stately, at this address (default: ${STATELY_PAGE})`,
    ).argParser(pageAddress),
  ])
    command.addOption(option.helpGroup('Inspector:'));
  return command;
}

/** What is wrong between the flags, if anything. */
export function inspectFault({ inspect, inspectStanzas, inspectStately }: InspectFlags): string | undefined {
  const isInspected = inspect !== undefined || inspectStately !== undefined;
  return inspectStanzas === true && !isInspected ? '--inspect-stanzas needs --inspect' : undefined;
}

/** An address of the web. */
function pageAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
  throw new InvalidArgumentError('It takes the address of a page, such as https://stately.ai/inspect.');
}
