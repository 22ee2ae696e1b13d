import { get } from 'node:http';
import { Failure, reasonOf } from '../failure.js';
import type { Route } from './server.js';

/**
 * Passes on the streams of an inspector in another process. When that process ends, the stream ends, and the page asks
 * again.
 * @returns rejects with Failure when no inspector answers at the address
 */
export const remoteRoute = async (address: string): Promise<Route> => {
  const answer = await fetch(new URL('/pictures.json', address)).catch((error: unknown) => {
    throw new Failure(`${address}: ${reasonOf(error instanceof Error ? (error.cause ?? error) : error)}; ${HINT}`);
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Failure(`${address}: this is no inspector; ${HINT}`);
  return (_request, response, { pathname, search }) => {
    if (!/^\/sessions(?:\/\d+)?$/.test(pathname)) return false;
    const request = get(new URL(`${pathname}${search}`, address), (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, { 'Content-Type': 'text/event-stream' });
      incoming.on('error', () => response.destroy()).pipe(response);
    });
    // With an answer that is not a stream, the page would not ask again.
    request.on('error', () => response.destroy());
    response.on('close', () => request.destroy());
    return true;
  };
};

const HINT = 'is there a host or a demo that runs with --inspect?';
