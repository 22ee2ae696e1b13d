/** What Stryker leaves alone: words for people. Nothing decides by them, and a test that repeats them would test spelling. */
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Of a chart: what its documentation is made from. Clause ids are checked against the requirements by a test of their own. */
const PROSE_PROPERTIES = ['description', 'meta', 'reason'];

/** Called with a condition, which decides, and then with the sentence that is sent along with it. */
const SENTENCE_SECOND = ['peerViolation', 'refusal', 'refuseWith'];

/** A constant of this name holds such a sentence. */
const SENTENCE_CONSTANTS = ['reason', 'text'];

/** Called with a description and clause ids, and then with what the state does. */
const PROSE_FIRST_TWO = ['negotiating'];

const shouldIgnore = ({ node, parent, key, listKey }) => {
  if (parent?.type === 'ObjectProperty' && key === 'value' && PROSE_PROPERTIES.includes(parent.key.name))
    return isText(node);
  if (parent?.type === 'VariableDeclarator' && key === 'init' && SENTENCE_CONSTANTS.includes(parent.id.name))
    return isText(node);
  if (listKey !== 'arguments') return undefined;
  const called = parent.callee.name;
  if (parent.type === 'NewExpression' && /Error$/.test(called)) return PROSE;
  if (SENTENCE_SECOND.includes(called) && key === 1) return PROSE;
  if (PROSE_FIRST_TWO.includes(called) && key < 2) return PROSE;
  return undefined;
};

const PROSE = 'prose';

const isText = (node) =>
  ['StringLiteral', 'TemplateLiteral', 'ObjectExpression', 'BinaryExpression'].includes(node.type) ? PROSE : undefined;

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'prose', { shouldIgnore })];
