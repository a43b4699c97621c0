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
await words.speak(link.lang ?? browserLang(navigator.languages));
mount(App, { target: document.getElementById('app')!, props: { opened } });
