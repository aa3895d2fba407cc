// Bundles our CSS and JavaScript into dist/. Nothing of others' code is committed; it comes from package-lock.json.
import { build } from "esbuild";
import { copyFileSync } from "node:fs";

const common = { bundle: true, minify: true, charset: "utf8", outdir: "dist", logLevel: "warning" };

await build({
  ...common,
  entryPoints: { app: "src/js/app.js", account: "src/js/account.js", checker: "src/js/checker.js", sw: "src/sw.js" },
  format: "esm",
  target: ["es2020"],
});
await build({ ...common, entryPoints: ["src/css/app.css"], target: ["chrome90", "firefox90", "safari14"] });
copyFileSync("src/icon.svg", "dist/icon.svg");
copyFileSync("node_modules/htmx.org/dist/htmx.min.js", "dist/htmx.js"); // office pages only
