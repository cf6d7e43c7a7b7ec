/** The page. */
import '@picocss/pico/css/pico.min.css';
import './style.css';
import { render } from 'preact';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (root === null) throw new Error('the document has no place for the page');
root.replaceChildren();
render(<App />, root);
