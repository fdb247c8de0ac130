import vue from 'eslint-plugin-vue'
import accessibility from 'eslint-plugin-vuejs-accessibility'
import typescript from 'typescript-eslint'

export default typescript.config(
  { ignores: ['dist/', 'node_modules/'] },
  ...typescript.configs.strict,
  ...vue.configs['flat/essential'],
  ...accessibility.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
  },
  {
    rules: {
      'max-lines': ['error', 400],
      complexity: ['error', 10],
      'no-console': 'error',
      'vue/no-bare-strings-in-template': ['error', { allowlist: ['#', '/', '·', '×', 'Ctrl K', 'Alt N', 'Ctrl ↵', 'Esc', '↑', '↓', '↵'] }],
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      'vuejs-accessibility/no-static-element-interactions': 'error',
    },
  },
)
