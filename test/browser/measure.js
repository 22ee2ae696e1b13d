/** Measures the page as a user sees it. It runs in the page: what a test asks for is a function of `measure`. */
globalThis.measure = {
  /** How much broader than the window the page is, in pixels. */
  tooBroad: () => document.documentElement.scrollWidth - innerWidth,

  /** Parts of the page that are broader inside than outside, and so need scrolling sideways. The chart may. */
  scrolledSideways: () =>
    ['list', 'rows', 'title', 'about', 'facts', 'queue', 'log', 'last'].filter((id) => {
      const { scrollWidth, clientWidth } = document.getElementById(id);
      return scrollWidth > clientWidth;
    }),

  /** Parts of the page, texts and controls that lie on each other. */
  overlaps: () => {
    const parts = [...document.querySelectorAll('header, main > *, nav')].filter(isShown).map((element) => ({
      name: element.id || element.localName,
      element,
      rect: element.getBoundingClientRect(),
    }));
    return [...pairsThatOverlap(parts, 0.5, 0.5), ...pairsThatOverlap([...texts(), ...controls()], 1, 4)];
  },

  /** Names of the parts of the page that are in sight. */
  parts: () => [...document.querySelectorAll('main > *, nav')].filter(isShown).map(({ id }) => id),

  /** The height of the smallest label of the chart, in pixels on the screen. */
  smallestLabel: () => {
    const svg = document.querySelector('#chart svg');
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return Math.min(...[...svg.querySelectorAll('text')].map((label) => fontSize(label) * scale));
  },

  /** The height of the smallest text elsewhere. */
  smallestText: () => Math.min(...textNodes().map((node) => fontSize(node.parentElement))),

  /** Labels of the chart that are broader than their boxes. */
  labelsTooLong: () =>
    [...document.querySelectorAll('#chart .state')]
      .filter((state) => {
        const [box, label] = [...state.children].map((child) => child.getBoundingClientRect());
        return label.left < box.left || label.right > box.right;
      })
      .map(({ dataset }) => dataset.state),

  /** Active states that are not in the part of the chart that is in sight; where not all have room, only the first counts. */
  activeOutOfSight: () => {
    const box = document.getElementById('chart').getBoundingClientRect();
    const states = [...document.querySelectorAll('#chart .state.leaf.active')];
    const rects = states.map((state) => state.getBoundingClientRect());
    const height = Math.max(...rects.map(({ bottom }) => bottom)) - Math.min(...rects.map(({ top }) => top));
    const width = Math.max(...rects.map(({ right }) => right)) - Math.min(...rects.map(({ left }) => left));
    const haveRoom = height <= box.height && width <= box.width;
    return states
      .filter((_state, index) => (haveRoom || index === 0) && !isWithin(rects[index], box))
      .map(({ dataset }) => dataset.state);
  },

  /** Texts whose contrast with what is behind them is too low. */
  faintTexts: (least) =>
    [
      ...textNodes().map(({ parentElement }) => ({
        what: parentElement,
        contrast: contrastOf(getComputedStyle(parentElement).color, groundBehind(parentElement)),
      })),
      ...[...document.querySelectorAll('#chart .state')].map((state) => ({
        what: state,
        contrast: contrastOf(getComputedStyle(state.querySelector('text')).fill, groundOf(state)),
      })),
    ]
      .filter(({ contrast }) => contrast < least)
      .map(({ what, contrast }) => `${nameOf(what)} ${contrast.toFixed(2)}`),

  /** Lines that carry meaning, and whose contrast is too low. */
  faintLines: (least) => {
    const ground = groundBehind(document.getElementById('chart'));
    const lines = [...document.querySelectorAll('#chart .edge .line, #chart .state rect')].map((line) => ({
      what: line,
      contrast: contrastOf(getComputedStyle(line).stroke, ground),
    }));
    const controls = [...document.querySelectorAll('#filters > *')].map((control) => ({
      what: control,
      contrast: contrastOf(getComputedStyle(control).borderTopColor, groundBehind(control)),
    }));
    return [...lines, ...controls]
      .filter(({ contrast }) => contrast < least)
      .map(({ what, contrast }) => `${nameOf(what)} ${contrast.toFixed(2)}`);
  },

  /** What a finger has to hit, and is smaller than this many pixels. */
  smallTargets: (least) =>
    [...document.querySelectorAll('button, input, select, a, .row, #chart .state')]
      .filter(isShown)
      .map((target) => ({ target, rect: target.getBoundingClientRect() }))
      .filter(({ rect }) => rect.width < least - 0.5 || rect.height < least - 0.5)
      .map(({ target, rect }) => `${nameOf(target)} ${rect.width.toFixed(0)} x ${rect.height.toFixed(0)}`),
};

const nameOf = (element) =>
  `${element.localName}${element.id === '' ? '' : `#${element.id}`} ${element.dataset.state ?? element.textContent.slice(0, 30)}`;

const isShown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });

const fontSize = (element) => Number.parseFloat(getComputedStyle(element).fontSize);

/** The nodes of text that are in sight, without the chart. */
const textNodes = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    const isText = data.trim() !== '' && !(parentElement instanceof SVGElement) && parentElement.localName !== 'option';
    if (isText && isShown(parentElement)) nodes.push(walker.currentNode);
  }
  return nodes;
};

const texts = () => [
  ...textNodes().flatMap((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const element = node.parentElement;
    return [...range.getClientRects()].flatMap((rect) => clipped({ name: nameOf(element), element, rect }));
  }),
  ...[...document.querySelectorAll('#chart text')]
    .filter(isShown)
    .flatMap((element) => clipped({ name: nameOf(element), element, rect: element.getBoundingClientRect() })),
];

const controls = () =>
  [...document.querySelectorAll('button, input, select')]
    .filter(isShown)
    .flatMap((element) => clipped({ name: nameOf(element), element, rect: element.getBoundingClientRect() }));

/** What of it is in sight, where the elements around it hide the rest. */
const clipped = ({ name, element, rect }) => {
  let { left, top, right, bottom } = rect;
  for (let around = element; around !== null; around = around.parentElement) {
    if (getComputedStyle(around).overflowX === 'visible') continue;
    const box = around.getBoundingClientRect();
    left = Math.max(left, box.left);
    top = Math.max(top, box.top);
    right = Math.min(right, box.right);
    bottom = Math.min(bottom, box.bottom);
  }
  return right <= left || bottom <= top ? [] : [{ name, element, rect: { left, top, right, bottom } }];
};

const pairsThatOverlap = (things, across, down) =>
  things.flatMap((one, index) =>
    things
      .slice(index + 1)
      .filter(
        (other) =>
          !one.element.contains(other.element) &&
          !other.element.contains(one.element) &&
          one.rect.left + across < other.rect.right &&
          other.rect.left + across < one.rect.right &&
          one.rect.top + down < other.rect.bottom &&
          other.rect.top + down < one.rect.bottom,
      )
      .map((other) => `${one.name} and ${other.name}`),
  );

const isWithin = (inner, outer) =>
  inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;

/** Behind an element: the colours of the elements around it, the outermost first. */
const groundBehind = (element) => {
  const colours = [];
  for (let around = element; around !== null; around = around.parentElement)
    colours.unshift(getComputedStyle(around).backgroundColor);
  return colours.reduce((ground, colour) => over(rgba(colour), ground), [255, 255, 255, 1]);
};

/** Behind the label of a state: the boxes of the states around it, and its own. */
const groundOf = (state) =>
  [...document.querySelectorAll('#chart .state')]
    .filter(({ dataset }) => `${state.dataset.state}.`.startsWith(`${dataset.state}.`))
    .map((around) => getComputedStyle(around.querySelector('rect')).fill)
    .reduce(
      (ground, fill) => (fill === 'none' ? ground : over(rgba(fill), ground)),
      groundBehind(document.getElementById('chart')),
    );

const over = ([r, g, b, a], ground) => [...[r, g, b].map((channel, index) => channel * a + ground[index] * (1 - a)), 1];

const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });

/** Any colour that CSS knows, as numbers. */
const rgba = (colour) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
};

/** As WCAG 2.2 defines it. */
const contrastOf = (colour, ground) => {
  const [one, other] = [luminance(over(rgba(colour), ground)), luminance(ground)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
};

const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
