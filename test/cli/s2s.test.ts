import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createCuttingProxy } from '../../src/testing.js';
import { connectRaw, message, type RawClient } from '../support/raw-client.js';
import { type Running, start } from './smacks.js';

it('two hosts with --s2s and --s2s-peer exchange messages, and resume after the connection between them is cut (M-9)', async () => {
  const toMontague = { host: '127.0.0.1', port: 0 };
  const toCapulet = { host: '127.0.0.1', port: 0 };
  const proxies = await Promise.all([toMontague, toCapulet].map((target) => createCuttingProxy({ target })));
  onTestFinished(() => Promise.all(proxies.map((proxy) => proxy.close())).then(() => {}));
  const [ofMontague, ofCapulet] = proxies.map(({ port }) => `127.0.0.1:${port}`);
  const montague = host('montague.example', 'romeo', `capulet.example=${ofCapulet}`);
  const capulet = host('capulet.example', 'juliet', `montague.example=${ofMontague}`);
  const [, forRomeo, forCapulet] = PORTS.exec(await montague.line) ?? [];
  const [, forJuliet, forMontague] = PORTS.exec(await capulet.line) ?? [];
  toMontague.port = Number(forCapulet);
  toCapulet.port = Number(forMontague);
  const romeo = await login(Number(forRomeo), 'montague.example', 'romeo');
  const juliet = await login(Number(forJuliet), 'capulet.example', 'juliet');
  const enabled = told(montague, ' montague.example->capulet.example enabled ');
  romeo.write(message('juliet@capulet.example/a', 'm1'));
  await juliet.until(/id="m1"/);
  await enabled;
  juliet.write(message('romeo@montague.example/a', 'm2'));
  await romeo.until(/id="m2"/);
  for (const proxy of proxies) for (const link of proxy.connections) await proxy.cut(link, { how: 'rst' });
  romeo.write(message('juliet@capulet.example/a', 'm3'));
  await juliet.until(/id="m3"/);
  for (const { process } of [montague, capulet]) process.kill('SIGTERM');
  for (const client of [romeo, juliet]) {
    await client.gone();
    client.fin();
  }
  const { stderr, code } = await montague.ended;
  expect(code).toBe(0);
  expect(stderr).toMatch(/ montague\.example->capulet\.example enabled resumable=true /);
  expect(stderr).toMatch(/ montague\.example->capulet\.example resumed /);
  expect(await capulet.ended).toMatchObject({ code: 0 });
});

it('a host without --s2s connects to no other domain, and accepts no servers', async () => {
  const alone = start('host', '--listen', '127.0.0.1:0', '--account', 'romeo:secret');
  const [, port] = / 127\.0\.0\.1:(\d+)$/.exec(await alone.line) ?? [];
  const romeo = await login(Number(port), 'localhost', 'romeo');
  romeo.write(message('juliet@capulet.example', 'm1'));
  await romeo.until(/<remote-server-not-found /);
  const server = connect({ host: '127.0.0.1', port: Number(port) });
  await once(server, 'connect');
  server.write(
    "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>",
  );
  const [answer] = await once(server.setEncoding('utf8'), 'data');
  expect(answer).toContain('<invalid-namespace ');
  server.destroy();
  romeo.reset();
  alone.process.kill('SIGTERM');
  expect(await alone.ended).toMatchObject({ code: 0 });
});

const PORTS = / listens on 127\.0\.0\.1:(\d+) and 127\.0\.0\.1:(\d+) \(servers\)$/;

const host = (domain: string, user: string, peer: string): Running =>
  start(
    ...['host', '--listen', '127.0.0.1:0', '--s2s', '127.0.0.1:0', '--s2s-peer', peer],
    ...['--domain', domain, '--account', `${user}:secret`, '--events'],
  );

/** Resolves when a host has written this to stderr. */
const told = ({ process }: Running, words: string): Promise<void> =>
  new Promise((resolve) => {
    let text = '';
    process.stderr?.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes(words)) resolve();
    });
  });

const login = async (port: number, domain: string, user: string): Promise<RawClient> => {
  const client = await connectRaw(port, false, domain);
  await client.login(user, 'secret');
  await client.bind('a');
  return client;
};
