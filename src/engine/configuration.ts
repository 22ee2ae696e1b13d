/** Checks names of configurations. Only records bring such names from outside, so a client without records does not load this file. */
import type { Table } from './compile.js';
import { type ChartNode, lineage } from './layout.js';
import { leavesIn, nameOf } from './plan.js';

/** Whether the chart of the table has a configuration with this name. */
export const isConfiguration = ({ root }: Table, name: string): boolean => {
  const leaves = leavesIn(root, name);
  return leaves !== undefined && isActive(root, leaves) && nameOf(leaves) === name;
};

/** Whether `leaves` are all active leaves of `node`: an ordinary state has one active child, in a parallel state every child is active. */
const isActive = (node: ChartNode, leaves: readonly ChartNode[]): boolean => {
  if (node.children.length === 0) return leaves.length === 1 && leaves[0] === node;
  const active = node.children
    .map((child) => ({ child, share: leaves.filter((leaf) => lineage(leaf).includes(child)) }))
    .filter(({ share }) => share.length > 0);
  const isWhole = active.reduce((sum, { share }) => sum + share.length, 0) === leaves.length;
  const count = node.state.type === 'parallel' ? node.children.length : 1;
  return isWhole && active.length === count && active.every(({ child, share }) => isActive(child, share));
};
