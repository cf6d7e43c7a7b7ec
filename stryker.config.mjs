/** `make mutation`: mutates the pure code, and lists the mutants that no unit test notices. */
const MUTATED = [
  'workflows/{state,verdict,failure,reasons,retry,forced-end,slots}.ts',
  'cluster/{outcome,failure,trouble,explain,edges,view,names,manifests,evidence,pods,quantity,instance,stamped-log}.ts',
  'activities/{orphans,job-history,failures}.ts',
  'bucket/{objects,faults,records}.ts',
  'transfer/{entry-rules,entry-path,report,settings,zip-format}.ts',
  'api/{tail,prefer,cursor,content-digest,present}.ts',
  'api/batch/limits.ts',
  'config/{images,limits}.ts',
];

/** The unit tests of these; others would only be imported. */
const UNIT_TESTS = [
  'test/unit/{workflows,cluster,activities,bucket,transfer}/*.test.ts',
  'test/unit/api/{tail,prefer,cursor,content-digest,checking-a-digest,present,zip,zip-directory}.test.ts',
  'test/unit/api/limiting-what-a-job-asks-for.test.ts',
  'test/unit/config/{allowed-images,limits}.test.ts',
];

export default {
  mutate: MUTATED,
  testRunner: 'unit',
  plugins: ['./test/mutation/runner.ts', './test/mutation/messages.ts'],
  ignorers: ['messages'],
  unitTests: UNIT_TESTS,
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A mutant that never ends is found by what it counts; a busy machine is not to be taken for one.
  timeoutMS: 20_000,
  reporters: ['progress-append-only', 'clear-text'],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: '.local/mutation.json' },
  thresholds: { high: 95, low: 85, break: 85 },
  tempDirName: '.local/mutation',
  ignorePatterns: ['.local', '.ci', 'deploy/local/servers', '!test/histories'],
  disableTypeChecks: false,
  allowConsoleColors: false,
};
