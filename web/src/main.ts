import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { readLink } from './state/hash';
import { browserLang, words } from './words/words.svelte';

await words.speak(readLink(location.hash).lang ?? browserLang(navigator.languages));
mount(App, { target: document.getElementById('app')! });
