// A classic script with a fixed name: pages opened from a disk may not load modules.
import { defineConfig } from "vite";

export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    modulePreload: false,
    lib: { entry: "src/main.tsx", formats: ["iife"], name: "page", fileName: () => "page.js", cssFileName: "page" },
  },
  define: { "process.env.NODE_ENV": '"production"' },
});
