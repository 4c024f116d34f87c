// What may stand at a place of the chart: keys by the JSON Schema that the loader's own keys make, accounts and
// centres by the text itself.

const ACCOUNT_LISTS = new Set(["members", "people", "dispatchers"]);
const PERSON = /^ {1,8}([A-Za-z0-9_.]{1,32}):\s*(?:\{\s*name:\s*["']?([^,"'}]*))?/;

let schema;
const loading = fetch("/orgchart/keys.json")
  .then((response) => (response.ok ? response.json() : null))
  .then((found) => (schema = found))
  .catch(() => null);

function resolved(node) {
  if (!node) return null;
  if (node.$ref) return resolved(schema.$defs[node.$ref.split("/").pop()]);
  return node.oneOf ? resolved(node.oneOf.find((one) => one.$ref || one.properties) || node.oneOf[0]) : node;
}

function at(path) {
  let node = resolved(schema);
  for (const key of path) {
    if (!node) return null;
    const known = node.properties && node.properties[key];
    node = resolved(known || (typeof node.additionalProperties === "object" ? node.additionalProperties : null));
  }
  return node;
}

function indentOf(text) {
  return text.length - text.trimStart().length;
}

function keyOf(text) {
  const found = text.match(/^\s*(?:- )?["']?([^\s:"'#][^:"']*)["']?:(?:\s|$)/);
  return found ? found[1].trim() : null;
}

// The keys above a line, by indentation.
function pathAbove(doc, number, indent) {
  const path = [];
  for (let no = number - 1; no > 0 && indent > 0; no--) {
    const text = doc.line(no).text;
    if (!text.trim() || text.trimStart().startsWith("#")) continue;
    const depth = indentOf(text);
    if (depth >= indent) continue;
    const key = keyOf(text);
    if (key) path.unshift(key);
    indent = depth;
  }
  return path;
}

// Where in a line with brackets the cursor stands: keys of the open ones, the key whose value is being written.
function within(before) {
  const path = [];
  let key = keyOf(before) ;
  let rest = key === null ? before.trimStart() : before.slice(before.indexOf(":") + 1);
  let wantsKey = key === null;
  let quote = "";
  let word = "";
  for (const char of rest) {
    if (quote) {
      if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "#" && !word.trim()) return null;
    else if (char === "{") {
      path.push(key);
      key = null;
      wantsKey = true;
      word = "";
    } else if (char === "}") {
      key = path.pop() || null;
      wantsKey = false;
    } else if (char === ":" && wantsKey && path.length) {
      key = word.trim();
      wantsKey = false;
      word = "";
    } else if (char === "," && path.length && !/\[[^\]]*$/.test(before)) {
      wantsKey = true;
      word = "";
    } else word += char;
  }
  return { path, key, wantsKey };
}

function accountsIn(doc) {
  const found = [];
  let inside = false;
  for (let no = 1; no <= doc.lines; no++) {
    const text = doc.line(no).text;
    if (/^\S/.test(text) && !text.startsWith("#")) inside = text.startsWith("people:");
    else if (inside) {
      const person = text.match(PERSON);
      if (person && indentOf(text) <= 2) found.push({ label: person[1], detail: (person[2] || "").trim(), type: "variable" });
    }
  }
  return found;
}

function centresIn(doc) {
  const found = [];
  let inside = false;
  for (let no = 1; no <= doc.lines; no++) {
    const text = doc.line(no).text;
    if (/^\S/.test(text) && !text.startsWith("#")) inside = text.startsWith("centers:");
    else if (inside && indentOf(text) === 2 && keyOf(text)) found.push({ label: keyOf(text), type: "class" });
  }
  return found;
}

function keysAt(path) {
  const node = at(path);
  return Object.entries((node && node.properties) || {}).map(([key, value]) => ({
    label: key,
    apply: `${key}: `,
    detail: (resolved(value).description || value.description || "").split(/[。.]/)[0],
    type: "property",
  }));
}

let known = { doc: null, accounts: [] };

function accounts(doc) {
  if (known.doc !== doc) known = { doc, accounts: accountsIn(doc) };
  return known.accounts;
}

function valuesOf(doc, path, key) {
  if (key === "leader" || ACCOUNT_LISTS.has(key)) return path.length || key !== "people" ? accounts(doc) : [];
  if (key === "default_center") return centresIn(doc);
  const node = at([...path, key]);
  const words = (node && node.enum) || (key === "active" ? ["true", "false"] : null);
  if (words) return words.map((label) => ({ label: String(label), type: "constant" }));
  if (key === "duty") {
    const today = new Date().toISOString().slice(0, 10);
    const rota = `{rotation: weekly, start: ${today}, handover: "08:30", people: []}`;
    return [{ label: "{rotation: weekly, …}", apply: rota, type: "text" }];
  }
  return [];
}

function placeOf(context) {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  if (before.trimStart().startsWith("#")) return null;
  const above = pathAbove(context.state.doc, line.number, indentOf(line.text) || indentOf(before));
  if (/^\s*- [^:]*$/.test(before)) return { path: above.slice(0, -1), key: above.at(-1), wantsKey: false };
  const inner = within(before);
  return inner && { path: [...above, ...inner.path], key: inner.key, wantsKey: inner.wantsKey };
}

export function completions() {
  return async (context) => {
    await loading;
    const word = context.matchBefore(/[A-Za-z0-9_.\u4e00-\u9fff]*/);
    if (!schema || (word.from === word.to && !context.explicit && !/[[{,]\s*$|:\s$|- $/.test(context.state.sliceDoc(Math.max(0, context.pos - 3), context.pos)))) return null;
    const place = placeOf(context);
    if (!place) return null;
    const options = place.wantsKey ? keysAt(place.path) : valuesOf(context.state.doc, place.path, place.key);
    return options.length ? { from: word.from, options, validFor: /^[A-Za-z0-9_.\u4e00-\u9fff]*$/ } : null;
  };
}
