import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { readLink } from './state/hash';
import { session } from './state/session.svelte';
import { browserLang, words } from './words/words.svelte';

// Words, city and map library come side by side: none waits for another.
const link = readLink(location.hash);
const opened = session.open(link.plan);
if (!link.room) void import('./map/library').catch(() => undefined); // whoever shows the map says that it failed
try {
  await words.speak(link.lang ?? browserLang(navigator.languages));
} catch (err) {
  document.getElementById('unloaded')!.hidden = false;
  throw err;
}
mount(App, { target: document.getElementById('app')!, props: { opened } });
