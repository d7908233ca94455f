// Writes src/app/seed/data/pictures.bin: covers for each subcategory and faces, as WebP. The same
// every time for the same versions of what draws them.

import { readFileSync, writeFileSync } from 'node:fs';
import { createAvatar } from '@dicebear/core';
import { lorelei, notionists, openPeeps } from '@dicebear/collection';
import sharp from 'sharp';

const here = new URL('.', import.meta.url).pathname;
const data = `${here}/../../src/app/seed/data`;
const { trades } = JSON.parse(readFileSync(`${data}/market.json`, 'utf8'));

const coversEach = 6;
const facesOfAll = 120;
const size = { width: 640, height: 400 };

// --- chance ----------------------------------------------------------------------------------------

function chanceOf(text) {
  let state = 2166136261;
  for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0), 16777619);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (least, most) => least + (most - least) * next(),
    pick: (from) => from[Math.floor(next() * from.length)],
  };
}

// --- covers ----------------------------------------------------------------------------------------

// A colour family for each category: the hue, and how far its shades go from it.
const families = {
  design: [345, 30], programming: [222, 26], writing: [38, 18], video: [265, 26], music: [292, 26],
  marketing: [14, 20], business: [200, 20], photography: [168, 22], data: [136, 24],
};

const pictograms = {
  'logo-design': ['pen-tool', 'hexagon', 'badge'], 'brand-identity': ['palette', 'swatch-book', 'stamp'],
  illustration: ['brush', 'pencil', 'flower'], packaging: ['package', 'gift', 'box'],
  'presentation-design': ['presentation', 'chart-pie', 'gallery-vertical'],
  'web-development': ['app-window', 'code', 'globe'], 'mobile-apps': ['smartphone', 'tablet-smartphone', 'hand'],
  'backend-apis': ['server', 'webhook', 'braces'], databases: ['database', 'table', 'hard-drive'],
  testing: ['bug', 'list-checks', 'flask-conical'], articles: ['newspaper', 'feather', 'file-text'],
  translation: ['languages', 'book-a', 'message-square-quote'], proofreading: ['spell-check', 'book-open', 'pilcrow'],
  copywriting: ['type', 'quote', 'notebook-pen'], 'technical-writing': ['book-marked', 'file-code', 'wrench'],
  'video-editing': ['clapperboard', 'film', 'scissors'], 'explainer-videos': ['lightbulb', 'monitor-play', 'tv'],
  'motion-graphics': ['sparkles', 'rotate-3d', 'loader-pinwheel'], subtitles: ['captions', 'message-square-text', 'text-cursor'],
  '3d-animation': ['box', 'cuboid', 'torus'], 'voice-over': ['mic', 'audio-lines', 'megaphone'],
  'mixing-mastering': ['sliders-vertical', 'sliders-horizontal', 'audio-waveform'], composition: ['music', 'piano', 'guitar'],
  'podcast-editing': ['podcast', 'headphones', 'radio'], jingles: ['bell', 'music-2', 'speaker'],
  seo: ['search', 'trending-up', 'map-pin'], 'social-media': ['heart', 'share-2', 'message-circle'],
  'email-marketing': ['mail', 'send', 'mail-open'], advertising: ['megaphone', 'target', 'mouse-pointer-click'],
  'market-research': ['chart-column', 'users', 'telescope'], 'virtual-assistant': ['calendar-check', 'clipboard-list', 'coffee'],
  'business-plans': ['briefcase', 'rocket', 'chart-line'], accounting: ['calculator', 'receipt', 'piggy-bank'],
  legal: ['scale', 'file-signature', 'gavel'], 'customer-support': ['headset', 'life-buoy', 'smile'],
  'product-photography': ['camera', 'shopping-bag', 'aperture'], 'photo-editing': ['wand-sparkles', 'crop', 'image'],
  portraits: ['user-round', 'scan-face', 'focus'], events: ['party-popper', 'ticket', 'camera'],
  'food-photography': ['utensils', 'cooking-pot', 'croissant'], 'data-analysis': ['chart-scatter', 'sigma', 'binary'],
  dashboards: ['layout-dashboard', 'gauge', 'chart-no-axes-combined'], 'machine-learning': ['brain-circuit', 'network', 'bot'],
  spreadsheets: ['sheet', 'table-2', 'workflow'], 'data-entry': ['keyboard', 'clipboard-pen', 'file-input'],
};

const shade = (hue, saturation, light) => `hsl(${Math.round((hue + 360) % 360)} ${Math.round(saturation)}% ${Math.round(light)}%)`;

function ground(c, colours) {
  const angle = c.pick([[0, 0, 1, 1], [1, 0, 0, 1], [0, 0, 0, 1], [0, 0, 1, 0]]);
  return `<defs><linearGradient id="g" x1="${angle[0]}" y1="${angle[1]}" x2="${angle[2]}" y2="${angle[3]}">
<stop offset="0" stop-color="${colours[0]}"/><stop offset="1" stop-color="${colours[1]}"/></linearGradient></defs>
<rect width="640" height="400" fill="url(#g)"/>`;
}

// The ways to fill a cover behind its pictogram.
const patterns = [
  function hills(c, colours) {
    let out = '';
    for (let i = 0; i < 4; i += 1) {
      const y = 150 + i * 62;
      const a = c.between(-70, 70);
      out += `<path d="M0 ${y} C 160 ${y - a - 60}, 320 ${y + a + 40}, 480 ${y - a} S 640 ${y + 30} 640 ${y} V400 H0 Z" fill="${colours[2 + (i % 3)]}" opacity="${0.35 + i * 0.12}"/>`;
    }
    return out;
  },
  function rings(c, colours) {
    const x = c.between(60, 580);
    const y = c.between(40, 360);
    let out = '';
    for (let i = 9; i > 0; i -= 1) {
      out += `<circle cx="${x}" cy="${y}" r="${i * 62}" fill="${colours[2 + (i % 3)]}" opacity="0.28"/>`;
    }
    return out;
  },
  function tiles(c, colours) {
    let out = '';
    const side = c.pick([80, 100]);
    for (let x = 0; x < 640; x += side) {
      for (let y = 0; y < 400; y += side) {
        if (c.next() < 0.35) continue;
        const colour = c.pick(colours.slice(2));
        out += c.next() < 0.5
          ? `<path d="M${x} ${y} h${side} a${side} ${side} 0 0 1 -${side} ${side} Z" fill="${colour}" opacity="0.5"/>`
          : `<path d="M${x + side} ${y + side} h-${side} a${side} ${side} 0 0 1 ${side} -${side} Z" fill="${colour}" opacity="0.5"/>`;
      }
    }
    return out;
  },
  function rays(c, colours) {
    const x = c.between(-80, 720);
    let out = '';
    for (let i = 0; i < 14; i += 1) {
      const a = (i / 14) * Math.PI * 2;
      const b = ((i + 0.5) / 14) * Math.PI * 2;
      out += `<path d="M${x} 420 L${x + 1000 * Math.cos(a)} ${420 + 1000 * Math.sin(a)} L${x + 1000 * Math.cos(b)} ${420 + 1000 * Math.sin(b)} Z" fill="${colours[2 + (i % 3)]}" opacity="0.42"/>`;
    }
    return out;
  },
  function drops(c, colours) {
    let out = '';
    for (let i = 0; i < 13; i += 1) {
      out += `<circle cx="${c.between(0, 640)}" cy="${c.between(0, 400)}" r="${c.between(18, 120)}" fill="${c.pick(colours.slice(2))}" opacity="0.4"/>`;
    }
    return out;
  },
  function stripes(c, colours) {
    let out = '';
    const lean = c.between(-260, 260);
    for (let i = -6; i < 16; i += 2) {
      const w = c.between(24, 62);
      out += `<path d="M${i * 56} 0 h${w} l${lean} 400 h-${w} Z" fill="${c.pick(colours.slice(2))}" opacity="0.45"/>`;
    }
    return out;
  },
];

function pictogram(name, c, colours) {
  const icon = readFileSync(`${here}/node_modules/lucide-static/icons/${name}.svg`, 'utf8');
  const inner = icon.replace(/^[\s\S]*?<svg[^>]*>/, '').replace('</svg>', '');
  const light = c.next() < 0.6;
  const scale = 5.6;
  const plate = c.pick([
    '<circle cx="320" cy="200" r="118"', '<rect x="206" y="86" width="228" height="228" rx="56"',
    '<rect x="218" y="98" width="204" height="204" rx="40" transform="rotate(45 320 200)"',
  ]);
  return `${plate} fill="${light ? '#fff' : colours[5]}" opacity="${light ? 0.92 : 0.85}"/>
<g transform="translate(${320 - 12 * scale} ${200 - 12 * scale}) scale(${scale})" fill="none" stroke="${light ? colours[5] : '#fff'}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">${inner}</g>`;
}

function cover({ category, subcategory }, number) {
  const c = chanceOf(`${subcategory}/${number}`);
  const [hue, spread] = families[category];
  const h = hue + c.between(-spread, spread);
  const dark = number % 3 === 2;
  const base = dark ? 24 : c.between(52, 66);
  const colours = [
    shade(h, c.between(48, 70), base), shade(h + c.between(14, 38), c.between(48, 72), base + (dark ? 12 : 14)),
    shade(h - 16, 66, dark ? 40 : 76), shade(h + 26, 72, dark ? 48 : 84), shade(h + 8, 56, dark ? 32 : 46),
    shade(h, 60, 24),
  ];
  const names = pictograms[subcategory];
  const pattern = patterns[Math.floor(c.next() * patterns.length + number) % patterns.length];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400" viewBox="0 0 640 400">
${ground(c, colours)}${pattern(c, colours)}${pictogram(names[number % names.length], c, colours)}</svg>`;
}

// --- faces -----------------------------------------------------------------------------------------

const papers = ['ffd5dc', 'd1d4f9', 'c0e8d5', 'ffe2b8', 'cfe8fc', 'f6d6ff', 'e5e0d8', 'd9f2c7'];

// People who could work for you: no monsters, no tears.
const manners = [
  [notionists, { gestureProbability: 12, beardProbability: 8 }],
  [lorelei, {
    mouth: Array.from({ length: 18 }, (_, i) => `happy${String(i + 1).padStart(2, '0')}`), beardProbability: 0, earringsProbability: 20,
    glassesProbability: 25,
  }],
  [openPeeps, {
    face: ['calm', 'cheeky', 'cute', 'driven', 'explaining', 'eyesClosed', 'lovingGrin1', 'lovingGrin2', 'serious', 'smile', 'smileBig', 'solemn'],
    accessories: ['glasses', 'glasses2', 'glasses3', 'glasses4', 'glasses5'], accessoriesProbability: 25,
    facialHair: ['chin', 'full', 'goatee1', 'goatee2', 'moustache1'], facialHairProbability: 8, maskProbability: 0,
  }],
];

function face(number) {
  const [style, options] = manners[number % manners.length];
  const paper = papers[Math.floor(number / 3) % papers.length];
  return createAvatar(style, { seed: `face-${number}`, size: 192, backgroundColor: [paper], ...options }).toString();
}

// --- the file --------------------------------------------------------------------------------------

async function main() {
  const entries = [];
  for (const trade of trades) {
    for (let i = 0; i < coversEach; i += 1) {
      const picture = await sharp(Buffer.from(cover(trade, i))).resize(size).webp({ quality: 52, effort: 6 }).toBuffer();
      entries.push([trade.subcategory, picture]);
    }
  }
  for (let i = 0; i < facesOfAll; i += 1) {
    const picture = await sharp(Buffer.from(face(i)), { density: 96 }).resize(192, 192).flatten().webp({ quality: 55, effort: 6 }).toBuffer();
    entries.push(['face', picture]);
  }
  const head = `${entries.map(([name, bytes]) => `${name} ${bytes.length}`).join('\n')}\n\n`;
  const all = Buffer.concat([Buffer.from(head), ...entries.map(([, bytes]) => bytes)]);
  writeFileSync(`${data}/pictures.bin`, all);
  console.log(`${entries.length} pictures, ${all.length} bytes`);
  if (process.argv[2]) {
    await sheet(entries.filter(([name]) => name !== 'face').map(([, bytes]) => bytes), 18, 160, 100, `${process.argv[2]}/covers.png`);
    await sheet(entries.filter(([name]) => name === 'face').map(([, bytes]) => bytes), 15, 96, 96, `${process.argv[2]}/faces.png`);
  }
}

// All on one page, to be looked at: `node pictures.mjs FOLDER`.
async function sheet(pictures, columns, width, height, file) {
  const rows = Math.ceil(pictures.length / columns);
  const composite = await Promise.all(pictures.map(async (one, i) => ({
    input: await sharp(one).resize(width, height).toBuffer(), left: (i % columns) * width, top: Math.floor(i / columns) * height,
  })));
  await sharp({ create: { width: columns * width, height: rows * height, channels: 3, background: '#fff' } }).composite(composite).png().toFile(file);
}

await main();
