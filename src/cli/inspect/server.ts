/** Serves the inspector's page and the sessions that it shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pictures } from '../../inspect/pictures.js';
import { packageRoot } from '../package-root.js';
import { type Address, formatAddress } from '../values.js';
import { feedDetail, feedList, type View } from './feed.js';
import { headersFor, refusal } from './gate.js';

export interface InspectorServer {
  /** The address on which the server listens. */
  readonly address: Address;
  readonly url: string;
  close(): Promise<void>;
}

/** Answers a request for its own path and returns true; returns false for other paths. */
export type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

/**
 * @param framed the address of a page that the inspector may show in a frame
 * @returns rejects when the server cannot listen on the address
 */
export const serveInspector = (
  wanted: Address,
  routes: readonly Route[],
  framed?: string,
): Promise<InspectorServer> => {
  const files = pageFiles();
  const headers = Object.entries(headersFor(framed));
  const server = createServer((request, response) => {
    const refused = refusal(request, wanted.host);
    for (const [name, value] of headers) response.setHeader(name, value);
    if (refused !== undefined) return void response.writeHead(403).end(`${refused}\n`);
    const path = request.url ?? '/';
    if (!URL.canParse(path, 'http://inspector')) return void response.writeHead(400).end('this is no path\n');
    const url = new URL(path, 'http://inspector');
    const file = files.get(url.pathname);
    if (file !== undefined) return void response.writeHead(200, { 'Content-Type': file.type }).end(file.body);
    if (!routes.some((route) => route(request, response, url))) response.writeHead(404).end('there is no such page\n');
  });
  server.maxConnections = MOST_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(wanted.port, wanted.host, () => {
      const { port } = server.address() as { readonly port: number };
      const address = { host: wanted.host, port };
      resolve({
        address,
        url: `http://${formatAddress(address)}/`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
};

/** The routes for the list of sessions and for a single session. `at` names a line of a record. */
export const sessionRoutes =
  (viewAt: (line: number | undefined) => () => View): Route =>
  (_request, response, { pathname, searchParams }) => {
    const [, id] = /^\/sessions(?:\/(\d{1,15}))?$/.exec(pathname) ?? [pathname, ''];
    if (id === '') return false;
    const at = searchParams.get('at');
    const view = viewAt(at !== null && /^\d{1,15}$/.test(at) ? Number(at) : undefined);
    if (id === undefined) feedList(response, view);
    else feedDetail(response, Number(id), view);
    return true;
  };

interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** The page, which the build puts together, and its scripts and styles. */
const pageFiles = (): ReadonlyMap<string, PageFile> => {
  const folder = join(packageRoot(), 'dist', 'cli', 'page');
  const files = readdirSync(folder).flatMap((name): [string, PageFile][] => {
    const type = TYPES[extname(name)];
    return type === undefined ? [] : [[`/${name}`, { type, body: readFileSync(join(folder, name)) }]];
  });
  const all = new Map(files);
  const index = all.get('/index.html');
  if (index !== undefined) all.set('/', index);
  return all.set('/pictures.json', { type: 'application/json', body: Buffer.from(JSON.stringify(pictures())) });
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The most connections at a time. Each open page takes two or three. */
const MOST_CONNECTIONS = 64;
