// A small virtual DOM: views are functions from a snapshot to nodes, and only what differs touches the page. Elements therefore stay
// the same between frames, so a button pressed while a frame arrives is still pressed, and focus and scroll positions keep.

const SVG = 'http://www.w3.org/2000/svg';
const meta = new WeakMap();

/** A node: h('p', {class: 'x', onclick: f, key: 1, style: {width: '3px'}}, child, [children], null). */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, children };
}

/** Makes the children of `parent` equal to `nodes`. */
export function render(parent, nodes) {
  const keyed = new Map();
  for (const child of parent.childNodes) {
    const key = meta.get(child)?.key;
    if (key !== undefined) keyed.set(key, child);
  }
  let cursor = parent.firstChild;
  for (const node of flat(nodes)) {
    if (typeof node === 'string') {
      if (cursor?.nodeType === Node.TEXT_NODE) {
        if (cursor.data !== node) cursor.data = node;
        cursor = cursor.nextSibling;
      } else parent.insertBefore(document.createTextNode(node), cursor);
      continue;
    }
    const key = node.props.key;
    let element = key !== undefined ? keyed.get(key) : meta.get(cursor)?.key === undefined ? cursor : null;
    if (element && meta.get(element)?.tag !== node.tag) element = null;
    if (!element) {
      element = parent.insertBefore(create(parent, node), cursor);
    } else if (element === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(element, cursor);
    update(element, node);
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

function flat(nodes) {
  return [nodes].flat(Infinity).filter((n) => n !== null && n !== undefined && n !== false && n !== '').map((n) => (n.tag ? n : String(n)));
}

function create(parent, node) {
  const isSVG = node.tag === 'svg' || (parent.namespaceURI === SVG && parent.tagName !== 'foreignObject');
  const element = isSVG ? document.createElementNS(SVG, node.tag) : document.createElement(node.tag);
  meta.set(element, { tag: node.tag, key: node.props.key, props: {} });
  return element;
}

function update(element, node) {
  const known = meta.get(element);
  const { props } = node;
  for (const name in { ...known.props, ...props }) {
    if (name === 'key' || name === 'draw' || props[name] === known.props[name]) continue;
    const value = props[name];
    if (name.startsWith('on')) element[name] = value ?? null;
    else if (name === 'style') for (const p in { ...known.props.style, ...value }) element.style.setProperty(p, value?.[p] ?? '');
    else if (name === 'value' || name === 'checked') { if (element[name] !== value) element[name] = value; }
    else if (value === undefined || value === null || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : value);
  }
  known.props = props;
  // What is drawn by a library is its own business.
  if (props.draw) props.draw(element);
  else render(element, node.children);
}
