/** The tables of both roles. */
import { client } from '../../machines/client.js';
import { server } from '../../machines/server.js';
import { words } from '../../machines/vocabulary.js';
import { compile } from './compile.js';
import type { Tables } from './step.js';

export const tables: Tables = {
  client: /* @__PURE__ */ compile(client, words),
  server: /* @__PURE__ */ compile(server, words),
};
