'use strict';

const words = {
  en: {
    skip: 'Skip to the results', tagline: 'Skilled people for what you need done',
    what: 'What do you need?', category: 'Category', all: 'All', sort: 'Sort by',
    relevance: 'Relevance', rating: 'Best rated', best_selling: 'Best selling', newest: 'Newest',
    price_asc: 'Price, low to high', price_desc: 'Price, high to low', find: 'Search',
    more: 'Show more', again: 'Try again', close: 'Close', packages: 'Packages',
    questions: 'Questions and answers', loading: 'Searching…', from: 'From', unrated: 'New',
    none: 'Nothing matches. Try fewer or other words.',
    broken: 'The search does not answer just now.', gone: 'This service is no longer offered.',
    meant: (words) => `searched for “${words}”`,
    found: (n) => (n === 1 ? '1 service' : `${n} services`),
    reviews: (n) => (n === 1 ? '1 review' : `${n} reviews`),
    stars: (n) => `${n} of 5 stars`,
    days: (n) => (n === 1 ? '1 day' : `${n} days`),
    revisions: (n) => (n === 1 ? '1 revision' : `${n} revisions`),
  },
  es: {
    skip: 'Ir a los resultados', tagline: 'Gente experta para lo que necesitas',
    what: '¿Qué necesitas?', category: 'Categoría', all: 'Todas', sort: 'Ordenar por',
    relevance: 'Relevancia', rating: 'Mejor valorados', best_selling: 'Más vendidos', newest: 'Más nuevos',
    price_asc: 'Precio, de menor a mayor', price_desc: 'Precio, de mayor a menor', find: 'Buscar',
    more: 'Mostrar más', again: 'Reintentar', close: 'Cerrar', packages: 'Paquetes',
    questions: 'Preguntas y respuestas', loading: 'Buscando…', from: 'Desde', unrated: 'Nuevo',
    none: 'No hay resultados. Prueba con otras palabras o con menos.',
    broken: 'La búsqueda no responde en este momento.', gone: 'Este servicio ya no se ofrece.',
    meant: (words) => `se buscó «${words}»`,
    found: (n) => (n === 1 ? '1 servicio' : `${n} servicios`),
    reviews: (n) => (n === 1 ? '1 reseña' : `${n} reseñas`),
    stars: (n) => `${n} de 5 estrellas`,
    days: (n) => (n === 1 ? '1 día' : `${n} días`),
    revisions: (n) => (n === 1 ? '1 revisión' : `${n} revisiones`),
  },
};

const language = (navigator.languages || [navigator.language])
  .map((tag) => tag.slice(0, 2)).find((tag) => tag in words) || 'en';
const t = words[language];
const $ = (id) => document.getElementById(id);
const form = $('search');
let cursor = null;
let latest = 0; // answers that come after a newer search was begun are dropped

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function translate() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = t[node.dataset.text];
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', t[node.dataset.label]);
}

const price = (money) => new Intl.NumberFormat(language, { style: 'currency', currency: money.currency })
  .format(money.amount / 100);

async function ask(path) {
  const answer = await fetch('/api/v1' + path, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw Object.assign(new Error(`status ${answer.status}`), { status: answer.status });
  return answer.json();
}

function rating(of) {
  if (!of || !of.count) return make('span', 'none', t.unrated);
  const average = of.average.toLocaleString(language, { maximumFractionDigits: 1 });
  const node = make('span', 'stars', `★ ${average} (${of.count})`);
  node.setAttribute('role', 'img');
  node.setAttribute('aria-label', `${t.stars(average)}, ${t.reviews(of.count)}`);
  return node;
}

function lowest(gig) {
  const prices = (gig.packages || []).map((one) => one.price).filter(Boolean);
  return prices.sort((a, b) => a.amount - b.amount)[0] || gig.price_from;
}

// A picture tells nothing that the title does not; one that cannot be had leaves the colours.
function picture(id) {
  const node = make('img');
  node.alt = '';
  node.loading = 'lazy';
  node.src = `/api/v1/files/${encodeURIComponent(id)}?size=small`;
  node.addEventListener('error', () => node.remove());
  return node;
}

function card(gig) {
  const item = make('li');
  const box = make('article', 'card');
  const seller = gig.seller ? gig.seller.username : '';
  const tone = [...gig.id].reduce((sum, c) => sum + c.charCodeAt(0), 0) % 4;
  const cover = make('div', `cover tone-${tone}`, gig.title.slice(0, 1).toUpperCase());
  cover.setAttribute('aria-hidden', 'true');
  if (gig.images && gig.images.length) cover.replaceChildren(picture(gig.images[0]));
  const body = make('div', 'body');
  const title = make('h2');
  const open = make('button', 'open', gig.title);
  open.type = 'button';
  open.addEventListener('click', () => show(gig.id));
  title.append(open);
  const foot = make('div', 'foot');
  const from = lowest(gig);
  foot.append(rating(gig.rating), make('span', 'price', from ? `${t.from} ${price(from)}` : ''));
  body.append(title, make('span', 'seller', seller), foot);
  box.append(cover, body);
  item.append(box);
  return item;
}

function notice(text, retry) {
  $('notice').hidden = !text;
  $('notice-text').textContent = text || '';
  $('again').hidden = !retry;
}

function asked() {
  const fields = new FormData(form);
  const query = new URLSearchParams();
  for (const name of ['q', 'category', 'sort']) {
    const value = String(fields.get(name) || '').trim();
    if (value) query.set(name, value);
  }
  return query;
}

async function search(next) {
  const mine = ++latest;
  const query = asked();
  if (!next) {
    history.replaceState(null, '', String(query) ? '?' + query : '/');
    $('cards').replaceChildren();
    $('summary').textContent = t.loading;
  }
  // Without words nothing is relevant: then what others bought comes first.
  if (!query.has('q') && query.get('sort') === 'relevance') query.set('sort', 'best_selling');
  query.set('limit', '24');
  if (next) query.set('cursor', next);
  notice('');
  $('more').disabled = true;
  try {
    const page = await ask('/gigs/search?' + query);
    if (mine !== latest) return;
    const before = $('cards').children.length;
    $('cards').append(...page.items.map(card));
    cursor = page.next_cursor;
    $('more').hidden = !cursor;
    const total = page.total === undefined ? $('cards').children.length : page.total;
    $('summary').textContent = page.correction ? `${t.found(total)} · ${t.meant(page.correction)}` : t.found(total);
    if (!$('cards').children.length) notice(t.none, false);
    if (next) $('cards').children[before]?.querySelector('.open').focus();
  } catch (problem) {
    if (mine !== latest) return;
    if (!next) $('summary').textContent = '';
    $('more').hidden = true;
    notice(t.broken, true);
  } finally {
    if (mine === latest) $('more').disabled = false;
  }
}

function pack(of) {
  const item = make('li');
  const head = make('p');
  head.append(make('strong', '', `${of.title || of.name} · ${price(of.price)}`));
  item.append(head, make('p', '', of.description || ''));
  item.append(make('p', 'none', `${t.days(of.delivery_days)} · ${t.revisions(of.revisions)}`));
  return item;
}

function fill(gig) {
  $('detail-title').textContent = gig.title;
  $('detail-seller').replaceChildren(make('strong', '', gig.seller.username), ' ', rating(gig.rating));
  $('detail-description').textContent = gig.description;
  $('detail-packages').replaceChildren(...gig.packages.map(pack));
  const questions = gig.faq || [];
  $('detail-questions').hidden = !questions.length;
  $('detail-faq').replaceChildren(...questions.flatMap((one) => [make('dt', '', one.question), make('dd', '', one.answer)]));
  $('detail-tags').textContent = (gig.tags || []).map((tag) => '#' + tag).join(' ');
}

async function show(id) {
  try {
    fill(await ask('/gigs/' + encodeURIComponent(id)));
    $('detail').showModal();
  } catch (problem) {
    notice(problem.status === 404 ? t.gone : t.broken, false);
    $('notice').scrollIntoView({ block: 'center' });
  }
}

async function fillCategories(chosen) {
  try {
    const { items } = await ask('/categories');
    const select = form.elements.category;
    for (const one of items) {
      const option = make('option', '', one.name[language] || one.name.en);
      option.value = one.id;
      option.selected = one.id === chosen;
      select.append(option);
    }
  } catch (problem) {
    console.warn('categories', problem); // the search works without them
  }
}

async function start() {
  translate();
  const given = new URLSearchParams(location.search);
  form.elements.q.value = given.get('q') || '';
  if (given.get('sort')) form.elements.sort.value = given.get('sort');
  if (form.elements.sort.selectedIndex < 0) form.elements.sort.value = 'relevance';
  form.addEventListener('submit', (event) => { event.preventDefault(); search(); });
  form.elements.category.addEventListener('change', () => search());
  form.elements.sort.addEventListener('change', () => search());
  $('more').addEventListener('click', () => search(cursor));
  $('again').addEventListener('click', () => search());
  $('close').addEventListener('click', () => $('detail').close());
  $('detail').addEventListener('click', (event) => { if (event.target === $('detail')) $('detail').close(); });
  await fillCategories(given.get('category'));
  search();
}

start();
