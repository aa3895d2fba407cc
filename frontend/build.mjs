// Bundles our CSS and JavaScript into dist/. Nothing of others' code is committed; it comes from package-lock.json.
import { build } from "esbuild";
import { copyFileSync } from "node:fs";

await build({
  entryPoints: { app: "src/js/app.js", account: "src/js/account.js", checker: "src/js/checker.js", sw: "src/sw.js", office: "src/js/office/office.js" },
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2020"],
  charset: "utf8",
  outdir: "dist",
  logLevel: "warning",
});
await build({ entryPoints: ["src/css/app.css", "src/css/office.css"], bundle: true, minify: true, outdir: "dist", target: ["chrome90", "firefox90", "safari14"], logLevel: "warning" });
copyFileSync("src/icon.svg", "dist/icon.svg");
