/**
 * xmpp.js 0.14 waits for the answer to an element for STARTTLS. Without this fix, xmpp.js keeps waiting when the connection is lost,
 * takes an element of the next connection as the answer, and ends the negotiation there for an error of the old connection.
 */
import type { Clock } from '../../ports/index.js';
import type { Element } from '../../xml.js';
import type { Entity } from './entity.js';

/** Makes `sendReceive` wait for the next element on the same connection, and fail when this connection is lost. */
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
