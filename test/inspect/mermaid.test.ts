import { describe, expect, it } from 'vitest';
import { mermaid, statesOf } from '../../src/inspect/mermaid.js';
import { type Chart, type ChartState, client, server } from '../../src/machines.js';
import { parseMermaid } from '../support/mermaid-parser.js';

const charts: readonly Chart[] = [client, server];

const diagram = (chart: Chart, options: Parameters<typeof mermaid>[1] = {}): string =>
  mermaid(chart, options) ?? expect.fail(`no state ${options.state}`);

/** Every transition that leads somewhere, counted in the chart itself. */
const movesOf = (state: ChartState): number =>
  Object.values(state.on ?? {})
    .flat()
    .flatMap(({ target }) => target ?? []).length +
  Object.values(state.states ?? {}).reduce((sum, child) => sum + movesOf(child), 0);

for (const chart of charts) {
  describe(`the diagram of the ${chart.id}`, () => {
    it.each([false, true])('is accepted by Mermaid, with all: %s', async (all) => {
      const arrows = await parseMermaid(diagram(chart, { all }));
      expect(arrows.length).toBeGreaterThan(20);
    });

    it('has a line for every transition that leads somewhere', async () => {
      const lines = (await parseMermaid(diagram(chart))).flatMap(({ label }) => label.split('<br/>'));
      expect(lines.filter((line) => line !== '').length).toBe(movesOf(chart));
    });

    it('has a diagram for each of its states, which Mermaid accepts too', async () => {
      for (const state of statesOf(chart)) {
        const text = diagram(chart, { state });
        expect(text, state).toContain(` as ${state.replaceAll('.', '_')}`);
        await parseMermaid(text);
      }
    });

    it('names every state, with its description', () => {
      const text = diagram(chart)
        .replaceAll('#58;', ':')
        .replaceAll('#59;', ';')
        .replace(/\n.*? : /g, ' ');
      for (const path of statesOf(chart)) {
        const state = path
          .split('.')
          .reduce<ChartState>((around, key) => around.states?.[key] ?? expect.fail(path), chart);
        expect(text).toContain(state.description.replaceAll('<', '‹').replaceAll('>', '›'));
      }
    });
  });
}

describe('a diagram', () => {
  it('labels an arrow with the event, the guard and the clauses', async () => {
    const arrows = await parseMermaid(diagram(client, { state: 'enabled.acking' }));
    expect(arrows).toContainEqual({
      from: 'enabled_acking_unacked',
      to: 'enabled_acking_allAcked',
      label: 'peer.a [acksEverything] A-4 A-6',
    });
  });

  it('ends an arrow at the state that is entered in the end, and starts it at the box of the group that it leaves', async () => {
    const arrows = await parseMermaid(diagram(client));
    const between = (from: string, to: string) => arrows.filter((arrow) => arrow.from === from && arrow.to === to);
    expect(between('enabled_any', 'hibernating_unlinked').map(({ label }) => label)).toEqual([
      'peer.error [isResumableError] R-15<br/>link.lost [isResumable] C-2',
    ]);
    expect(between('chart_any', 'ended_closed')).toHaveLength(1);
  });

  it('draws the regions of a parallel state side by side', () => {
    const text = diagram(server, { state: 'enabled' });
    expect(text.match(/^ +--$/gm)).toHaveLength(2);
  });

  it('shows from where a state is entered', async () => {
    const arrows = await parseMermaid(diagram(server, { state: 'hibernating' }));
    expect(arrows.filter(({ to }) => to === 'hibernating').map(({ from }) => from)).toEqual(['cancelling', 'enabled']);
  });

  it('leaves out transitions that change nothing, unless the option says otherwise', () => {
    expect(diagram(server, { state: 'hibernating' })).not.toContain('app.requestAck');
    expect(diagram(server, { state: 'hibernating', all: true })).toContain('hibernating : app.requestAck');
    expect(diagram(server)).not.toContain('anything else');
    expect(diagram(server, { all: true })).toContain('anything else');
  });

  it('shows, when it is brief, the outermost states of a chart and each transition between two of them', async () => {
    for (const chart of charts) {
      const outermost = (id: string) => Object.keys(chart.states).find((name) => id.split('_')[0] === name) ?? 'chart';
      const ways = (await parseMermaid(diagram(chart)))
        .filter(({ label }) => label !== '')
        .map(({ from, to }) => [outermost(from), outermost(to)])
        .filter(([from, to]) => from !== to);
      const brief = (await parseMermaid(diagram(chart, { brief: true }))).filter(({ label }) => label !== '');
      expect(new Set(brief.map(({ from, to }) => `${from} ${to}`))).toEqual(new Set(ways.map((way) => way.join(' '))));
    }
  });

  it('shows, when it is brief, the transitions between the states inside a state, without clauses', async () => {
    const text = diagram(client, { state: 'enabled.acking', brief: true });
    expect(text).toMatch(/peer[.]a [[]acksEverything[\]]$/m);
    expect(text).not.toMatch(/\b[A-Z]-\d/);
    expect(text).not.toContain('isStale');
    expect((await parseMermaid(text)).filter(({ from }) => from.startsWith('hibernating'))).toEqual([
      {
        from: 'hibernating',
        to: 'enabled_acking_awaitingAck_inTime',
        label: 'peer.resumed [resumesOursAtLimit]<br/>peer.resumed [resumesOurs]',
      },
    ]);
  });

  it('is undefined for a state that the chart does not have', () => {
    expect(mermaid(client, { state: 'claiming' })).toBeUndefined();
    expect(mermaid(client, { state: '' })).toBeUndefined();
  });

  it('is refused by Mermaid when it is broken', async () => {
    const broken = diagram(client).replace('\n  }', '');
    await expect(parseMermaid(broken)).rejects.toThrow('Parse error');
  });
});
