// The API as the server describes it: reads /api/v1/openapi.json and shows it.

import { docNote, docText, docTitle, startDocText } from './docs-strings.js';
import { onLanguage, startI18n } from './i18n.js';
import { $, el, placeIcons, show } from './ui.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'options'];
let api = null;

const anchor = (tag) => `tag-${tag}`;

/** A value of the shape that `schema` describes, with references resolved; `depth` ends what contains itself. */
function example(schema, depth = 0) {
  if (!schema || depth > 6) return null;
  if (schema.$ref) return example(api.components.schemas[schema.$ref.split('/').pop()], depth + 1);
  if (schema.anyOf) return example(schema.anyOf[0], depth + 1);
  if (schema.enum) return schema.enum.join(' | ');
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {});
      const optional = (name) => (schema.required?.includes(name) ? name : `${name}?`);
      return Object.fromEntries(fields.map(([name, value]) => [optional(name), example(value, depth + 1)]));
    }
    case 'array': return [example(schema.items, depth + 1)];
    case 'integer': case 'number': return schema.minimum ?? 0;
    case 'boolean': return false;
    case 'string': return schema.format ?? 'string';
    default: return null;
  }
}

/** What stands between backquotes is code. */
const words = (text) => text.split('`').map((part, index) => (index % 2 ? el('code', { text: part }) : part));

/** A path goes on in the next line before a slash only. */
const steps = (path) => path.split(/(?=\/)/).flatMap((step) => [el('wbr'), el('span', { text: step })]);

const json = (schema) => el('pre', { text: JSON.stringify(example(schema), null, 2) });

function parameters(operation) {
  const rows = (operation.parameters ?? []).map((parameter) => el('tr', {},
    el('td', {}, el('code', { text: parameter.name })),
    el('td', { class: 'muted', text: parameter.in }),
    el('td', {}, ...words(parameter.description ?? (parameter.schema.enum ?? []).join(', ')))));
  return rows.length ? [el('h3', { text: docText('parameters') }), el('table', { class: 'parameters' }, ...rows)] : [];
}

function requestBody(operation) {
  const content = Object.entries(operation.requestBody?.content ?? {});
  return content.flatMap(([type, { schema }]) => [
    el('h3', { text: `${docText('body')} · ${type}` }), ...(schema.type === 'string' ? [] : [json(schema)]),
  ]);
}

function answers(operation) {
  const rows = Object.entries(operation.responses).sort().map(([status, answer]) => {
    const schema = answer.content?.['application/json']?.schema;
    const cell = el('td', {}, answer['x-codes']
      ? el('span', { text: answer['x-codes'].join(', ') })
      : schema ? json(schema) : el('span', { class: 'muted', text: answer.description }));
    return el('tr', {}, el('td', {}, el('code', { text: status })), cell);
  });
  return [el('h3', { text: docText('answers') }), el('table', {}, ...rows)];
}

function operationPanel(path, method, operation) {
  const search = `${method} ${path} ${operation.summary}`.toLowerCase();
  const panel = el('details', { data: { test: 'operation', search } },
    el('summary', {},
      el('span', { class: 'method', text: method.toUpperCase() }), el('code', { class: 'path' }, ...steps(path)),
      el('span', { class: 'muted grow' }, ...words(operation.summary))));
  // Most are never opened.
  panel.addEventListener('toggle', () => {
    if (panel.childElementCount > 1) return;
    panel.append(el('div', { class: 'body' },
      el('p', { class: 'muted', text: `${docText('access')}${operation['x-access']}` }),
      ...parameters(operation), ...requestBody(operation), ...answers(operation)));
  });
  return panel;
}

function operationsOf(tag) {
  return Object.entries(api.paths).sort().flatMap(([path, methods]) => METHODS
    .filter((method) => methods[method]?.tags.includes(tag))
    .map((method) => operationPanel(path, method, methods[method])));
}

function messagePanel(message) {
  const search = `${message.type} ${message.description}`.toLowerCase();
  return el('details', { data: { test: 'message', search } },
    el('summary', {},
      el('code', { text: message.type }), el('span', { class: 'muted grow' }, ...words(message.description))),
    el('div', { class: 'body' }, json(message.schema)));
}

function section(id, title, note, panels) {
  return el('section', { id }, el('h2', { text: title }), el('p', { class: 'muted' }, ...words(note)), ...panels);
}

/** What is open stays open in the other language. */
function draw() {
  const open = new Set([...document.querySelectorAll('#operations details[open]')].map(({ dataset }) => dataset.search));
  const tags = api.tags.filter(({ name }) => operationsOf(name).length > 0);
  const events = api['x-events'];
  $('#operations').replaceChildren(
    ...tags.map(({ name, description }) => section(
      anchor(name), docTitle(name), docNote(name, description), operationsOf(name))),
    section(
      'events-client', docText('events-client'), docNote('events-client', events.token),
      events.fromClient.map(messagePanel)),
    section('events-server', docText('events-server'), '', events.fromServer.map(messagePanel)));
  const links = [...tags.map(({ name }) => [anchor(name), docTitle(name)]),
    ['events-client', docText('events-client')], ['events-server', docText('events-server')]];
  $('#contents').replaceChildren(...links.map(([id, text]) => el('a', { text, attrs: { href: `#${id}` } })));
  for (const panel of document.querySelectorAll('#operations details')) panel.open = open.has(panel.dataset.search);
  filter();
}

function filter() {
  const wanted = $('#search').value.trim().toLowerCase();
  for (const panel of document.querySelectorAll('#operations details')) {
    show(panel, panel.dataset.search.includes(wanted));
  }
  for (const part of document.querySelectorAll('#operations section')) {
    const isFound = $('details:not([hidden])', part) !== null;
    show(part, isFound);
    show($(`#contents [href="#${part.id}"]`), isFound);
  }
  show($('#nothing'), $('#operations section:not([hidden])') === null);
}

async function start() {
  startI18n();
  placeIcons();
  startDocText();
  $('#search').addEventListener('input', filter);
  try {
    const response = await fetch('/api/v1/openapi.json');
    if (!response.ok) throw new Error(response.statusText);
    api = await response.json();
  } catch (error) {
    $('#failed').textContent = docText('failed', error.message);
    show($('#failed'), true);
    return;
  }
  draw();
  onLanguage(draw);
}

start();
