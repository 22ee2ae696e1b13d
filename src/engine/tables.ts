/** Both charts, compiled when they are loaded. */
import { client } from '../../machines/client.js';
import { server } from '../../machines/server.js';
import { actions, guards } from '../../machines/vocabulary.js';
import { compile } from './compile.js';
import type { Tables } from './step.js';

const words = { actions, guards };

export const tables: Tables = { client: compile(client, words), server: compile(server, words) };
