import { defineConfig } from "vite";

/** Built files are served by Django under /static/build/; their hashed names stand in the manifest that django-vite reads. */
export default defineConfig({
  base: "/static/build/",
  publicDir: false,
  build: {
    outDir: "../src/tickfolio/web/static/build",
    emptyOutDir: true,
    manifest: ".vite/manifest.json",
    // A font or picture as a data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    // Every browser with light-dark() has modulepreload.
    modulePreload: { polyfill: false },
    target: "es2024",
    rollupOptions: {
      input: {
        styles: "src/styles/index.css",
        shell: "src/pages/shell.ts",
        stocks: "src/pages/stocks.ts",
      },
    },
  },
});
