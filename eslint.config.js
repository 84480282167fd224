// Typed rules for everything; the rule that matters most in a harness is no-floating-promises.
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'runs', 'coverage', 'node_modules', '**/*.cjs', '**/*.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './players/page/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      // A default would hide a kind that came later.
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
        { selector: 'Literal[value=/not implemented/i]', message: 'Finish it, or leave it out.' },
        {
          selector: 'ObjectExpression > SpreadElement > ObjectExpression',
          message: 'List the fields; spread merges one object into another.',
        },
      ],
      'no-warning-comments': ['error', { location: 'anywhere' }],
      'max-lines-per-function': ['error', 60],
      // An async function without await is how a synchronous thing fits an asynchronous seam.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['harness/**/*.ts', 'players/**/*.ts', 'reports/**/*.ts'],
    ignores: ['harness/kernel/**', 'players/page/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes from harness/kernel.' },
        { object: 'performance', property: 'now', message: 'Time comes from harness/kernel.' },
        { object: 'Math', property: 'random', message: 'Chance comes from harness/kernel.' },
      ],
    },
  },
);
