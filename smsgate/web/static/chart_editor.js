// The chart's editor: CodeMirror over the textarea, which stays what is sent. The server alone judges the text.
//
// It lives in a shadow root: there its styles go in as constructed sheets, which the page's policy allows.
import * as cm from "./vendor/codemirror/codemirror.js";
import { completions } from "./chart_completion.js";

const PAUSE = 350; // milliseconds without a key after which the text is checked
const AGAIN = 4000; // after a check that did not come through

const form = document.getElementById("chart-form");
const host = document.getElementById("chart-editor");
const area = document.getElementById("chart-text");
const verdict = document.getElementById("chart-verdict");
const list = document.getElementById("chart-faults");
// where there are logins, the page says by what a script shows that it is the page's own
const csrf = document.querySelector('meta[name="csrf"]')?.content;
const editorId = crypto.getRandomValues(new Uint32Array(2)).join("-");

const look = cm.EditorView.theme({
  "&": { height: "min(62vh, 46rem)", backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "0.95rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace', lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--ink-3)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in oklab, var(--accent) 6%, transparent)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "color-mix(in oklab, var(--accent) 25%, transparent) !important" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-strong)", fontFamily: "var(--font)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionDetail": { color: "inherit", opacity: "0.75", fontStyle: "normal" },
  ".cm-panels": { backgroundColor: "var(--sunk)", color: "var(--ink)" },
  ".cm-textfield": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-button": { background: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-diagnostic": { whiteSpace: "normal", maxWidth: "min(38rem, 86vw)", padding: "0.35rem 0.6rem" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--danger)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--minor)" },
  ".cm-lineFault": { backgroundColor: "var(--danger-soft)" },
});

const colours = cm.HighlightStyle.define([
  { tag: cm.tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
  { tag: [cm.tags.definition(cm.tags.propertyName), cm.tags.propertyName], color: "var(--accent)", fontWeight: "600" },
  { tag: [cm.tags.string, cm.tags.content], color: "var(--ink)" },
  { tag: [cm.tags.punctuation, cm.tags.separator, cm.tags.squareBracket, cm.tags.brace], color: "var(--ink-3)" },
]);

// A new line stands below the last one, two blanks deeper below a key without a value; comments count for nothing.
const indentation = cm.indentService.of((context, at) => {
  const doc = context.state.doc;
  for (let no = doc.lineAt(at).number - (at === doc.lineAt(at).from ? 1 : 0); no > 0; no--) {
    const line = doc.line(no);
    const text = (line.from < at && at < line.to ? line.text.slice(0, at - line.from) : line.text).replace(/(^|\s)#.*$/, "");
    if (!text.trim()) continue;
    return text.length - text.trimStart().length + (text.trimEnd().endsWith(":") ? 2 : 0);
  }
  return 0;
});

let view;
let timer;
let asking;
let dirty = false;

function said(key, values = {}) {
  let text = host.dataset[key];
  for (const [name, value] of Object.entries(values)) text = text.replace(name, value);
  return text;
}

function tell(kind, text) {
  verdict.className = `verdict is-${kind}`;
  verdict.textContent = text;
}

// The server counts lines and columns from 1, columns in code points.
function offset(doc, line, column) {
  const at = doc.line(Math.min(doc.lines, Math.max(1, line)));
  const before = [...at.text].slice(0, Math.max(0, column - 1)).join("");
  return Math.min(at.from + before.length, at.to);
}

function wordEnd(doc, from) {
  const line = doc.lineAt(from);
  const rest = line.text.slice(from - line.from);
  const word = rest.match(/^(?:"[^"]*"?|'[^']*'?|[^\s,:[\]{}#]+|.)/u);
  return from + (word ? word[0].length : 0);
}

function marks(doc, faults) {
  return faults.map((fault) => {
    const from = offset(doc, fault.line, fault.column);
    return { from, to: wordEnd(doc, from), severity: fault.severity, message: fault.message };
  });
}

function goTo(line, column) {
  const at = offset(view.state.doc, line, column);
  view.dispatch({ selection: { anchor: at }, effects: cm.EditorView.scrollIntoView(at, { y: "center" }) });
  view.focus();
}

function listed(fault, doc) {
  const item = document.createElement("li");
  item.className = `is-${fault.severity}`;
  const at = document.createElement("button");
  at.type = "button";
  at.className = "fault-at num";
  at.textContent = said("at", { "%l": fault.line, "%c": fault.column });
  at.addEventListener("click", () => goTo(fault.line, fault.column));
  const kind = document.createElement("span");
  kind.className = "tag";
  kind.textContent = said(fault.severity);
  const says = document.createElement("bdi");
  says.className = "fault-says";
  says.textContent = fault.message;
  item.append(at, kind, says);
  if (fault.line <= doc.lines && (fault.line > 1 || fault.column > 1)) {
    const shown = document.createElement("code");
    shown.className = "fault-line";
    shown.textContent = doc.line(fault.line).text.trim().slice(0, 120);
    item.append(shown);
  }
  return item;
}

function judged(doc, answer) {
  view.dispatch(cm.setDiagnostics(view.state, marks(doc, answer.faults)));
  list.replaceChildren(...answer.faults.map((fault) => listed(fault, doc)));
  if (answer.errors) {
    tell("bad", said(answer.errors === 1 ? "error1" : "errors", { "%n": answer.errors }));
  } else {
    tell("good", said("good") + (answer.warnings ? ` ${said(answer.warnings === 1 ? "warning1" : "warnings", { "%n": answer.warnings })}` : ""));
  }
}

async function check() {
  const doc = view.state.doc;
  if (asking) asking.abort();
  const mine = (asking = new AbortController());
  tell("waiting", said("checking"));
  try {
    const response = await fetch("/orgchart/check", {
      method: "POST",
      headers: { "Content-Type": "text/plain; charset=utf-8", "X-Editor": editorId, ...(csrf && { "X-CSRF-Token": csrf }) },
      body: doc.toString(),
      signal: mine.signal,
    });
    // a newer text is being judged already
    if (response.status === 409 || doc !== view.state.doc) return;
    if (!response.ok) throw new Error(String(response.status));
    judged(doc, await response.json());
  } catch (problem) {
    if (mine.signal.aborted) return;
    tell("waiting", said("unchecked"));
    later(AGAIN);
  }
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(check, pause);
}

function changed(update) {
  if (!update.docChanged) return;
  dirty = true;
  later(PAUSE);
}

function preview() {
  form.requestSubmit(document.getElementById("chart-preview"));
  return true;
}

function start() {
  const root = host.attachShadow({ mode: "open" });
  const state = cm.EditorState.create({
    doc: area.value,
    extensions: [
      cm.EditorState.phrases.of(JSON.parse(host.dataset.phrases)),
      cm.lineNumbers(),
      cm.foldGutter(),
      cm.lintGutter(),
      cm.history(),
      cm.drawSelection(),
      cm.highlightActiveLine(),
      indentation,
      cm.search({ top: true }),
      cm.yaml(),
      cm.syntaxHighlighting(colours),
      cm.autocompletion({ override: [completions()] }),
      cm.EditorView.contentAttributes.of({ "aria-label": said("label"), spellcheck: "false", tabindex: "0" }),
      cm.EditorView.updateListener.of(changed),
      cm.keymap.of([
        { key: "Mod-s", run: preview, preventDefault: true },
        ...cm.completionKeymap,
        ...cm.defaultKeymap,
        ...cm.searchKeymap,
        ...cm.historyKeymap,
        ...cm.foldKeymap,
        ...cm.lintKeymap,
      ]),
      look,
    ],
  });
  host.hidden = false;
  area.hidden = true;
  view = new cm.EditorView({ state, parent: root, root });
  form.addEventListener("submit", () => {
    area.value = view.state.doc.toString();
    dirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  if (host.dataset.line) goTo(Number(host.dataset.line), 1);
  check();
}

if (form && host && area) start();
