// Bundles our CSS and JavaScript into dist/. Nothing of others' code is committed; it comes from package-lock.json.
import { build } from "esbuild";
import { copyFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";

const target = ["chrome90", "firefox90", "safari14"];
const pages = "../hocvuso/web";

// What few pages need is a sheet of its own, which they name themselves.
const own = {
  certificate: [`${pages}/public/verification/certificate.css`],
  listen: [`${pages}/learn/lessons/listen.css`],
  slides: [`${pages}/learn/lessons/slides.css`],
  studio: ["drafts", "editor", "editor_around"].map((name) => `${pages}/studio/drafts/${name}.css`),
};

// Each subject of pages keeps its styles beside them: hocvuso/web/<who>/<subject>/*.css
const subjects = (...whos) =>
  whos
    .flatMap((who) => readdirSync(`${pages}/${who}`, { recursive: true }).map((file) => `${pages}/${who}/${file}`))
    .filter((file) => file.endsWith(".css") && !Object.values(own).flat().includes(file))
    .sort();

const styles = {
  app: [
    ...["tokens", "base", "components", "cast", "forms"].map((name) => `./src/css/${name}.css`),
    ...subjects("learn", "public", "account", "studio"),
    "./src/css/print.css",
  ],
  ...own,
  office: [
    "./src/css/office/shared.css",
    ...subjects("office", "admin", "commune"),
    "./src/css/office/narrow.css",
    "./src/css/office/shell.css",
  ],
};

// What most pages do not need, loaded by `import()` (src/js/later.js): entries of their own, so not bundled into app.js.
const later = ["chat", "ending", "inbox", "leaving", "making", "people", "saved", "saving", "simulation", "whose"];

await build({
  entryPoints: {
    app: "src/js/app.js",
    home: "src/js/home/home.js",
    account: "src/js/account.js",
    checker: "src/js/checker.js",
    certificate: "src/js/certificate.js",
    extras: "src/js/extras.js",
    listen: "src/js/listen.js",
    slides: "src/js/slides.js",
    trial: "src/js/trial.js",
    together: "src/js/together/together.js",
    remind: "src/js/remind.js",
    sw: "src/sw.js",
    office: "src/js/office/office.js",
    studio: "src/js/studio/studio.js",
    ...Object.fromEntries(later.map((name) => [`later/${name}`, `src/js/later/${name}.js`])),
  },
  external: later.map((name) => `./later/${name}.js`),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2020"],
  charset: "utf8",
  loader: { ".svg": "text" },
  outdir: "dist",
  logLevel: "warning",
});
// Lessons inside other systems: one script that needs nothing of the site, with records of its own.
const ofTheSystem = {
  name: "of-the-system",
  setup(at) {
    at.onResolve({ filter: /\/(records|later)\.js$/ }, ({ path, importer }) =>
      importer.includes("/scorm/") ? null : { path: resolve("src/js/scorm", path.split("/").pop()) },
    );
  },
};
await build({
  entryPoints: { scorm: "src/js/scorm/scorm.js" },
  plugins: [ofTheSystem],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020"],
  charset: "utf8",
  loader: { ".svg": "text" },
  outdir: "dist",
  logLevel: "warning",
});
for (const [name, files] of Object.entries(styles)) {
  const contents = files.map((file) => `@import "${file}";`).join("\n");
  await build({
    stdin: { contents, loader: "css", resolveDir: "." },
    bundle: true,
    minify: true,
    outfile: `dist/${name}.css`,
    target,
    loader: { ".svg": "dataurl" },
    logLevel: "warning",
  });
}
copyFileSync("src/icon.svg", "dist/icon.svg");
for (const name of readdirSync("src/icons")) copyFileSync(`src/icons/${name}`, `dist/${name}`);
