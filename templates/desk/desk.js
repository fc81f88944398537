// Keeps a page of the desk up to date, and asks before it does what can't be undone. Without this script all of it works
// by links, forms and reloads.
'use strict';

(() => {
  const EVERY = 2000;
  const PATIENCE = 10000;

  const main = document.getElementById('main');
  const dialog = document.getElementById('question');
  const pulse = document.getElementById('pulse');
  pulse.textContent = '';
  if (!main.hasAttribute('data-refresh')) {
    localise(document);
    return;
  }

  // The page without what was said once, and without a log-in in its address, with which nothing can be fetched.
  const here = new URL(location.href);
  here.username = here.password = here.hash = '';
  if (here.searchParams.has('done')) {
    here.search = new URLSearchParams({ number: here.searchParams.get('number') });
    history.replaceState(null, '', here.search);
  }
  const version = styleOf(document);

  let heard = new Date();
  let lost = false;
  let busy = false;
  let pressed = false;

  localise(document);
  alive(true);
  setInterval(refresh, EVERY);
  document.addEventListener('visibilitychange', refresh);
  // What somebody is about to press stays where it is until they have.
  addEventListener('pointerdown', () => { pressed = true; });
  for (const end of ['pointerup', 'pointercancel']) {
    addEventListener(end, () => setTimeout(() => { pressed = false; }));
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-ask], a[data-cancel]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.hasAttribute('data-cancel')) dialog.close();
    else ask(new URL(link.getAttribute('href'), here));
  });
  document.addEventListener('submit', (event) => {
    if (event.target.method !== 'post') return;
    event.preventDefault();
    send(event.target);
  });

  async function refresh() {
    if (busy || pressed || document.hidden) return;
    busy = true;
    try {
      const page = await load(here);
      if (styleOf(page) !== version && !dialog.open) {
        location.reload();
        return;
      }
      if (!pressed) show(page);
      alive(true);
    } catch (why) {
      alive(false, why.status);
    } finally {
      busy = false;
    }
  }

  async function load(url) {
    const answer = await fetch(url, {
      headers: { Accept: 'text/html' },
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (answer.status >= 500 || !page.getElementById('main')) throw answer;
    return page;
  }

  async function ask(url) {
    try {
      const page = await load(url);
      const question = page.getElementById('ask');
      if (!question) {
        say(page.getElementById('main').innerText);
        return;
      }
      dialog.replaceChildren(document.importNode(question, true));
      dialog.showModal();
      dialog.querySelector('[autofocus]').focus();
    } catch (why) {
      alive(false, why.status);
    }
  }

  async function send(form) {
    const body = new URLSearchParams(new FormData(form));
    if (dialog.open) dialog.close();
    try {
      const answer = await fetch(new URL('?', here), {
        method: 'POST',
        headers: { Accept: 'application/json' },
        body,
        signal: AbortSignal.timeout(PATIENCE),
      });
      const { message, error } = await answer.json();
      say(message || error);
    } catch (why) {
      say('The server did not answer; whether it was done will show.');
    }
    refresh();
  }

  // Says something for a while, to those who listen as well.
  let silence;
  function say(text) {
    const said = document.getElementById('said');
    const line = document.createElement('p');
    line.textContent = text.trim();
    said.replaceChildren(line);
    clearTimeout(silence);
    silence = setTimeout(() => said.replaceChildren(), 8000);
  }

  function alive(is, status) {
    const box = document.getElementById('lost');
    if (is) {
      if (lost) say('The server answers again.');
      heard = new Date();
      lost = false;
      box.textContent = '';
      pulse.textContent = 'live';
    } else if (!lost) {
      lost = true;
      const what = status ? `The server has answered with an error (${status})` : 'The server has not answered';
      box.textContent = `${what} since ${heard.toLocaleTimeString()}. What is shown here is from then.`;
      pulse.textContent = 'not live';
    }
    document.documentElement.classList.toggle('lost', lost);
  }

  function styleOf(page) {
    return page.querySelector('link[rel=stylesheet]').getAttribute('href');
  }

  // Times in this browser's zone and manner, with the day where it is not today.
  function localise(page) {
    const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
    const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
    const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
    const today = new Date().toDateString();
    for (const time of page.querySelectorAll('time')) {
      const at = new Date(time.dateTime);
      time.textContent = (at.toDateString() === today ? clock : day).format(at);
      time.title = whole.format(at);
    }
  }

  // Makes of this page another one, in place: whatever stays keeps its focus, its selection and its place on the screen.
  function show(page) {
    localise(page);
    document.title = page.title;
    const held = document.activeElement;
    const row = (main.querySelector('tbody tr:hover') || held.closest('tr'));
    const top = row && row.getBoundingClientRect().top;
    const heir = main.contains(held) ? beside(held) : null;
    morph(main, page.getElementById('main'));
    if (row && row.isConnected) scrollBy(0, row.getBoundingClientRect().top - top);
    if (heir && !held.isConnected) (heir.isConnected ? heir : main).focus({ preventScroll: true });
  }

  // What has the focus next, should the row that has it go.
  function beside(held) {
    const row = held.closest('tr');
    const other = row && (row.nextElementSibling || row.previousElementSibling);
    return (other && other.querySelector('a, button')) || main;
  }

  function morph(from, to) {
    if (from.nodeType !== Node.ELEMENT_NODE) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    for (const { name } of [...from.attributes]) if (!to.hasAttribute(name)) from.removeAttribute(name);
    for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    const stays = new Set(Array.from(to.children, (child) => child.id));
    for (const child of [...from.children]) if (child.id && !stays.has(child.id)) remove(child);
    const known = new Map(Array.from(from.children, (child) => [child.id, child]));
    let next = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      while (next && next.classList && next.classList.contains('gone')) next = next.nextSibling;
      const match = wanted.id ? known.get(wanted.id) : next && like(next, wanted) ? next : null;
      if (match === next && next) next = next.nextSibling;
      else if (match) from.insertBefore(match, next);
      if (match) morph(match, wanted);
      else from.insertBefore(fresh(document.importNode(wanted, true)), next);
    }
    while (next) {
      const after = next.nextSibling;
      if (!next.classList || !next.classList.contains('gone')) next.remove();
      next = after;
    }
  }

  function like(one, other) {
    return one.nodeName === other.nodeName && !one.id;
  }

  function fresh(node) {
    if (node.nodeName === 'TR') node.classList.add('fresh');
    return node;
  }

  // A row that goes stays, struck out, while a pointer is among the rows: none moves under it.
  function remove(child) {
    if (child.nodeName === 'TR' && child.parentNode.matches(':hover')) {
      child.classList.add('gone');
      child.inert = true;
    } else {
      child.remove();
    }
  }
})();
