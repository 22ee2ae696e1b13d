import { check } from '../arguments/check.js';
import { isWhole } from '../core/decoding.js';
import type { Policy } from '../core/policy.js';
import { freshSession } from '../core/session.js';
import { checkPolicy } from './policy.js';
import type { Role, State, Tables } from './step.js';

/** @throws TypeError that names the argument: `role`, `policy` with each of its wrong fields, `epoch` */
export const openOn = <R extends Role>(tables: Tables<R>) => {
  const roles = Object.keys(tables);
  const wanted = roles.map((role) => `'${role}'`).join(' or ');
  return (role: R, policy: Policy, epoch = role === 'server' ? 1 : 0): State<R> => {
    check(roles.includes(role), 'role', wanted, role);
    checkPolicy(policy);
    check(isWhole(epoch) && epoch >= 0, 'epoch', 'a whole number, 0 or more', epoch);
    return stateFrom(tables, role, policy, epoch);
  };
};

/** The same, for arguments that are known to be right. */
export const stateFrom = <R extends Role>(tables: Tables<R>, role: R, policy: Policy, epoch: number): State<R> => ({
  role,
  policy,
  configuration: tables[role].initial,
  session: freshSession(policy, epoch),
});
