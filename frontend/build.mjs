// Bundles our CSS and JavaScript into dist/. Nothing of others' code is committed; it comes from package-lock.json.
import { build } from "esbuild";
import { copyFileSync, readdirSync } from "node:fs";

const target = ["chrome90", "firefox90", "safari14"];
const pages = "../hocvuso/web";

// Each subject of pages keeps its styles beside them: hocvuso/web/<who>/<subject>/*.css
const subjects = (...whos) =>
  whos
    .flatMap((who) => readdirSync(`${pages}/${who}`, { recursive: true }).map((file) => `${pages}/${who}/${file}`))
    .filter((file) => file.endsWith(".css"))
    .sort();

const styles = {
  app: [
    ...["tokens", "base", "components", "forms"].map((name) => `./src/css/${name}.css`),
    ...subjects("learn", "public", "account", "studio"),
    "./src/css/print.css",
  ],
  office: [
    "./src/css/office/shared.css",
    ...subjects("office", "admin", "commune"),
    "./src/css/office/narrow.css",
    "./src/css/office/shell.css",
  ],
};

await build({
  entryPoints: { app: "src/js/app.js", home: "src/js/home/home.js", account: "src/js/account.js", checker: "src/js/checker.js", sw: "src/sw.js", remind: "src/js/remind.js", office: "src/js/office/office.js" },
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2020"],
  charset: "utf8",
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
    logLevel: "warning",
  });
}
copyFileSync("src/icon.svg", "dist/icon.svg");
for (const name of readdirSync("src/icons")) copyFileSync(`src/icons/${name}`, `dist/${name}`);
