/**
 * The answer to an element, which xmpp.js 0.14 awaits for STARTTLS. It would go on waiting when its connection is lost, take
 * what the next one brings for the answer, and give up that one's negotiation for an error that is another's.
 */
import type { Clock } from '../../ports/index.js';
import type { Element } from '../../xml.js';
import type { Entity } from './entity.js';

/** Waits on the connection that it was sent on, for as long as that lasts, and for nothing but the next element. */
export const awaitAnswers = (entity: Entity, clock: Clock): void => {
  entity.sendReceive = (element, timeout = entity.timeout) =>
    new Promise((resolve, reject) => {
      const settled = (): void => {
        stopWaiting();
        entity.removeListener('element', answered);
        entity.removeListener('disconnect', lost);
      };
      const answered = (answer: Element): void => {
        settled();
        resolve(answer);
      };
      const failed = (reason: unknown): void => {
        settled();
        reject(reason);
      };
      const lost = (): void => failed(new Error('the connection is gone'));
      const stopWaiting = clock.at(clock.now() + timeout, () =>
        failed(new Error(`<${element.name}/> is not answered`)),
      );
      entity.prependListener('element', answered);
      entity.prependListener('disconnect', lost);
      entity.send(element).catch(failed);
    });
};
