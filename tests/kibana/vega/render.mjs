// Draws every Vega panel of a file of Kibana's objects as Kibana does (the same Vega, without a browser), from
// answers that are made up, and from none: render.mjs OBJECTS PACKAGES [ANSWERS]. ANSWERS is a folder of what a
// server has answered, `<dashboard>-<panel>.json` each: then those are drawn.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve as absolute } from 'node:path';
import { pathToFileURL } from 'node:url';

import { reply } from './answers.mjs';

const [, , file, packages, answers] = process.argv;
const resolve = createRequire(absolute(packages, 'package.json')).resolve;
const load = (name) => import(pathToFileURL(resolve(name)));
const vega = await load('vega');
const { compile } = await load('vega-lite');
const { expressionInterpreter } = await load('vega-interpreter');
const SIZE = { width: 600, height: 240 };

function panelsOf(path) {
  const found = [];
  for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
    const object = JSON.parse(line);
    if (object.type !== 'dashboard') continue;
    for (const panel of JSON.parse(object.attributes.panelsJSON)) {
      const shown = panel.embeddableConfig.savedVis;
      if (shown?.type === 'vega') {
        found.push({ name: `${object.id}-${panel.panelIndex}`, title: panel.title, spec: JSON.parse(shown.params.spec) });
      }
    }
  }
  return found;
}

function collecting(into) {
  const logger = vega.logger(vega.Warn);
  logger.warn = (...words) => { into.push(words.join(' ')); return logger; };
  logger.error = logger.warn;
  return logger;
}

function countMarks(item, into = {}) {
  if (item.marktype && item.marktype !== 'group' && item.role === 'mark') {
    into[item.marktype] = (into[item.marktype] ?? 0) + item.items.length;
  }
  for (const inner of item.items ?? []) countMarks(inner, into);
  return into;
}

// Kibana puts the answer in the place of the request, sizes the drawing, and interprets expressions, since its
// pages forbid code that is made of text.
async function draw(spec, answered) {
  const complaints = [];
  const logger = collecting(complaints);
  const { url, ...data } = spec.data;
  const { kibana, ...config } = spec.config;
  const given = { ...spec, ...SIZE, config, autosize: { type: 'fit', contains: 'padding' }, data: { ...data, values: answered } };
  const compiled = compile(given, { logger }).spec;
  const view = new vega.View(vega.parse(compiled, null, { ast: true }), { expr: expressionInterpreter, logger, renderer: 'none' });
  const svg = await view.toSVG();
  const marks = countMarks(view.scenegraph().root);
  view.finalize();
  return { svg, marks, complaints };
}

function faultOf({ svg: whole, marks, complaints }, empty) {
  const svg = empty ? whole.replace(/ aria-label="[^"]*"/g, '') : whole;  // an axis without times tells none
  const heard = complaints.filter((c) => !(empty && c.startsWith('Infinite extent')));
  if (heard.length) return `Vega complains: ${[...new Set(heard)].join('; ')}`;
  if (/NaN|undefined|Infinity/.test(svg)) return `a number is none: ${svg.match(/.{60}(NaN|undefined|Infinity).{60}/)?.[0]}`;
  const drawn = Object.entries(marks).filter(([kind, n]) => kind !== 'rule' && n > 0);
  return empty || drawn.length ? null : `nothing is drawn: ${JSON.stringify(marks)}`;
}

let faults = 0;
let drawings = 0;
for (const { name, title, spec } of panelsOf(file)) {
  const known = answers && join(answers, `${name}.json`);
  if (known && !existsSync(known)) continue;
  const tries = known ? [[JSON.parse(readFileSync(known, 'utf8')), false]]
    : [[reply(spec.data.url.body), false], [reply(spec.data.url.body, true), true]];
  for (const [answered, empty] of tries) {
    let fault;
    try {
      fault = faultOf(await draw(spec, answered), empty);
    } catch (e) {
      fault = e.stack;
    }
    drawings += 1;
    if (fault) {
      faults += 1;
      console.log(`FAILED: ${name} "${title}"${empty ? ' (nothing found)' : ''}: ${fault}`);
    }
  }
}
console.log(`${drawings} drawings`);
process.exit(faults || !drawings ? 1 : 0);
