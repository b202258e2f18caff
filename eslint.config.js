import eslint from "@eslint/js";
import tseslint from "typescript-eslint";
import { houseRules } from "./scripts/house.js";

/** Loaded with `await import()` inside the function that needs them, so that `camlab --help` stays quick. */
const heavy = [
  "sharp",
  "onnxruntime-node",
  "vega",
  "vega-lite",
  "arquero",
  "tslab",
  "zeromq",
  "temml",
  "markdown-it",
  "opentype.js",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-layers",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-backend-cpu",
];

export default tseslint.config(
  { ignores: ["dist/", ".dist-*/", "out/", "node_modules/", ".venv/", "src/kernel-helpers/graph/onnx/onnx_pb.ts"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "Use a named export." }],
      eqeqeq: "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
    },
  },
  {
    files: ["bin/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { require: "readonly", exports: "readonly", __dirname: "readonly" },
    },
  },
  {
    files: ["src/**/*.ts"],
    plugins: { camlab: { rules: houseRules } },
    rules: {
      ...Object.fromEntries(Object.keys(houseRules).map((rule) => [`camlab/${rule}`, "error"])),
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: heavy.map((name) => ({
            name,
            message: "Heavy: `await import()` it inside the function that needs it (import type is fine).",
            allowTypeImports: true,
          })),
        },
      ],
    },
  },
  {
    files: ["src/cli/**/*.ts"],
    ignores: ["src/cli/terminal.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Use a named export." },
        {
          selector:
            "CallExpression[callee.property.name=/^(write|end)$/][callee.object.property.name=/^(stdout|stderr)$/]",
          message: "Texts may hold control characters: `say` and `tell` of src/cli/terminal.ts make them harmless.",
        },
        {
          selector: "VariableDeclarator[init.name='process'] > ObjectPattern > Property[key.name=/^(stdout|stderr)$/]",
          message: "Texts may hold control characters: `say` and `tell` of src/cli/terminal.ts make them harmless.",
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // node:test's `test()` and `describe()` return promises that the runner itself awaits.
      "@typescript-eslint/no-floating-promises": "off",
    },
  },
  {
    files: ["**/*.js"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly", Buffer: "readonly" } },
  },
);
