import { createRoot } from 'react-dom/client';
import '@/app/globals.css';
import './font.css';
import { Overview } from './overview';
import { showStates } from './show';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root.');
if (location.pathname === '/state.html') showStates(createRoot(root));
else createRoot(root).render(<Overview />);
