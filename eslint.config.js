import tseslint from 'typescript-eslint';

/** What the sandbox of a workflow has no place for: time, chance, files and clients come through Temporal alone. */
const OUTSIDE_THE_SANDBOX = ['node:*', '@temporalio/client', '@temporalio/worker', '@temporalio/activity'];

/** The modules of the workflows are evaluated once for all jobs: what one of them kept would be another's. */
const KEPT_BY_A_MODULE = [
  ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind=/let|var/]',
  ':matches(Program, ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/Map$/]',
].map((selector) => ({ selector, message: 'A module of the workflows is shared by all jobs, and keeps nothing.' }));

export default tseslint.config(
  { ignores: ['node_modules/', '.local/', 'dist/', 'test/histories/', 'client/schema.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 250, skipComments: true, skipBlankLines: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // An activity is built by a factory whose type is the type of what it returns.
    files: ['activities/**', 'workflows/steps.ts', 'workflows/batch-job.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    files: ['workflows/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: OUTSIDE_THE_SANDBOX }],
      'no-restricted-globals': ['error', 'process', 'fetch', 'setInterval'],
      'no-restricted-syntax': ['error', ...KEPT_BY_A_MODULE],
    },
  },
  {
    files: ['test/**', 'deploy/**'],
    rules: {
      'no-console': 'off',
      // node:test returns a promise that the runner itself waits for.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  {
    files: ['web/**'],
    rules: {
      // What a component gives is nothing that anybody waits for.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
