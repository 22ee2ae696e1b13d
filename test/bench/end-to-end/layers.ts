/** The time in a recorded CPU profile, by the layer of the project or of what it stands on. */

/** What Node writes with --cpu-prof, as far as it is read. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds in front of each sample. */
  readonly timeDeltas: readonly number[];
}

const LAYERS: readonly (readonly [RegExp, string])[] = [
  [/\/saxes\/|src\/xml\/(stream-|tokenizer|namespaces|xml-faults|framing)/, 'parse'],
  [/src\/xml\/(print|escape)/, 'print'],
  [/src\/(core|engine)\/|\/machines\//, 'stream management: charts and core'],
  [/src\/session\/|src\/xml\//, 'stream management: its adapter'],
  [/src\/host\/|\/ltx\//, 'routing'],
  [/src\/transports\/|node:(net|internal\/(stream|streams|encoding|timers|process))|node:events/, 'sockets'],
];

/** In microseconds, from the first connection on; time in which nothing ran is left out. What has no file, such as a regular expression, counts as its caller's. */
export const timeByLayer = ({ nodes, samples, timeDeltas }: CpuProfile): ReadonlyMap<string, number> => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const layerOf = (id: number | undefined): string => {
    const node = id === undefined ? undefined : byId.get(id);
    if (node === undefined) return 'the rest';
    const { functionName, url } = node.callFrame;
    if (functionName === '(garbage collector)') return 'garbage collection';
    if (functionName === '(idle)') return 'idle';
    return url === '' ? layerOf(parents.get(node.id)) : (LAYERS.find(([files]) => files.test(url))?.[1] ?? 'the rest');
  };
  const times = new Map<string, number>();
  const connecting = new Set(
    nodes.filter(({ callFrame }) => callFrame.functionName === 'onconnection').map(({ id }) => id),
  );
  const isConnecting = (id: number | undefined): boolean =>
    id !== undefined && (connecting.has(id) || isConnecting(parents.get(id)));
  const begun = samples.findIndex(isConnecting);
  samples.slice(begun).forEach((id, index) => {
    const layer = layerOf(id);
    times.set(layer, (times.get(layer) ?? 0) + (timeDeltas[begun + index] ?? 0));
  });
  times.delete('idle');
  return times;
};
