/** Who may import whom: the folders are the architecture, and arrows go one way. */
const ROOMS = [
  'workflows',
  'activities',
  'cluster',
  'bucket',
  'store',
  'api',
  'worker',
  'transfer',
  'client',
  'cli',
  'web',
];

/** For each room, the only rooms that it may import from, besides itself and what is open to all: see ARCHITECTURE.md. */
const MAY_IMPORT = {
  workflows: [],
  bucket: [],
  store: [],
  transfer: ['bucket'],
  cluster: ['transfer/report.ts', 'workflows/reasons.ts', 'workflows/environment.ts'],
  activities: [
    'cluster',
    'bucket',
    'store',
    'transfer/report.ts',
    'workflows/state.ts',
    'workflows/environment.ts',
    'workflows/unreadable.ts',
  ],
  api: [
    'bucket',
    'store',
    'cluster',
    'workflows/state.ts',
    'workflows/environment.ts',
    'transfer/entry-rules.ts',
    'transfer/open-zip.ts',
    'transfer/zip-directory.ts',
  ],
  worker: ['activities', 'cluster', 'bucket', 'store', 'workflows'],
  client: [],
  web: ['client', 'workflows/spans.ts'],
  cli: ['client', 'bucket/crc32c.ts', 'transfer/archive.ts', 'transfer/entry-path.ts', 'transfer/unpack.ts'],
};

/** Each of these packages is known to one room, or to those that are named. */
const HOMES = {
  mongodb: ['store'],
  '@google-cloud/storage': ['bucket'],
  '@kubernetes/client-node': ['cluster'],
  koa: ['api'],
  'prom-client': ['metrics.ts', 'worker', 'api'],
  yauzl: ['transfer', 'api'],
};

const roomRules = Object.entries(MAY_IMPORT).map(([room, others]) => ({
  name: `${room}-imports-only-what-it-may`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: {
    path: `^(${ROOMS.join('|')}|deploy|test)/`,
    pathNot: [
      `^${room}/`,
      '^workflows/(contract|failure-reasons|names|observation|parameters)\\.ts$',
      ...others.map((other) => `^${other}`),
    ],
    // The types of activities are what a workflow calls them by; nothing of them is there at run time.
    ...(room === 'workflows' && { dependencyTypesNot: ['type-only'] }),
  },
}));

const homeRules = Object.entries(HOMES).map(([name, rooms]) => ({
  name: `${name.replace(/\W+/g, '-')}-lives-in-${rooms.join('-and-')}`,
  severity: 'error',
  from: { path: '^[a-z]', pathNot: [`^(${rooms.join('|')})(/|$)`, '^node_modules/', '^test/', '^deploy/'] },
  to: { path: `node_modules/${name}/`, dependencyTypesNot: ['type-only'] },
}));

export default {
  forbidden: [
    ...roomRules,
    ...homeRules,
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-imports-the-outermost-rooms',
      severity: 'error',
      from: { pathNot: '^(api|worker|cli|web|deploy|test)/' },
      to: { path: '^(api|worker|cli|web|deploy|test)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
