/** The tables of both roles. */
import { client } from '../../machines/client.js';
import { server } from '../../machines/server.js';
import { words } from '../../machines/vocabulary.js';
import { compile } from './compile.js';
import type { Tables } from './step.js';

export const tables: Tables = { client: compile(client, words), server: compile(server, words) };
