import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { words } from "./words.ts";

/** Compressed twins beside the built files: the server sends them as they are and compresses nothing itself. */
function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved: (config) => {
      folder = `${config.root}/${config.build.outDir}/${config.build.assetsDir}`;
    },
    closeBundle: () => {
      for (const file of readdirSync(folder).filter((name) => /\.(js|css)$/.test(name))) {
        const content = readFileSync(`${folder}/${file}`);
        writeFileSync(`${folder}/${file}.gz`, gzipSync(content, { level: 9 }));
        writeFileSync(`${folder}/${file}.br`, brotliCompressSync(content));
      }
    },
  };
}

/**
 * A font that comes after the first painting stays out of that page: nothing shifts. It is preloaded, so that is rare, and the
 * fallback has its measures.
 */
function steadyFonts(): Plugin {
  return {
    name: "steady-fonts",
    apply: "build",
    generateBundle: (_, bundle) => {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
        file.source = `${file.source}`.replace(/font-display:\s*swap/g, "font-display:optional");
      }
    },
  };
}

/** Built files are served by Django under /static/build/; their hashed names stand in the manifest that django-vite reads. */
export default defineConfig({
  base: "/static/build/",
  plugins: [words({ catalogues: "src/words", compiled: "../src/tickfolio/web/locale" }), steadyFonts(), compressed()],
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
        app: "src/pages/app.ts",
        allocation: "src/pages/allocation.ts",
        attribution: "src/pages/attribution.ts",
        explanation: "src/pages/explanation.ts",
        gains: "src/pages/gains.ts",
        home: "src/pages/home.ts",
        imports: "src/pages/imports.ts",
        income: "src/pages/income.ts",
        jobs: "src/pages/jobs.ts",
        instrument: "src/pages/instrument.ts",
        own_instrument: "src/pages/own_instrument.ts",
        own_stocks: "src/pages/own_stocks.ts",
        offline: "src/pages/offline.ts",
        operator_feeds: "src/pages/operator_feeds.ts",
        performance: "src/pages/performance.ts",
        portfolio: "src/pages/portfolio.ts",
        stocks: "src/pages/stocks.ts",
        transactions: "src/pages/transactions.ts",
        transaction_form: "src/pages/transaction_form.ts",
        watchlist: "src/pages/watchlist.ts",
        worker: "src/offline/worker.ts",
        words_de: "src/words/de.ts",
      },
    },
  },
});
