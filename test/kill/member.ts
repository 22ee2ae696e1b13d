/** A client with its traffic and its life: it sends messages at its rate, and its connection breaks again and again. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../src/testing.js';
import type { Break, Breaker } from './breaker.js';
import type { Client } from './clients/client.js';
import { messageXml, presenceToXml, presenceXml } from './clients/stanzas.js';
import type { Log } from './log.js';

/**
 * A break: the client comes back at once. `short` and `long`: it is away for less or for more than the time of hibernation. `leave`: it
 * logs out, and its user may be offline. `forget`: it binds its resource anew, while the server still has its session.
 */
type Act = Break | 'short' | 'long' | 'leave' | 'forget';

/** The more often an act is here, the more often it happens. */
const ACTS: readonly Act[] = [
  ...(['rst', 'rst', 'fin', 'fin', 'silence', 'orphan', 'orphan'] as const),
  ...(['inside-up', 'inside-up', 'inside-down', 'inside-down'] as const),
  ...(['short', 'short', 'long', 'leave', 'forget'] as const),
];

/** How the connection of a client breaks that is away for a while. */
const PARTINGS: readonly Break[] = ['rst', 'fin', 'orphan', 'inside-up', 'inside-down'];

/** Milliseconds from one act to the next, when the client is live again: from, to. */
const PEACE = [500, 6_000] as const;
/** Milliseconds from one update of presence to the next: from, to. */
const PRESENCE_EVERY = [1_000, 3_000] as const;
const TICK = 25;

export interface MemberOptions {
  /** Seconds. */
  readonly hibernationTime: number;
  readonly log: Log;
  /** Of what happens to the client. */
  readonly random: Random;
  /** Of what it says: apart from the other, so that a busy machine changes no act. */
  readonly talk: Random;
}

export class Member {
  readonly client: Client;
  readonly #breaker: Breaker;
  readonly #options: MemberOptions;
  /** Full and bare JIDs to write to. */
  readonly #targets: readonly string[];
  #messages = 0;
  #presences = 0;
  #isGone = false;

  constructor(
    client: Client,
    breaker: Breaker,
    targets: readonly string[],
    readonly rate: number,
    options: MemberOptions,
  ) {
    this.client = client;
    this.#breaker = breaker;
    this.#targets = targets;
    this.#options = options;
  }

  get sent(): number {
    return this.#messages;
  }

  sendPresence(): void {
    this.#presences += 1;
    const mark = `${this.client.name}:${this.#presences}`;
    this.#options.log.add({ is: 'given', by: this.client.name, name: mark, to: '' });
    this.client.send(presenceXml(mark));
  }

  approve(from: string): void {
    this.client.send(presenceToXml(from, 'subscribed'));
  }

  subscribe(contact: string): void {
    this.client.send(presenceToXml(contact, 'subscribe'));
  }

  /** Sends messages and updates of presence until the signal. */
  async talk(stop: AbortSignal): Promise<void> {
    const { talk: random } = this.#options;
    let due = 0;
    let nextPresence = performance.now() + random.integer(...PRESENCE_EVERY);
    for (let last = performance.now(); !stop.aborted; ) {
      await delay(TICK);
      const now = performance.now();
      due += ((now - last) / 1000) * this.rate;
      last = now;
      if (this.#isGone) due = 0;
      for (; due >= 1; due--) this.#sendMessage();
      if (now > nextPresence && !this.#isGone && this.client.isLive) {
        nextPresence = now + random.integer(...PRESENCE_EVERY);
        this.sendPresence();
      }
    }
  }

  /** Goes through one act after the other until the signal; then the client is, or comes, back. */
  async live(stop: AbortSignal): Promise<void> {
    const { random } = this.#options;
    while (!stop.aborted) {
      await delay(random.integer(...PEACE));
      for (let waited = 0; !this.client.isLive && waited < 5_000 && !stop.aborted; waited += TICK) await delay(TICK);
      if (!stop.aborted) await this.#act(random.pick(ACTS));
    }
  }

  stop(): void {
    this.client.stop();
    this.#breaker.close();
  }

  #sendMessage(): void {
    const { talk: random, log } = this.#options;
    const to = random.pick(this.#targets);
    this.#messages += 1;
    const id = `${this.client.name}:m${this.#messages}`;
    log.add({ is: 'given', by: this.client.name, name: id, to });
    this.client.send(messageXml(to, id, '.'.repeat(random.integer(0, 200))));
  }

  async #act(act: Act): Promise<void> {
    const { hibernationTime, random } = this.#options;
    const whole = hibernationTime * 1000;
    if (act === 'short') await this.#away(random.integer(200, whole - 1_500));
    else if (act === 'long') await this.#away(whole + random.integer(1_500, 4_000));
    else if (act === 'leave') await this.#leave(random.integer(500, 5_000));
    else if (act === 'forget' && this.client.forget !== undefined) this.#forget();
    else this.#cut(act === 'forget' ? 'orphan' : act);
  }

  #cut(how: Break): void {
    this.#options.log.add({ is: 'cut', by: this.client.name, how });
    this.#breaker.cut(how, this.#options.random.next());
  }

  /** The server hears of it, so that it hibernates the session at once; or it does not. */
  async #away(time: number): Promise<void> {
    this.#breaker.refuse();
    this.#cut(this.#options.random.pick(PARTINGS));
    await delay(time);
    this.#breaker.accept();
  }

  async #leave(time: number): Promise<void> {
    this.#isGone = true;
    await this.client.leave();
    await delay(time);
    this.#isGone = false;
    this.client.start();
  }

  #forget(): void {
    this.#cut('orphan');
    this.client.forget?.();
  }
}
