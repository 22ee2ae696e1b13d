/** The build that is compared: this checkout, or another build of the package. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasTag, open, policy, restore, step, toRecord } from '../../src/index.js';

export const engine = { hasTag, open, policy, restore, step, toRecord };

/** From here on, `engine` is the build whose `dist/src/index.js` has this path. */
export const takeEngine = async (path: string) => {
  const other: Partial<typeof engine> = await import(pathToFileURL(resolve(path)).href);
  for (const name of Object.keys(engine)) {
    if (!(name in other)) throw new TypeError(`the module has no ${name}`);
    Object.assign(engine, { [name]: other[name as keyof typeof engine] });
  }
};

/** An older build may lack a field of the policy: such a change is left out. */
export const policyFrom = (changes: Readonly<Record<string, unknown>>) => {
  const known = engine.policy({});
  return engine.policy(Object.fromEntries(Object.entries(changes).filter(([field]) => field in known)));
};
