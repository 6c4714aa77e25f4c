import next from 'eslint-config-next';
import nextTypescript from 'eslint-config-next/typescript';
import tseslint from 'typescript-eslint';

/** Which layer may import which: README.md, "The tree". Everything in ALL that a layer's list does not name is forbidden to it. */
const ALL = [
  'app',
  'pages',
  'components',
  'hooks',
  'page',
  'session',
  'client',
  'crypto',
  'i18n',
  'server',
  'domain',
  'lib',
];
const SERVER = ['api', 'services', 'storage', 'auth', 'realtime'];
const MAY_IMPORT = {
  lib: [],
  domain: ['lib'],
  crypto: ['domain', 'lib'],
  client: ['domain', 'lib'],
  session: ['client', 'crypto', 'domain', 'lib'],
  page: ['session', 'client', 'crypto', 'domain', 'lib'],
  hooks: ['page', 'session', 'domain', 'lib'],
  components: ['hooks', 'page', 'session', 'i18n', 'domain', 'lib'],
  i18n: ['domain', 'lib'],
  server: ['domain', 'lib'],
};
/** Globals that only a browser has. A member's room runs without one. */
const BROWSER_GLOBALS = ['window', 'document', 'navigator', 'location', 'history', 'localStorage', 'sessionStorage'];
const REACT = {
  regex: '^(react|react-dom|next|next-intl|@tanstack)(/|$)',
  message: 'A member’s room needs no React: see README.md, "The tree".',
};
const TYPES_ONLY = {
  regex: '^@/(page|session)/',
  allowTypeImports: true,
  message: 'Screens reach a room through hooks and know only the types of page and session (README.md, "The tree").',
};
const MAY_IMPORT_ON_THE_SERVER = {
  storage: [],
  auth: [],
  realtime: ['storage', 'auth'],
  services: ['storage', 'auth', 'realtime'],
  api: ['services', 'auth'],
};

const zones = [
  ...Object.entries(MAY_IMPORT).map(([layer, allowed]) => ({
    target: `./src/${layer}`,
    from: ALL.filter((other) => other !== layer && !allowed.includes(other)).map((other) => `./src/${other}`),
    message: `src/${layer} may import ${allowed.join(', ') || 'nothing of ours'} (README.md, "The tree").`,
  })),
  ...Object.entries(MAY_IMPORT_ON_THE_SERVER).map(([layer, allowed]) => ({
    target: `./src/server/${layer}`,
    from: SERVER.filter((other) => other !== layer && !allowed.includes(other)).map((other) => `./src/server/${other}`),
    message: `src/server/${layer} may import ${['env', ...allowed].join(', ')} of the server (README.md, "The tree").`,
  })),
  { target: './src', from: './tests', message: 'Nothing in src may import from the tests.' },
];

export default tseslint.config(
  { ignores: ['.next/**', 'next-env.d.ts', 'node_modules/**', 'test-results/**', 'playwright-report/**'] },
  ...next,
  ...nextTypescript,
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    settings: { 'import/resolver': { typescript: { project: './tsconfig.json' } } },
    rules: {
      'import/no-restricted-paths': ['error', { zones }],
      'import/no-cycle': ['error', { ignoreExternal: true }],
      'no-console': 'error',
      // The most that is tolerated; `npm run measure` lists the functions over 60 lines.
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', 80],
    },
  },
  {
    files: ['src/session/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...BROWSER_GLOBALS],
      'no-restricted-imports': ['error', { patterns: [REACT] }],
    },
  },
  {
    files: ['src/components/**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [TYPES_ONLY] }] },
  },
  {
    // Eden needs the API's type, and nothing else of it, to be typed end to end.
    files: ['src/client/api.ts'],
    rules: { 'import/no-restricted-paths': 'off' },
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!@/|\\./|\\.\\./|zod)', message: 'The rules may import no package but zod.' }] },
      ],
    },
  },
  {
    files: ['src/server/**/*.ts'],
    ignores: ['src/server/**/*.d.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "Program:not(:has(ImportDeclaration[source.value='server-only']))",
          message: "Every file of the server starts with import 'server-only'.",
        },
      ],
    },
  },
);
