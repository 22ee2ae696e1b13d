/** How many rounds a random test goes: all of them, or the share that the variable EFFORT names (`npm run mutation` has no time for more). */
export const effort = Number(process.env.EFFORT || 1);

export const rounds = (all: number): number => Math.ceil(all * effort);
