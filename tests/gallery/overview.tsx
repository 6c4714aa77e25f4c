import { useEffect, useState, type CSSProperties } from 'react';
import { SCREENS } from './screens';
import './overview.css';

interface Column {
  heading: string;
  width: number;
  height?: number;
  /** The rest of a state's address. */
  query: string;
}

const HEIGHT = 740;
/** Wide enough to show the people beside the talk. */
const DESKTOP = 1_280;
const PHONE = 375;
/** A phone that lies on its side. */
const LOW = { width: 740, height: 360 };

const COLUMNS: readonly Column[] = [
  { heading: 'Light', width: DESKTOP, query: 'theme=light' },
  { heading: 'Dark', width: DESKTOP, query: 'theme=dark' },
  { heading: 'Phone', width: PHONE, query: 'theme=light' },
  { heading: 'Phone, dark', width: PHONE, query: 'theme=dark' },
  { heading: 'Low', ...LOW, query: 'theme=light' },
  { heading: 'Long words', width: PHONE, query: 'theme=light&words=long' },
  { heading: 'Mirrored', width: PHONE, query: 'theme=light&words=mirrored' },
];

const SCALES = [0.3, 0.4, 0.5, 0.75, 1];

/** All states side by side, one row each. */
export function Overview() {
  const [scale, setScale] = useState(0.4);
  useEffect(reloadWhenBuilt, []);
  return (
    <main className="overview" style={{ '--scale': scale } satisfies Record<string, number> as CSSProperties}>
      <header>
        <h1>Gallery</h1>
        <label>
          Scale{' '}
          <select value={scale} onChange={(event) => setScale(Number(event.target.value))}>
            {SCALES.map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
        <nav>
          {Object.entries(SCREENS).map(([screen, states]) => (
            <a key={screen} href={`#${screen}`}>
              {screen} {Object.keys(states).length}
            </a>
          ))}
        </nav>
      </header>
      {Object.entries(SCREENS).map(([screen, states]) => (
        <section key={screen} id={screen}>
          <h2>{screen}</h2>
          {Object.keys(states).map((state) => (
            <State key={state} name={`${screen}/${state}`} />
          ))}
        </section>
      ))}
    </main>
  );
}

function State({ name }: { name: string }) {
  return (
    <article>
      <h3>{name}</h3>
      <div className="row">
        {COLUMNS.map((column) => (
          <Live key={column.heading} name={name} column={column} />
        ))}
        <ForcedColours name={name} />
      </div>
    </article>
  );
}

function Live({ name, column: { heading, width, height = HEIGHT, query } }: { name: string; column: Column }) {
  const address = `/state.html?name=${encodeURIComponent(name)}&${query}`;
  return (
    <figure style={{ '--width': width, '--height': height } satisfies Record<string, number> as CSSProperties}>
      <a href={address} target="_blank">
        {/* Inert, because screens take the focus when they open, and many of them would fight for it. */}
        <iframe title={`${name}, ${heading}`} src={address} loading="lazy" inert />
      </a>
      <figcaption>{heading}</figcaption>
    </figure>
  );
}

/** A page cannot force colours upon a frame, so the server takes a picture in a browser that does. */
function ForcedColours({ name }: { name: string }) {
  const [isMissing, setMissing] = useState(false);
  const address = `/forced-colours.png?name=${encodeURIComponent(name)}`;
  return (
    <figure style={{ '--width': DESKTOP, '--height': HEIGHT } satisfies Record<string, number> as CSSProperties}>
      {isMissing ? (
        <p>No picture: the server found no Chromium (see its output).</p>
      ) : (
        <a href={address} target="_blank">
          {/* eslint-disable-next-line @next/next/no-img-element -- Next is not here to optimise it. */}
          <img src={address} alt={`${name}, forced colours`} loading="lazy" onError={() => setMissing(true)} />
        </a>
      )}
      <figcaption>Forced colours</figcaption>
    </figure>
  );
}

/** The server reports when a change of the sources has been built. */
function reloadWhenBuilt() {
  const builds = new EventSource('/builds');
  builds.onmessage = () => location.reload();
  return () => builds.close();
}
